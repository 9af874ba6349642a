import { Bit, type Lists } from "../lists.ts";
import { fold } from "../fold.ts";
import { edge, matches, type Piece } from "./piece.ts";

const { before, after } = edge;
const model = "\\p{Lu}[\\p{L}]{0,7}-?\\d{1,5}(?:[A-Za-z]{1,2})?(?:-\\d{1,4}|-[A-Z]{1,3})?";
const head = "(?:platform|pump|turbine|software|app|gateway|engine|sensor|controller|module|analy[sz]er|compressor|inverter|battery|robot|scanner|printer|drone|series|suite|device|console|phone|aircraft|rifle|locomotive|Plattform|Pumpe|Turbine|Steuerung|Anlage|Baureihe|Serie)";
const modelName = new RegExp(`(?<![\\p{L}\\p{N}_.@#/-])${model}(?![\\p{L}\\p{N}_@]|[-./]\\p{N})`, "gu");
const camelName = new RegExp(`${before}\\p{Lu}\\p{Ll}{1,15}\\p{Lu}\\p{Ll}{1,15}(?:\\s(?:\\p{Lu}{1,3}-?)?\\d{1,4}[A-Za-z]?(?![\\p{L}\\p{N}.,]))?${after}`, "gu");
const numberedName = new RegExp(`${before}\\p{Lu}[\\p{L}-]{2,20}(?:\\s\\p{Lu}[\\p{L}-]{2,20})?\\s\\d{1,4}(?:\\.\\d)?[A-Za-z]?${after}(?![.,:/%]\\d|\\s?(?:%|€|\\$|EUR|USD|kg|km|kW|MW|mm|employees|people|million|Mio|Mitarbeiter))`, "gu");
const headedName = new RegExp(`(?:[Tt]he|[Oo]ur|[Ii]ts|[Dd]ie|[Dd]er|[Dd]as|[Uu]sing|[Ww]ith)\\s(?<name>\\p{Lu}[\\p{L}\\p{N}-]{1,20}(?:\\s\\p{Lu}[\\p{L}\\p{N}-]{1,20}){0,2}\\s${head})${after}`, "gdu");
const notModel = /^(?:Q[1-4]|H[12]|FY\d+|A[0-6]|CO2|H2O?|O2|N2|COVID-19|SARS.*|ISO.*|EN\d+|DIN.*|IEC.*|B2[BC]|MP[34]|[IPCDEFKLMNSTUVWXYZ]\d|UTF-?\d+|HTTP\d?|IPv[46]|SHA-?\d+|G(?:7|8|20)|UTC.?\d+|CEST?\d+|HRB\d*|PO\d+|RFC.?\d+|DE\d{3,}|(?:INV|REF|CTR|PO|HR|RE|RG|KD|NO|NR|DOC|EMP|ID|SLA|CV)-?\d.*)$/iu;
const reference = /(?:No|Nr|number|Nummer|ID|[Rr]ef(?:erence)?|[Oo]rder|[Ii]nvoice|[Rr]echnung|[Vv]ertrag|[Aa]uftrag|n[°º]|[Cc]ontract|[Tt]able|[Ff]igure|[Tt]abelle|[Rr]oom|[Hh]alle|HRB|[Ff]ile|[Cc]ase|[Zz]eichen|[Ii]nterstate|[Rr]oute|[Hh]ighway|[Rr]oad)\.?:?\s?$/u;

/** Names with model numbers, camel-case names, and "the X platform". */
export function findProducts(text: string, lists: Lists, shortOf: (word: string) => boolean): Piece[] {
  const models = matches(text, modelName, "PRODUCT", .75).filter((each) => !notModel.test(text.slice(each.start, each.end)) && !/(?:1[89]|20)\d\d/u.test(text.slice(each.start, each.end)) && !reference.test(text.slice(Math.max(0, each.start - 12), each.start)) && !/^\s?\d{4}\s?\d{4}/u.test(text.slice(each.end, each.end + 10)));
  const numbered = matches(text, numberedName, "PRODUCT", .6).flatMap((each) => trimmed(text, each, lists));
  const camel = matches(text, camelName, "PRODUCT", .6).filter((each) => !/^(?:Mc|Mac|De|La|Le|Van|Di|Du|Fitz|O)\p{Lu}/u.test(text.slice(each.start, each.end)));
  const headed = matches(text, headedName, "PRODUCT", .7).filter((each) => !shortOf(text.slice(each.start, each.end).replace(/\s\S+$/u, "")) && rare(text.slice(each.start, each.end).split(/\s/u)[0]!, lists));
  return [...models.map((each) => widened(text, each, lists, shortOf)), ...numbered, ...camel, ...headed];
}

/** "Brückner BP-220": the brand in front belongs to the name when it is no common word. */
function widened(text: string, piece: Piece, lists: Lists, shortOf: (word: string) => boolean): Piece {
  const brand = /(?:^|[\s("„])(\p{Lu}\p{Ll}{2,20})\s$/u.exec(text.slice(Math.max(0, piece.start - 24), piece.start))?.[1];
  if (!brand || !rare(brand, lists) || !shortOf(brand)) return piece;
  return { ...piece, start: piece.start - brand.length - 1 };
}

const rare = (word: string, lists: Lists): boolean => !(lists(fold(word)) & (Bit.calendar | Bit.street | Bit.label | Bit.role | Bit.title | Bit.address | Bit.common));
const numberedThing = /^(?:Article|Artikel|Art|Section|Chapter|Page|Seite|Figure|Table|Tabelle|Abbildung|Version|Phase|Step|Level|Day|Week|Year|Room|Floor|Building|Annex|Appendix|Anlage|Anhang|Class|Klasse|Part|Teil|Item|Line|Box|Route|Interstate|Highway|Group|Team|Block|Unit|Lot|Season|Series|Episode|Volume|Band|Issue|No|Nr|Top|Windows|Halle|Gate|Terminal|Raum|Postfach|Paragraph|Clause|Ziffer|Punkt|Kapitel|Abschnitt|Absatz|Quartal|Summit|Conference|Report|Formula|Euro|Area|Zone|Apollo|Super|World|Championship|Cup|Strategy|Agenda|Vision|Plan|Horizon|Award|Awards|Bericht|Liste|List|Minutes|Expo|Messe|Fair|Budget)$/iu;

function trimmed(text: string, piece: Piece, lists: Lists): Piece[] {
  const words = text.slice(piece.start, piece.end).split(/\s+/u);
  const last = words.at(-2)!;
  const first = words[0]!;
  if (numberedThing.test(last) || !rare(last, lists) || /^(?:1[5-9]|20)\d\d$/u.test(words.at(-1)!)) return [];
  if (/(?:stra(?:ß|ss)e|str|weg|platz|allee|gasse|ring|damm|ufer)$/u.test(last) || reference.test(text.slice(Math.max(0, piece.start - 12), piece.start))) return [];
  if (/^\d$/u.test(words.at(-1)!) && words.length === 2 && lists(fold(last)) & (Bit.place | Bit.first)) return [];
  return words.length === 3 && !rare(first, lists) ? [{ ...piece, start: piece.start + first.length + 1 }] : [piece];
}
