import { parsePhoneNumberFromString, type CountryCode, type NumberType, type PhoneNumber } from "libphonenumber-js/max";
import { freeMail } from "./email.ts";
import { digitsOf, hasContext, wordList, type Detector, type Found, type TextView } from "./detector.ts";
import { phoneLabel } from "./number-labels.ts";
import { guarded, matchesIn, matchesWithin, valueAt } from "./pattern.ts";

const candidate = guarded(/(?<![\p{L}\p{N}.€$£/-]|\d,)(?:\+ ?|00 ?|\( ?\+? ?)?\d(?:[ .\-/–]{0,2}\(?\d\)?){5,16}(?:[ ,]{0,2}(?:x|ext\.?|extension|poste|durchwahl|DW|-) ?\d{1,6})?(?![\p{L}\p{N}]|[.,]\d)/giu);
const words = wordList(
  "phone, telephone, tel, tél, téléphone, telefon, telefono, teléfono, telefonnummer, rufnummer, mobile, mobil, mobiltelefon, handy, handynummer, cell, cellphone, móvil, movil, portable, gsm, fax, télécopie, telefax, call, call me, calling, called, anruf, anrufen, ruf, rufen, erreichbar, llamar, llame, appeler, appelez, contact, contacter, contactar, hotline, whatsapp, sms, text me, reach, number is, numéro, durchwahl, office, ring, dial, answering, home, work, bip, dect, secrétariat, secr, standard, poste, joindre, mob, landline, tfno, telf, tlf, tlfno, tph, fon, festnetz, telefonnr, mobilnr, telefones, teléfonos, ligne directe",
);
const privateWords = wordList("private, home, privat, privatnummer, festnetz privat, zuhause, domicile, personnel, particular, casa, personal, mother, father, wife, husband, emergency contact, notfallkontakt");
const businessWords = wordList(
  "office, switchboard, ext, extension, durchwahl, zentrale, standard, secrétariat, secretariat, reception, sales, support, service, hotline, customer service, press, investor relations, vertrieb, kundendienst, fax, télécopie, company, corporation, university, hospital, hôpital, universität, klinik, ministry, bank, imprint, impressum, contact us, kontakt, headquarters, amt, behörde, ministerium, landratsamt, finanzamt, institut, agency, authority, department, council, mairie, ministère, ayuntamiento, ministerio",
);
/** In a list of doctors or relatives the number behind a name is theirs. */
const people = wordList("dr, docteur, pr, professeur, mme, monsieur, madame, mlle, interne, cadre, père, mère, conjoint, épouse, époux, fils, fille, infirmière, médecin, assistant");
/** Not a telephone: what these words announce. */
const otherWords = wordList("isbn, issn, doi, iso, din, order, invoice, rechnung*, bestell*, auftrag*, artikel*, facture, commande, factura, pedido, az, aktenzeichen, art.-nr, sku, serial, version, hrb, amtsgericht, ean, gtin, cas, pmid, us patent, patent");
const legalForm = /(?<![\p{L}\p{N}])(?:GmbH|AG|KG|OHG|e\. ?V\.|Ltd|Limited|PLC|plc|Inc|LLC|Corp|SAS?|SARL|S\.A\.|S\.L\.|SE)(?![\p{L}\p{N}])/u;
const countries: Record<string, CountryCode[]> = { en: ["US", "GB", "IE"], de: ["DE", "AT", "CH"], fr: ["FR", "BE", "CH"], es: ["ES", "MX", "AR"] };
const all: CountryCode[] = ["US", "GB", "DE", "FR", "ES", "AT", "CH", "BE", "IE"];
const business = new Set(["TOLL_FREE", "SHARED_COST", "UAN", "PREMIUM_RATE"]);
/** How a number looks that is written as one: groups by country. */
const shapes = /^(?:\+|00)|^\(\d{2,5}\)|^\d{3}[-.]\d{3}[-.]\d{4}|^0\d(?:[ .-]\d\d){4}$|^[679]\d\d[ .]\d{3}[ .]\d{3}$|^0\d{2,4}[ ./-]\d{3,4}[ .-]?\d{2,6}|^0[67]\d{8}$/;
/** Behind a person's title these groups are one as well. */
const grouped = /^\d{3}[ .-]\d{3}[ .-]\d{4}$/;
/** Ten digits from 0 are a telephone in French text, however they are grouped and whatever is glued to them. */
const french = guarded(/(?<!\d|\d[.,/-]|[€$£] ?)0 ?[1-9](?:[ .\n-]{0,3}\d){8}(?: ?[/-] ?0[1-9](?:[ .]{0,3}\d){8}){0,3}(?!\d|[.,-](?!0[1-9])\d)/g);
/** A French number in which a reader of scans took digits for letters: zeros anywhere, others only between marks. */
const misread = guarded(/(?<![\p{L}\p{N}])(?:(?=[\d .-]{0,13}O)[0O][1-9](?:[ .-]?[\dO]{2}){4}|[0OoQD][1-9lIiZSBG](?:[ .-][\dOoQDIil!SsZzBbG]{2}){4})(?![\p{L}\p{N}])/gu);
/** "33 6 12 34 56 78", "(33) 6.12.34.56.78": the country's code without its plus. */
const withoutPlus = guarded(/(?<![\d.,€$£/+-])\(?(?:00)?33\)?[ .]?(?:\(0\)[ .]?)?[1-9](?:[ .-]?\d\d){4}(?![\d]|[.,]\d)/g);
/** Five pairs under one mark whatever they begin with, or four behind one digit (the zero was left out); beside their words alone. */
const pairs = guarded(/(?<![\p{L}\p{N}€$£/.,_+-]|\d )[1-9]\d?(?<mark>[ .-])\d\d(?:\k<mark>\d\d){3}(?![\p{L}\p{N}%€]|[ .,/-]\d| ?(?:€|euros?|EUR)(?!\p{L}))/gu);
/** Cut short by a pair; beside its words alone. */
const tooShort = guarded(/(?<![\d.€$£/-])0[1-9](?<mark>[ .-])\d\d(?:\k<mark>\d\d){2}(?![ .,-]?\d)/g);
/** A number inside a house, told by its word. */
const inside = guarded(/(?<![\p{L}\p{N}])(?:poste|DECT|bip|ext(?:ension)?\.?|Durchwahl|Nebenstelle|DW|Apparat|extensión|anexo)[ :.n°º]{1,4}(?<value>\d(?:[ .]?\d){2,5})(?![\p{L}\p{N}]|[.,]\d)/giu);
/** Pairs of digits under one mark, whichever it is: "01,42,16,00,00", "01•42•16•00•00", "01 / 42 / 16 / 00 / 00". */
const frenchMarked = guarded(/(?<![\p{L}\p{N}.,_:•·/-])0[1-9](?<mark> ?[^\p{N}\s] ?| {2,3})\d\d(?:\k<mark>\d\d){3}(?![\p{N}]|\k<mark>\d)/gu);
/** "Tél 53 21", "secrétariat 5 3624", "fax 47295": pairs or five digits need no colon. */
const insideShort = guarded(/(?<![\p{L}\p{N}])(?:t[ée]l(?:[ée]phone)?|fax|t[ée]l[ée]copie|secr[ée]tariat|accueil)\.? (?<value>(?:\d\d \d\d|\d \d{4}|\d\d \d{3}|\d{5})(?: ?\/ ?\d\d(?: ?\d\d)?){0,2})(?![\p{L}\p{N}%€]|[ .,/:-]{1,2}\d| ?(?:€|euros?|EUR)(?!\p{L}))/giu);
/** "Vous pouvez me joindre au 53 21": a number inside a house, told by what one does with it. */
const called = guarded(/(?<![\p{L}])(?:joindre|joignables?|appele[rz]|rappele[rz]|contacte[rz]|faxe[rz]|compose[rz]|bipe[rz])[^\n.\d]{0,30} (?:au|le) (?<value>\d(?:[ .]?\d){3,5})(?![\p{L}\p{N}%€]|[ .,/:-]{1,2}\d| ?(?:€|euros?|ans|jours|mois|fois)(?!\p{L}))/giu);
/** Behind its label, and further words of it: a long number, or after a colon or full stop any of four digits and more ("Tel: 3624", "Fax. 01_42_16_00_00"). */
const labelled = guarded(new RegExp(`(?<![\\p{L}])${phoneLabel}(?:[ ./-]{1,2}(?:${phoneLabel}|n[°ºro]{1,2}|domicile|privat|dienstlich|bureau|travail|maison|casa|pro|perso))?(?:[ ]?\\([^()\\n\\d]{1,15}\\))?(?<between>[\\s:.…|°º#_-]{0,30})(?<value>\\(?\\+?\\(?\\d(?:[ .,/_•·:()–-]{0,3}\\d){3,30})(?!\\p{N}|[.,]\\d)`, "giu"));
const tellsDirectly = /[:.]/;
const leastDigits = 8;
/** The rest of a number on the next line. */
const nextLine = /^[ \t]?\n[ \t]?(?<rest>\d(?:[ ./-]{0,2}\d){1,9})(?!\p{N}|[.,/]\d)/u;
/** The parser is slow: after this many numbers the look of a number decides, which keeps hostile input linear. */
const parseLimit = 4000;

/** What the parser says of a number. */
interface Parsed {
  valid: boolean;
  type: NumberType;
}

/** Telephone and fax numbers: international, national by the section's language, and mistyped ones with words around. */
export const phone: Detector = {
  id: "phone",
  kinds: ["phone", "private_phone"],
  *find(view) {
    const known = new Map<string, Parsed | null>();
    for (const section of view.sections) {
      const regions = section.language ? (countries[section.language] ?? all) : all;
      for (const match of matchesWithin(view, candidate, section.start, section.end)) {
        const found = judge(view, section.start + match.index, match[0], regions, known);
        if (found) yield found;
      }
      for (const match of matchesWithin(view, french, section.start, section.end)) {
        const start = section.start + match.index;
        const end = start + match[0].length;
        if (/^\d\d[ .-]\d\d[ .-](?:19|20)\d\d/.test(match[0])) continue;
        if (/(?<!\d\d),$/.test(view.text.slice(Math.max(0, start - 3), start))) continue;
        const announced = section.language === "fr" || isAnnounced(view, start, end);
        if (announced && !hasContext(view, start, end, otherWords, 25, 0)) yield { kind: kindOf(view, start, end, null, false), start, end, score: 0.7 };
      }
    }
    for (const match of matchesIn(view, insideShort)) yield { kind: "phone", ...valueAt(match), score: 0.6 };
    for (const match of matchesIn(view, inside)) yield { kind: "phone", ...valueAt(match), score: 0.7 };
    for (const match of matchesIn(view, labelled)) {
      const value = match.groups!["value"]!;
      const { start, end } = valueAt(match);
      if (digitsOf(value).length < leastDigits ? !tellsDirectly.test(match.groups!["between"]!) || /\n/.test(match.groups!["between"]!) : new Set(digitsOf(value)).size < 3) continue;
      if (/^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$|^\d{4}-\d\d-\d\d|^(?:19|20)\d\d ?[-/–] ?(?:19|20)\d\d(?!\d)|^\d{1,3}[.,]\d{4,}$/.test(value)) continue;
      yield { kind: kindOf(view, start, end, null, false), start, end: end + restBehind(view.text, value, end, known), score: 0.7 };
    }
    for (const match of matchesIn(view, frenchMarked)) {
      const end = match.index + match[0].length;
      if (isAnnounced(view, match.index, end) && !/^[-.]$/.test(match.groups!["mark"]!)) yield { kind: kindOf(view, match.index, end, null, false), start: match.index, end, score: 0.7 };
    }
    for (const pattern of [withoutPlus, pairs]) {
      for (const match of matchesIn(view, pattern)) {
        const end = match.index + match[0].length;
        if (isAnnounced(view, match.index, end)) yield { kind: kindOf(view, match.index, end, null, false), start: match.index, end, score: 0.7 };
      }
    }
    for (const match of matchesIn(view, called)) yield { kind: "phone", ...valueAt(match), score: 0.6 };
    for (const match of matchesIn(view, tooShort)) {
      const end = match.index + match[0].length;
      if (isAnnounced(view, match.index, end) && !hasContext(view, match.index, end, otherWords, 25, 0)) yield { kind: kindOf(view, match.index, end, null, false), start: match.index, end, score: 0.6 };
    }
    for (const match of matchesIn(view, misread)) if (/[^\d .-]/.test(match[0]) && (match[0].match(/\d/g)?.length ?? 0) > 5) yield { kind: "private_phone", start: match.index, end: match.index + match[0].length, score: 0.75 };
  },
};

const isAnnounced = (view: TextView, start: number, end: number): boolean => hasContext(view, start, end, words, 40, 12) || hasContext(view, start, end, people, 40, 0);

/** Length of what belongs to the number on the next line, when only both together are one. */
function restBehind(text: string, value: string, end: number, known: Map<string, Parsed | null>): number {
  if (digitsOf(value).length > leastDigits) return 0;
  const behind = nextLine.exec(text.slice(end, end + 30));
  if (!behind) return 0;
  const whole = parse(value + behind.groups!["rest"]!, all, known);
  return whole?.valid ? behind[0].length : 0;
}

function judge(view: TextView, start: number, value: string, regions: CountryCode[], known: Map<string, Parsed | null>): Found | null {
  const main = value.replace(/[ ,]{0,2}(?:x|ext|poste|durch|DW).{0,80}$/i, "");
  const digits = digitsOf(main);
  if (digits.length < 6 || digits.length > 16 || isOtherNumber(main)) return null;
  const end = start + value.length;
  const context = hasContext(view, start, end, words, 40, 12) || (grouped.test(main) && hasContext(view, start, end, people, 40, 0));
  const international = /^(?:\( ?)?(?:\+|00)/.test(main);
  if (!context && !international && (!shapes.test(main) || hasContext(view, start, end, otherWords, 25, 0))) return null;
  const parsed = parse(main, international ? [regions[0]!] : [...new Set([...regions, ...all])], known);
  const valid = parsed?.valid ?? false;
  const score = valid ? (context || international ? 0.97 : 0.8) : context ? (shapes.test(main) || digits.length >= 9 ? 0.8 : 0.6) : international ? 0.7 : 0.55;
  const extension = main.length < value.length || (digits.length >= 9 && /-\d{1,3}$/.test(main));
  return { kind: kindOf(view, start, end, parsed, extension), start, end, score, checked: valid };
}

function kindOf(view: TextView, start: number, end: number, parsed: Parsed | null, extension: boolean): string {
  if (hasContext(view, start, end, privateWords, 30, 15)) return "private_phone";
  if (business.has(parsed?.type ?? "")) return "phone";
  const near = view.text.slice(Math.max(0, start - 160), end + 80);
  return businessWords.test(near) || besideBusinessMail(near) || legalForm.test(near) || businessWords.test(view.contextAt(start)) || (extension && parsed?.type !== "MOBILE") ? "phone" : "private_phone";
}

function besideBusinessMail(near: string): boolean {
  const domains = [...near.matchAll(/@([\w-]{1,60}(?:\.[\w-]{1,60}){1,4})/g)].map((match) => match[1]!);
  return domains.length > 0 && !domains.some((domain) => freeMail.test(domain));
}

function parse(value: string, regions: CountryCode[], known: Map<string, Parsed | null>): Parsed | null {
  const key = `${value.startsWith("+") || value.startsWith("(+") ? "+" : ""}${digitsOf(value)} ${regions[0]}`;
  const before = known.get(key);
  if (before !== undefined || known.size >= parseLimit) return before ?? null;
  const plain = value.replace(/^\( ?\+/, "+").replace(/\(0\)/, "");
  let first: PhoneNumber | null = null;
  let whole: PhoneNumber | null = null;
  for (const region of regions) {
    const parsed = parsePhoneNumberFromString(plain.startsWith("00") ? `+${plain.slice(2)}` : plain, region) ?? null;
    first ??= parsed;
    if (!parsed?.isValid()) continue;
    whole = parsed;
    break;
  }
  const number = whole ?? first;
  const result = number && { valid: whole !== null, type: number.getType() };
  known.set(key, result);
  return result;
}

/** Dates, years, amounts, ranges and plain counts. */
function isOtherNumber(value: string): boolean {
  return (
    /^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?![./-]?\d)/.test(value) ||
    /^(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}/.test(value) ||
    /^(?:19|20)\d\d ?[-/–] ?(?:19|20)?\d\d$/.test(value) ||
    /^\d{1,3}(?:[. ]\d{3}){1,4}$/.test(value) && !/^[6-9]\d\d[. ]\d{3}[. ]\d{3}$/.test(value) ||
    /^0[.]\d/.test(value) ||
    /^(?:\d[ ]){5,}\d?$/.test(value) ||
    new Set(digitsOf(value)).size < 3
  );
}
