import { clip, sentences } from "./sentences.ts";

export interface ReadEntity {
  name: string;
  type: string;
  description: string;
  aliases: string[];
  quote: string;
  confidence: number;
}

const word = String.raw`\p{Lu}[\p{L}\p{N}&'’-]*`;
const inner = String.raw`(?:[ ](?:${word}|of|and|für|und|de|&))*?`;
const legal = String.raw`(?:GmbH & Co\. KG|GmbH|AG|SE|KG|Ltd|Limited|LLC|Inc|plc|S\.A\.|SA|B\.V\.|BV|A/S|ApS|AB|Oy|S\.r\.l\.|Srl)`;

const months = "January|February|March|April|May|June|July|August|September|October|November|December|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember";
const parts = "Page|Section|Chapter|Table|Figure|Annex|Appendix|Clause|Article|Note|Year|Seite|Abschnitt|Tabelle|Anlage|Artikel|Jahr|Item|Line|Room|Building|Quay|Berth";

/** What this model knows how to see; the first pattern that takes a place keeps it. */
const patterns: [type: string, pattern: RegExp, confidence: number][] = [
  ["PERSON", /\[PERSON_\d+[a-z]?\]/g, 0.9],
  ["ORGANIZATION", /\[(?:ORG|ORGANIZATION)_\d+[a-z]?\]/g, 0.9],
  ["LOCATION", /\[(?:ADDRESS|LOCATION)_\d+[a-z]?\]/g, 0.8],
  ["ORGANIZATION", new RegExp(String.raw`${word}${inner} ${legal}(?![\p{L}])`, "gu"), 0.95],
  ["REGULATION", /\b(?:(?:EN |IEC |DIN )?(?:ISO|IEC|EN|DIN)(?:[ /](?:ISO|IEC|EN))?[ -]?\d{3,6}(?:[-:]\d+)*|(?:Regulation|Directive|Verordnung|Richtlinie) (?:\(E[UG]\) )?(?:No\.? )?\d{2,4}\/\d{2,4})/g, 0.9],
  ["DATE_TIME", /\b\d{1,2}\.? (?:January|February|March|April|May|June|July|August|September|October|November|December|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember) \d{4}\b|\b\d{4}-\d{2}-\d{2}\b|\b(?:January|February|March|April|May|June|July|August|September|October|November|December) \d{4}\b/g, 0.9],
  ["METRIC", /(?:EUR|USD|GBP|€|\$|£) ?\d[\d,.]*(?: (?:million|billion|thousand|Mio\.?|Millionen))?|\d[\d,.]* ?(?:million|Millionen|Mio\.?)? ?(?:euros?|EUR|€|percent|per cent|Prozent)(?![\p{L}])|\d[\d,.]* ?%/gu, 0.85],
  ["QUANTITY", /\b\d[\d,.]* ?(?:kW|MW|GWh|MWh|kWh|kg|tonnes|t|mm|m\/s|m|bar|litres?|Liter|employees|units|pieces|days|hours|weeks|years|Stück|Tage|Jahre|Mitarbeiter)\b/g, 0.8],
  ["PRODUCT", new RegExp(String.raw`(?<![\p{L}\p{N}])(?!(?:${months}|${parts}|The|In|On|By|For|From|Since|Until|At|And|Im|Seit|Bis) |[A-Z]{2}\d{2} )${word} [A-Z]{0,4}-?\d{1,4}[A-Z]?\b(?!\.\d|[,.]?\d| ?%)|\b[A-Z]{2,5}-\d{1,4}[A-Z]?\b`, "gu"), 0.75],
  ["PERSON", new RegExp(String.raw`(?:Dr\.|Prof\.|Mr\.?|Mrs\.?|Ms\.?|Herr|Frau)(?: (?:Dr|Prof)\.)? ${word}(?: ${word})?`, "gu"), 0.9],
];

