import { Bit } from "../lists.ts";
import { has, isCapital, isMark, type Token } from "../tokens.ts";
import type { Found } from "./found.ts";

/** Laws, law journals and parts of books, as German lawyers cite them. */
const source = /^(?:BGB|StGB|StPO|ZPO|GG|VwGO|VwVfG|SGB|AO|EStG|UStG|FGO|HGB|InsO|UWG|PatG|MarkenG|UrhG|ArbGG|BetrVG|KSchG|AktG|GmbHG|BVerfGG|GVG|StVG|NJW|NZA|NVwZ|DVBl|DÖV|JZ|JuS|MDR|VersR|GRUR|BeckRS|StV|NStZ|ZIP|WM|BB|FamRZ|Rn|Rdnr|Rdn|Rz|Aufl|Kommentar|Hrsg|Festschrift|Handbuch|MüKo|MünchKomm|BeckOK|LR|KK|aaO|aao|HABM|EUIPO|juris|BGHZ|BVerfGE|BAGE|BSGE|BVerwGE)$/u;
/** Right before an author or a decision that is cited. */
const pointers = /^(?:vgl|siehe|so|auch|abw|ebenso|zustimmend|ablehnend|bejahend|verneinend|krit|kritisch|s|zB|statt)$/iu;
const reach = 12;

/**
 * "Palandt/Ellenberger, BGB", "vgl. Köhler in Berger / Steck", "Schmidt, NJW 2014, 12", "Rn. 39 – Otto CAP": who wrote what is
 * cited, or after whom a decision is called.
 */
export function isCitation(tokens: readonly Token[], { from, to, score }: Found): boolean {
  if (score >= .95 || tokens.slice(from, to).filter((each) => each.kind === "word").length > 2) return false;
  return isFollowedBySource(tokens, to) || isOneOfAuthors(tokens, from, to) || isPointedAt(tokens, from, to) || isDecision(tokens, from);
}

function isFollowedBySource(tokens: readonly Token[], to: number): boolean {
  if (!isMark(tokens[to], "/,")) return false;
  // ", JöR 58": the short name of a journal and its volume or year.
  if (isJournal(tokens[to + 1]) && (tokens[to + 2]?.kind === "number" || tokens[to + 3]?.kind === "number")) return true;
  for (let at = to; at < to + reach && at < tokens.length; at++) {
    const token = tokens[at]!;
    if (source.test(token.text)) return true;
    if (!(isMark(token, "/,:-.") || token.text === "in" || (isCapital(token) && token.shape === "Aa" && !isMark(tokens[at - 1], ".")))) return false;
  }
  return false;
}

const isJournal = (token: Token | undefined): boolean => token !== undefined && /^(?:\p{Lu}{2,6}|\p{Lu}\p{Ll}{1,5}\p{Lu})$/u.test(token.text);

/** "Breier / Dassau / Kiefer": names between slashes where law is cited. */
function isOneOfAuthors(tokens: readonly Token[], from: number, to: number): boolean {
  const behind = isMark(tokens[to], "/") && isCapital(tokens[to + 1]);
  const ahead = isMark(tokens[from - 1], "/") && (isCapital(tokens[from - 2]) || isMark(tokens[from - 2], "."));
  return (behind || ahead) && citesLaw(tokens, from, to);
}

/** "( vgl. Thieme , Deutsches Hochschulrecht", "; W.-R. Schenke, in: Kopp". */
function isPointedAt(tokens: readonly Token[], from: number, to: number): boolean {
  const behind = tokens[to]?.text ?? "";
  if (!(behind === "," || behind === "in" || behind === "/" || behind === "-")) return false;
  const ahead = isMark(tokens[from - 1], ".:") ? tokens[from - 2] : tokens[from - 1];
  if (ahead && pointers.test(ahead.text) && !has(tokens[from - 1], Bit.title)) return true;
  return isMark(tokens[from - 1], ";") && tokens.slice(to, to + 8).some((each, at, all) => each.text === "in" && isMark(all[at + 1], ":"));
}

/** "GRUR 2014 , 378 , Rdnr. 39 – Otto CAP". */
const isDecision = (tokens: readonly Token[], from: number): boolean =>
  isMark(tokens[from - 1], "-–/") && (tokens[from - 2]?.kind === "number" || isMark(tokens[from - 2], ".") || isMark(tokens[from - 1], "/")) && tokens.slice(Math.max(0, from - reach), from).some((each) => source.test(each.text));

function citesLaw(tokens: readonly Token[], from: number, to: number): boolean {
  for (let at = Math.max(0, from - reach); at < to + reach && at < tokens.length; at++) {
    const token = tokens[at]!;
    if (source.test(token.text) || token.text === "§" || (pointers.test(token.text) && token.text.length > 2 && isMark(tokens[at + 1], "."))) return true;
    // "a. a. O."
    if (token.text === "O" && isMark(tokens[at - 1], ".") && /^a$/iu.test(tokens[at - 2]?.text ?? "")) return true;
  }
  return false;
}
