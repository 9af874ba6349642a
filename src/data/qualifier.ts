import { acronymOf, coreName } from "./core-name.ts";

/**
 * What sets an entity apart from others of its type and name: the organisations that its own document ties it to, else the
 * places. It is read from that document alone, so that no id depends on what came before or went since; whether two of
 * them are one thing is computed where they are shown. Written as normalised names in order, joined by "; ", a place behind
 * "@" (neither sign occurs in a normalised name); empty when the document says nothing.
 */
export function qualifierOf(organisations: Iterable<string>, places: Iterable<string>): string {
  const named = [...new Set(organisations)].filter(Boolean);
  const parts = named.length ? named : [...new Set(places)].filter(Boolean).map((place) => `@${place}`);
  return parts.toSorted().join("; ");
}

/** Of the parts of a qualifier: normalised names, without the mark of a place. */
export const partsOf = (qualifier: string): string[] => (qualifier ? qualifier.split("; ").map((part) => part.replace(/^@/, "")) : []);

export type Evidence = "organisation" | "place" | "none";
export const evidenceOf = (qualifier: string): Evidence => (qualifier === "" ? "none" : qualifier.startsWith("@") ? "place" : "organisation");

/** Two entities of one name: the same when they share an organisation (or place), different when both have one and share none; else nothing tells. */
export function compareQualifiers(a: string, b: string): "same" | "different" | "unknown" {
  if (a === b) return "same";
  const kind = evidenceOf(a);
  if (kind === "none" || kind !== evidenceOf(b)) return "unknown";
  const alike = kind === "organisation" ? isSameOrganisation : isSamePlace;
  return partsOf(a).some((one) => partsOf(b).some((other) => alike(one, other))) ? "same" : "different";
}

const small = new Set("the of at in for and der die das des dem den und für am im de la le les du et d l el los las del y".split(" "));
const wordsOf = (name: string): string[] => name.split(" ").filter((word) => !small.has(word));

/** Same words without legal form, initials, or one name within the other ("Kraus", "Kraus & Partner LLP"). */
function isSameOrganisation(a: string, b: string): boolean {
  const [one, other] = [coreName("ORGANIZATION", a), coreName("ORGANIZATION", b)];
  if (one === other || acronymOf(one, other) || acronymOf(wordsOf(one).join(" "), wordsOf(other).join(" "))) return true;
  return within(wordsOf(one), wordsOf(other)) || within(wordsOf(other), wordsOf(one));
}

const isSamePlace = (a: string, b: string): boolean => within(wordsOf(a), wordsOf(b)) || within(wordsOf(b), wordsOf(a));

const within = (few: string[], many: string[]): boolean => few.length > 0 && few.every((word) => many.some((other) => isForm(word, other)));

/** The same word, also in the genitive ("Krankenhaus", "Krankenhauses"). */
const isForm = (a: string, b: string): boolean => {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return short === long || (short.length >= 5 && (long === `${short}s` || long === `${short}es`));
};