/** Confirms the candidates that the text holds, adds what the patterns see, and says of each what its sentence says. */
export function readEntities(text: string, candidates: { name: string; type: string }[], allowed: string[]): ReadEntity[] {
  const taken: { start: number; end: number }[] = [];
  const found = new Map<string, ReadEntity>();
  const pieces = sentences(text);
  const add = (name: string, type: string, start: number, confidence: number): void => {
    const end = start + name.length;
    const overlapping = taken.some((each) => start < each.end && each.start < end);
    if (overlapping || (allowed.length && !allowed.includes(type))) return;
    taken.push({ start, end });
    const key = `${type}|${name.toLowerCase()}`;
    if (found.has(key)) return;
    const around = pieces.findLast((each) => each.start <= start)?.text ?? "";
    found.set(key, { name, type, description: clip(around, 160), aliases: aliasesOf(text, name), quote: name, confidence });
  };
  const known = candidates.toSorted((a, b) => b.name.length - a.name.length).map(({ name, type }) => ({ name, type: corrected(name, type, text) }));
  for (const [type, pattern, confidence] of patterns.slice(0, 4)) for (const match of text.matchAll(pattern)) add(match[0], type, match.index, confidence);
  // What an organisation is called for short is its other name, not a thing of its own.
  const short = new Set([...found.values()].flatMap((each) => each.aliases));
  for (const { name, type } of known) if (!short.has(name)) for (const start of placesOf(text, name)) add(name, type, start, 0.9);
  for (const match of text.matchAll(acting)) if (!/^(?:This|That|They|Each|These|Those|Which|Everyone|Nobody)$/.test(match[0]) && !short.has(match[0])) add(match[0], "ORGANIZATION", match.index, 0.6);
  for (const [type, pattern, confidence] of patterns.slice(4)) for (const match of text.matchAll(pattern)) add(match[0].trim(), type, match.index, confidence);
  for (const match of text.matchAll(new RegExp(String.raw`(?<=\b(?:in|near|at|from|bei|nach) )${word}(?: ${word})?`, "gu"))) {
    if (!notPlaces.test(match[0])) add(match[0], "LOCATION", match.index, 0.6);
  }
  return [...found.values()];
}

/** A lone proper name that does what companies do is one, whatever the recogniser took it for. */
function corrected(name: string, type: string, text: string): string {
  if (type !== "CONCEPT" || !/^\p{Lu}[\p{L}\p{N}]+$/u.test(name)) return type;
  const acts = new RegExp(String.raw`(?<![\p{L}])${name} (?:builds|makes|made|delivered|delivers|expects|develops|accepts|operates|was founded|owns|supplies)\b|\b(?:from|by|with|Tell) ${name}(?![\p{L}])`, "u");
  return acts.test(text) ? "ORGANIZATION" : type;
}

const acting = /(?<=(?:^|[.!?,:]\s|\d{4} |\n))\p{Lu}[\p{L}\p{N}]{3,}(?= (?:builds|makes|delivered|delivers|expects|develops|accepts|was founded)\b)/gu;

const notPlaces = new RegExp(String.raw`^(?:${months}|${parts}|Q\d|The|This|EUR|USD|GBP|Euro)\b`);

/** Whole words only. */
export function placesOf(text: string, name: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(name); at >= 0 && places.length < 50; at = text.indexOf(name, at + name.length)) {
    const before = text[at - 1] ?? " ";
    const after = text[at + name.length] ?? " ";
    if (!/[\p{L}\p{N}]/u.test(before) && !/[\p{L}\p{N}]/u.test(after)) places.push(at);
  }
  return places;
}

/** "Name (ABC)" and 'Name ("Short")', wherever the text first says so. */
export function aliasesOf(text: string, name: string): string[] {
  const found = placesOf(text, name).flatMap((start) => {
    const match = /^ ?\((?:"|“|„|the "|"the )?([\p{Lu}][\p{L}\p{N} &-]{1,30}?)(?:"|”|“)?\)/u.exec(text.slice(start + name.length, start + name.length + 50));
    return match ? [match[1]!.trim()] : [];
  });
  return [...new Set(found)];
}
