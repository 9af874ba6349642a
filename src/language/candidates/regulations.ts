import { edge, matches, type Piece } from "./piece.ts";

const { before, after } = edge;
const norm = "(?:DIN|EN|ISO|IEC|VDE|VDI|ASTM|ANSI|IEEE|BS|NF|UNE|API|ASME|UL)";
const laws = "(?:GDPR|DSGVO|DS-GVO|RGPD|BDSG|BGB|HGB|AktG|GmbHG|StGB|StPO|ZPO|GG|SGB|UWG|UStG|EStG|KWG|LkSG|EEG|CCPA|HIPAA|SOX|LOPDGDD|MiFID\\sII|REACH|RoHS|NIS2|CSRD|DORA)";
const patterns = [
  // "DIN EN ISO 9001:2015", "ISO/IEC 27001"
  `${norm}(?:[ /]${norm}){0,2}(?:[ -](?:TR|TS))?[ -]?\\d{2,6}(?:-\\d{1,3}){0,2}(?::\\d{4})?`,
  `(?:Article|Articles|Art\\.|Artikel|artículo|article|Section|Sec\\.|§§?)\\s?\\d{1,4}[a-z]?(?:\\s?\\(\\d{1,2}\\))?(?:\\s(?:Abs\\.|Absatz|Satz|S\\.|Nr\\.|lit\\.|para\\.|paragraph)\\s?[\\da-z]{1,3}){0,3}(?:,)?\\s(?:of\\sthe\\s|der\\s|des\\s|du\\s|de\\sla\\s|del\\s)?${laws}`,
  "(?:Regulation|Directive|Verordnung|Richtlinie|Règlement|Directive|Reglamento|Directiva)\\s(?:\\((?:EU|EC|EG|UE|CE)\\)\\s)?(?:No\\.?\\s|Nr\\.\\s|n[°º]\\s)?\\d{2,4}/\\d{1,4}(?:/(?:EU|EC|EG|EWG|CE|UE))?",
  laws,
  "\\p{Lu}\\p{Ll}{2,20}(?:\\s\\p{Lu}\\p{Ll}{1,20}|\\s(?:and|of|for|in|on)\\s\\p{Lu}\\p{Ll}{1,20}){0,5}\\s(?:Act|Code|Directive|Regulation|Treaty|Convention|Ordinance)(?:\\s(?:of\\s)?(?:1[89]|20)\\d\\d)?",
  "(?:AI|Data|Clean\\sAir)\\sAct",
  "\\p{Lu}\\p{Ll}{3,30}(?:gesetz(?:es|buch|buches)?|verordnung|richtlinie)(?:\\s(?:1[89]|20)\\d\\d)?",
  "(?:Ley|Loi)\\s(?:Orgánica\\s)?(?:n[°º]\\s?)?\\d{1,4}[/-]\\d{1,4}",
].map((source) => new RegExp(`${before}(?:${source})${after}|§§?\\s?\\d{1,4}[a-z]?(?:\\s(?:Abs\\.|Satz|Nr\\.)\\s?\\d{1,3}){0,3}\\s${laws}${after}`, "gu"));

/** Laws, articles of laws, directives, and norms by their numbers. */
export const findRegulations = (text: string): Piece[] => patterns.flatMap((pattern) => matches(text, pattern, "REGULATION", .85)).filter((each) => !/^(?:The|This|That|Our|Any|Each|An?)\s/u.test(text.slice(each.start, each.end)) || dropArticle(text, each));

function dropArticle(text: string, piece: Piece): boolean {
  const article = /^\p{Lu}\p{Ll}{0,4}\s/u.exec(text.slice(piece.start, piece.end))?.[0].length ?? 0;
  piece.start += article;
  return /\s/u.test(text.slice(piece.start, piece.end));
}
