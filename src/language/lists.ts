import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { packageRoot } from "../workers/package-root.ts";
import { fold } from "./fold.ts";

/** What the lists say of a folded word; several bits may hold at once. */
export const Bit = {
  first: 1,
  last: 2,
  place: 4,
  country: 8,
  street: 16,
  title: 32,
  particle: 64,
  legalForm: 128,
  organisation: 256,
  calendar: 512,
  label: 1024,
  saying: 2048,
  address: 4096,
  kin: 8192,
  /** Rarely a name in the corpora. */
  common: 16384,
  /** An office, form label or abbreviation that is no name. */
  role: 32768,
  /** A place whose name alone is hardly ever a person's, though the lists hold it as one. */
  famousPlace: 65536,
} as const;

/** Bits of a folded word, 0 when nothing is known of it. */
export type Lists = (folded: string) => number;

/** Column headers and the like that happen to be surnames somewhere. */
const notNames = ["price", "item", "page", "table", "code", "part", "unit", "list", "total", "art", "menge", "preis", "prix", "precio"];

/** Persons bear these names too; what stands around them must say so. */
const famousPlaces = "london paris kiel geneva vienna rome venice bergen bristol chester devon essex brittany brooklyn boston houston dallas denver phoenix cleveland atlanta melbourne asia crete valencia vigo".split(" ");

/** In the names of countries and islands ("Saint Martin"), but by themselves persons. */
const notCountries = "edward louis martin vincent helena helene lucia victoria pierre maurice dominique christophe marshall mauricio vicente barthelemy salomon edouard solomon tristan leon leona".split(" ");

let loaded: Lists | undefined;

/** Read once a process, on first use (about 60 ms). */
export function loadLists(): Lists {
  if (loaded) return loaded;
  const folder = join(packageRoot, "config", "language");
  const bits = new Map<string, number>();
  for (const line of gunzipSync(readFileSync(join(folder, "gazetteer.tsv.gz"))).toString("utf8").split("\n")) {
    const tab = line.indexOf("\t");
    if (tab > 0) bits.set(line.slice(0, tab), Number(line.slice(tab + 1)));
  }
  for (const word of gunzipSync(readFileSync(join(folder, "common.txt.gz"))).toString("utf8").split("\n")) {
    if (word) bits.set(word, (bits.get(word) ?? 0) | Bit.common);
  }
  for (const word of readFileSync(join(folder, "roles.txt"), "utf8").split("\n").map(fold)) {
    if (word) bits.set(word, (bits.get(word) ?? 0) | Bit.role);
  }
  for (const name of loadPlaces().keys()) if (!name.includes(" ")) bits.set(name, (bits.get(name) ?? 0) | Bit.place);
  for (const word of notNames) bits.set(word, (bits.get(word) ?? 0) | Bit.role);
  for (const word of famousPlaces) bits.set(word, (bits.get(word) ?? 0) | Bit.place | Bit.famousPlace);
  for (const word of notCountries) bits.set(word, (bits.get(word) ?? 0) & ~Bit.country);
  loaded = (folded) => bits.get(folded) ?? partsOf(folded, bits);
  return loaded;
}

let places: Map<string, number> | undefined;

/** Towns and regions that the gazetteer lacks or that have several words, folded, with the number of their words. */
export function loadPlaces(): Map<string, number> {
  places ??= new Map(readFileSync(join(packageRoot, "config", "language", "places.txt"), "utf8").split("\n").filter(Boolean).map((name) => [fold(name), name.split(" ").length]));
  return places;
}

/** A hyphenated word is a name when each of its parts may be one ("Lachenmayr-Nikolaou" needs only one listed part). */
function partsOf(folded: string, bits: Map<string, number>): number {
  const dash = folded.indexOf("-");
  if (dash < 1 || folded.length > 60) return 0;
  // "X-ray", "P-ANCA", "Ca-P"
  if (dash === 1 || folded.at(-2) === "-") return 0;
  let any = 0;
  for (const part of folded.split("-")) {
    const known = bits.get(part) ?? 0;
    if (known & (Bit.common | Bit.organisation) && !(known & Bit.first)) return known & Bit.organisation;
    any |= known & (Bit.first | Bit.last | Bit.street | Bit.organisation);
  }
  return any;
}
