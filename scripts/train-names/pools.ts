import { Bit, type Lists } from "../../src/language/lists.ts";
import { fold } from "../../src/language/fold.ts";
import type { Chunk } from "./corpus.ts";
import { below, pick, type Random } from "./random.ts";

/** Names to fill in, by language; `all` are those of the gazetteer. */
export interface Pools {
  first: Record<string, string[]>;
  last: Record<string, string[]>;
  organisations: Record<string, string[]>;
  cities: Record<string, string[]>;
  countries: string[];
  /** Plain words, capitalised, as headings have them. */
  nouns: string[];
}

const languages = ["en", "de", "fr", "es"];

/** Collects names from what the corpora mark, and from the gazetteer. */
export function collectPools(chunks: readonly Chunk[], gazetteer: string, common: string, lists: Lists): Pools {
  const perLanguage = (): Record<string, string[]> => Object.fromEntries([...languages, "all"].map((each) => [each, []]));
  const pools: Pools = { first: perLanguage(), last: perLanguage(), organisations: perLanguage(), cities: perLanguage(), countries: [], nouns: [] };
  for (const line of gazetteer.split("\n")) {
    const [word, mask] = line.split("\t");
    if (!word || word.length < 3 || (lists(word) & (Bit.common | Bit.role)) !== 0) continue;
    const bits = Number(mask);
    if (bits & Bit.first) pools.first["all"]!.push(titled(word));
    if (bits & Bit.last) pools.last["all"]!.push(titled(word));
    if (bits & Bit.place) pools.cities["all"]!.push(titled(word));
    if (bits & Bit.country) pools.countries.push(titled(word));
  }
  pools.nouns.push(...common.split("\n").filter((word) => /^[a-z]{4,12}$/u.test(word)).map(titled));
  for (const chunk of chunks) collect(chunk, pools, lists);
  for (const language of languages) {
    for (const kind of [pools.first, pools.last, pools.organisations, pools.cities]) if (kind[language]!.length < 50) kind[language]!.push(...kind["all"]!.slice(0, 3000));
  }
  return pools;
}

function collect({ pieces, labels, language }: Chunk, pools: Pools, lists: Lists): void {
  for (let at = 0; at < pieces.length; at++) {
    const label = labels[at]!;
    if (!(label & 1)) continue;
    let to = at + 1;
    while (to < pieces.length && labels[to] === label + 1) to += 1;
    const words = pieces.slice(at, to).filter((each) => each.kind === "word" && each.text.length > 2 && /^\p{Lu}\p{Ll}/u.test(each.text));
    if (label === 1) {
      for (const word of words.slice(0, -1)) if (lists(fold(word.text)) & Bit.first) pools.first[language]!.push(word.text);
      const last = words.at(-1);
      if (last && words.length > 1) pools.last[language]!.push(last.text);
    }
    if (to - at > 4 || words.length !== to - at) continue;
    const whole = words.map((each) => each.text).join(" ");
    if (label === 3) pools.organisations[language]!.push(whole);
    if (label === 5) pools.cities[language]!.push(whole);
  }
}

const titled = (word: string): string => word.replace(/(^|[-' ])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());

/** Most names come from the language's own texts, the rest from the whole world. */
export const nameFrom = (pool: Record<string, string[]>, language: string, random: Random): string => pick(random() < .6 ? pool[language]! : pool["all"]!, random);

const streetWords: Record<string, (name: string, random: Random) => string> = {
  en: (name, random) => {
    const type = pick(["Street", "Road", "Avenue", "Lane", "Drive", "Court", "Boulevard", "Place", "Square", "Way", "Close", "Terrace", "Crescent", "St", "Rd", "Ave", "St.", "Blvd", "Parkway", "Hill", "Gardens", "Grove"], random);
    const unit = random() < .3 ? pick([", Apt. ", " Apt ", ", Suite ", "\nSuite ", " Unit ", ", Flat ", "\n Apt. "], random) + below(400, random) : "";
    return `${number(random)} ${random() < .2 ? pick(["North ", "South ", "East ", "West ", "N. ", "Old ", "St "], random) : ""}${name} ${type}${unit}`;
  },
  de: (name, random) => pick([`${name}straße ${number(random)}`, `${name}str. ${number(random)}`, `${name}weg ${number(random)}`, `${name}er Straße ${number(random)}`, `Am ${name}${pick(["berg", "hof", "platz", "feld"], random)} ${number(random)}`, `${name}-${name}-Allee ${number(random)}`, `${name}gasse ${number(random)}`, `${name}platz ${number(random)}`, `${name}ring ${number(random)}`, `Auf der ${name} ${number(random)}`, `An der ${name}mühle ${number(random)}`, `${name}ufer ${number(random)}`], random),
  fr: (name, random) => pick([`${number(random)} rue ${name}`, `${number(random)}, rue de ${name}`, `${number(random)} avenue ${name}`, `${number(random)} bis, rue ${name}`, `${number(random)} boulevard ${name}`, `${number(random)} place de la ${name}`, `${number(random)} allée des ${name}`, `${number(random)} chemin de ${name}`, `rue ${name}`, `${number(random)} impasse ${name}`, `${number(random)}, quai ${name}`], random),
  es: (name, random) => pick([`Calle ${name}, ${number(random)}`, `C/ ${name} ${number(random)}, ${below(9, random)}º ${pick(["A", "B", "C", "dcha"], random)}`, `Avda. ${name} nº ${number(random)}`, `Plaza de ${name}, ${number(random)}`, `Avenida ${name} ${number(random)}`, `Paseo de ${name}, ${number(random)}`, `calle ${name.toLowerCase()} ${number(random)}`, `Ctra. de ${name} s/n`, `Calle ${name}, ${number(random)}, ${below(9, random)} ${pick(["A", "B", "C", "D"], random)}`], random),
  other: (name, random) => pick([`Via ${name} ${number(random)}`, `Rua ${name} ${number(random)}`, `${name}straat ${number(random)}`, `${name}gatan ${number(random)}`, `${name}vej ${number(random)}`, `ul. ${name}a ${number(random)}`, `${name} utca ${number(random)}`, `${name}katu ${number(random)}`, `${number(random)} ${name}steenweg ${number(random)}`, `${number(random)} ${name} ${number(random)}`, `Rúa ${name} ${number(random)}`, `${name} ${number(random)}`], random),
};

const number = (random: Random): string => `${1 + below(random() < .7 ? 99 : 9900, random)}${random() < .08 ? pick(["a", "b", "c"], random) : ""}`;

/** A street with its number as the language writes it; some are of another country. */
export function street(pools: Pools, language: string, random: Random): string {
  const style = random() < .2 ? pick([...languages, "other"], random) : language;
  const name = random() < .3 ? nameFrom(pools.cities, language, random) : nameFrom(pools.last, language, random);
  return streetWords[style]!(name, random);
}
