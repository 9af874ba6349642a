import { isCapital, isMark, type Token } from "../tokens.ts";
import type { Found } from "./found.ts";

/** Laws, law journals and parts of books, as German lawyers cite them. */
const source = /^(?:BGB|StGB|StPO|ZPO|GG|VwGO|VwVfG|SGB|AO|EStG|UStG|FGO|HGB|InsO|UWG|PatG|MarkenG|UrhG|ArbGG|BetrVG|KSchG|AktG|GmbHG|BVerfGG|GVG|StVG|NJW|NZA|NVwZ|DVBl|DÖV|JZ|JuS|MDR|VersR|GRUR|BeckRS|StV|NStZ|ZIP|WM|BB|FamRZ|Rn|Rdnr|Rz|Aufl|Kommentar|Hrsg|Festschrift|Handbuch|MüKo|MünchKomm|BeckOK|LR|KK)$/u;

/** "Palandt/Ellenberger, BGB", "Löwe-Rosenberg / Esser, StPO", "Schmidt, NJW 2014, 12": who wrote a book or article that is cited. */
export function isCitation(tokens: readonly Token[], { from, to, score }: Found): boolean {
  if (score >= .95 || !isMark(tokens[to], "/,") || tokens.slice(from, to).filter((each) => each.kind === "word").length > 2) return false;
  for (let at = to; at < to + 12 && at < tokens.length; at++) {
    const token = tokens[at]!;
    if (source.test(token.text)) return true;
    if (!(isMark(token, "/,:-.") || token.text === "in" || (isCapital(token) && token.shape === "Aa" && !isMark(tokens[at - 1], ".")))) return false;
  }
  return false;
}
