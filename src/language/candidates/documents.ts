import { edge, matches, type Piece } from "./piece.ts";

const { before, after } = edge;
const year = "(?:\\s(?:for\\s|de\\s|\\d{4}/)?(?:1[89]|20)\\d\\d)?";
const patterns: [RegExp, number][] = [
  // "Framework Supply Agreement", "Annual Report 2023"
  [new RegExp(`${before}(?:(?!The|This|That|Our|Your|Any|Under|In|All|Each|No|For)\\p{Lu}[\\p{L}-]{1,24}(?:\\s(?:of|and|for)\\s|\\s)){1,4}(?:Agreement|Contract|Report|Memorandum|Memo|Policy|Manual|Guidelines?|Charter|Whitepaper|White\\sPaper|Handbook|Minutes|Invoice|Statement|Price\\sList|Datasheet|Data\\sSheet|Specification)${year}${after}`, "gu"), .75],
  [new RegExp(`${before}(?:(?:(?:data\\sprocessing|framework|supply|service|services|purchase|employment|licen[cs]e|maintenance|non-disclosure|confidentiality|rental|lease|loan|shareholder|partnership|distribution|cooperation|sales)\\s){1,2}(?:agreement|contract)|(?:annual|quarterly|interim|audit|sustainability|inspection|test|progress|financial)\\sreport|(?:price|parts)\\slist|meeting\\sminutes)${year}${after}`, "giu"), .7],
  [new RegExp(`${before}\\p{Lu}\\p{Ll}{2,24}(?:vertrag(?:es|s)?|vereinbarung|bericht(?:es|s)?|protokoll(?:s)?|rechnung|preisliste|handbuch|gutachten|zeugnis|bescheid|satzung)${year}${after}`, "gu"), .7],
  [new RegExp(`${before}(?:[Cc]ontrat\\s(?:de\\s|d['’]|cadre)\\p{Ll}{0,20}|[Rr]apport\\s(?:annuel|d['’]audit|financier)|[Aa]ccord(?:-cadre|\\sde\\s\\p{Ll}{3,20})|[Cc]ontrato\\s(?:marco|de\\s\\p{Ll}{3,20})|[Ii]nforme\\s(?:anual|de\\s\\p{Ll}{3,20})|[Ll]ista\\sde\\sprecios|[Aa]cuerdo\\s(?:marco|de\\s\\p{Ll}{3,20}))${year}${after}`, "gu"), .65],
];

/** Contracts, reports, memos and the like, by the word that says what they are. */
export const findDocuments = (text: string): Piece[] => patterns.flatMap(([pattern, confidence]) => matches(text, pattern, "DOCUMENT", confidence));
