import type { Found, TextView } from "./detector.ts";
import { sentenceAround } from "./special-categories.ts";
import { countBefore } from "../sorted.ts";

const special = new Set(["health", "religion", "union", "orientation", "ethnicity", "politics", "criminal_record"]);
const organisation =
  /(?<![\p{L}\p{N}])(?:GmbH|AG|KG|OHG|UG|SE|e\.\s?V\.|Ltd\.?|Limited|PLC|plc|Inc\.?|LLC|Corp\.?|Corporation|Company|S\.?A\.?S?\.?|SARL|S\.?A\.?R\.?L\.?|S\.?L\.?U?\.?|GmbH & Co\. KG|N\.?V\.?|B\.?V\.?|headquarter(?:s|ed)|Amt|Ministerium|University|Universität|Hospital|Klinik|registered office|head office|Sitz|Hauptsitz|Firmensitz|siège(?: social)?|sede(?: social)?|office is|plant|factory|Werk|usine|fábrica)(?![\p{L}\p{N}])/u;

const soleTrader =
  /(?<![\p{L}\p{N}])(?:sole traders?|sole proprietor(?:s|ship)?|self-employed|trading as|t\/a|d\/?b\/?a|einzelunternehm\p{L}{0,10}|einzelkauf(?:mann|frau)|e\. ?K(?:fm|fr)?\.|inhaber(?:in)?|freiberufler(?:in)?|kleingewerbe\p{L}{0,8}|kleinunternehmer(?:in)?|auto-?entrepreneur(?:e|se)?|micro-?entrepreneur(?:e|se)?|entrepreneur(?:e|se)? individuel(?:le)?|entreprise individuelle|en nom propre|EIRL|profession libérale|travailleu(?:r|se) indépendante?|autónom[oa]|empresari[oa] individual|cuenta propia|eenmanszaak)(?![\p{L}\p{N}])/iu;

/** Of a person who is but a letter, the title tells nothing. */
const lone = 0.45;

/** What one finding means beside another: a title beside a name, an illness in a sentence about somebody, a company's address, a sole trader's number. */
export function relate(view: TextView, found: Found[]): Found[] {
  const persons = found.filter((each) => each.kind === "person").sort((a, b) => a.start - b.start);
  const named = persons.filter((each) => each.score > lone);
  return found.map((each) => {
    if (each.kind === "job_title") return nearest(named, each) <= 30 ? { ...each, score: 0.8 } : each;
    if (special.has(each.kind) && each.score < 0.5) return sharesSentence(view, persons, each) ? { ...each, score: 0.75 } : each;
    if (each.kind === "vat" || each.kind === "company_number") return ofSoleTrader(view, each) ? { ...each, kind: "sole_trader_number" } : each;
    if (each.kind === "address") return ofCompany(view, persons, each) ? { ...each, kind: "business_address" } : each;
    return each;
  });
}

/** The persons around a place; `persons` is sorted. */
function around(persons: Found[], place: Found, distance: number): Found[] {
  const near: Found[] = [];
  for (let index = countBefore(persons, ({ end }) => end < place.start - distance); index < persons.length && persons[index]!.start <= place.end + distance; index++) near.push(persons[index]!);
  return near;
}

function nearest(persons: Found[], place: Found): number {
  return Math.min(Infinity, ...around(persons, place, 30).map((person) => Math.max(place.start - person.end, person.start - place.end, 0)));
}

function sharesSentence(view: TextView, persons: Found[], place: Found): boolean {
  const near = around(persons, place, 120);
  if (near.length === 0) return false;
  const sentence = sentenceAround(view.text, place.start, place.end);
  return near.some((person) => sentence.includes(view.text.slice(person.start, person.end)));
}

/** An organisation stands in the 100 characters before it, and no person between. */
function ofCompany(view: TextView, persons: Found[], place: Found): boolean {
  const from = Math.max(0, place.start - 100);
  const before = view.text.slice(from, place.start);
  const cue = [...before.matchAll(new RegExp(organisation.source, "gu"))].at(-1);
  if (!cue) return false;
  const between = before.slice(cue.index);
  // "Nordlicht GmbH / Frau Anna Reuter / 27472 Cuxhaven": the lines of one letter head.
  if (between.length < 80 && /^[^\n]*\n[^\n]{3,60}\n$/u.test(between) && !/\d/.test(between)) return true;
  return !around(persons, place, 100).some((person) => person.end > from + cue.index && person.start < place.end);
}

/** A word for a sole trader stands in the 100 characters before or the 60 after: then the business's number is a person's. */
const ofSoleTrader = (view: TextView, place: Found): boolean =>
  soleTrader.test(view.text.slice(Math.max(0, place.start - 100), place.start)) || soleTrader.test(view.text.slice(place.end, place.end + 60));
