import type { Line } from "./corpus.ts";
import { moreTemplates, type Templates } from "./more-templates.ts";
import { thing, thingTemplates } from "./things.ts";
import { nameFrom, type Pools, street } from "./pools.ts";
import { below, pick, type Random } from "./random.ts";
import { personForm, surname } from "./vary.ts";

const marked: Record<string, string> = { P: "PER", F: "PER", L: "PER", Q: "PER", U: "PER", I: "PER", A: "ADR", C: "LOC", W: "LOC", O: "ORG", K: "ORG" };

/** `count` filled templates a language. */
export function fillTemplates(templates: Templates, pools: Pools, count: number, random: Random): Line[] {
  return Object.keys(templates).flatMap((language) => {
    const all = [...templates[language]!, ...(moreTemplates[language] ?? [])];
    const things = thingTemplates[language] ?? [];
    return Array.from({ length: count + (things.length ? count / 2 : 0) }, (_, index) => fill(pick(index < count ? all : things, random), language, pools, random));
  });
}

function fill(template: string, language: string, pools: Pools, random: Random): Line {
  const spans: [number, number, string][] = [];
  let text = "";
  let last = 0;
  for (const match of template.matchAll(/\{([A-Z])\}/gu)) {
    text += template.slice(last, match.index);
    const value = valueOf(match[1]!, language, pools, random);
    const label = marked[match[1]!];
    const previous = spans.at(-1);
    // "{U} {F}" is one person.
    if (label === "PER" && previous?.[2] === "PER" && /^,? $/u.test(text.slice(previous[1]))) previous[1] = text.length + value.length;
    else if (label) spans.push([text.length, text.length + value.length, label]);
    text += value;
    last = match.index + match[0].length;
  }
  return { lang: language, src: "template", text: text + template.slice(last), spans };
}

function valueOf(slot: string, language: string, pools: Pools, random: Random): string {
  const two = (limit: number): string => String(1 + below(limit, random)).padStart(2, "0");
  switch (slot) {
    case "P": return personForm(pools, language, random);
    case "F": return nameFrom(pools.first, language, random);
    case "L": return surname(pools, language, random);
    case "Q": return `${nameFrom(pools.first, language, random)} ${surname(pools, language, random)}`;
    case "U": return nameFrom(pools.last, language, random).toUpperCase();
    case "I": return `${pick([..."ABCDEFGHJKLMNPRSTW"], random)}${random() < .7 ? "." : ""}`;
    case "A": return street(pools, language, random);
    case "C": return nameFrom(pools.cities, language, random);
    case "W": return pick(pools.countries, random);
    case "O": return organisation(language, pools, random);
    case "Z": return String(1000 + below(98_000, random)).padStart(5, "0");
    case "D": return pick([`${two(28)}.${two(12)}.${1950 + below(75, random)}`, `${two(28)}/${two(12)}/${1950 + below(75, random)}`, `${1950 + below(75, random)}-${two(12)}-${two(28)}`], random);
    case "X":
    case "K": return thing(random);
    case "H": return pick(pools.nouns, random);
    case "N": return String(below(99_999_999, random));
    case "T": return `0${below(9, random)} ${two(99)} ${two(99)} ${two(99)} ${two(99)}`;
    case "E": return `${nameFrom(pools.last, language, random).toLowerCase()}@example.org`;
    case "Y": return String(1 + below(90, random));
    default: throw new Error(`unknown slot {${slot}}`);
  }
}

function organisation(language: string, pools: Pools, random: Random): string {
  const name = nameFrom(pools.last, language, random);
  const forms: Record<string, string[]> = { en: ["Ltd", "Inc", "LLC", "Group", "Hospital", "University", "and Sons", "Partners"], de: ["GmbH", "AG", "KG", "Klinik", "Versicherung AG", "e.V.", "GmbH & Co. KG"], fr: ["SA", "SARL", "SAS"], es: ["SL", "SA"] };
  if (random() < .4 && pools.organisations[language]!.length > 50) return pick(pools.organisations[language]!, random);
  if (language === "fr" && random() < .5) return `${pick(["Hôpital", "Clinique", "CHU", "Institut", "Société", "Groupe"], random)} ${name}`;
  if (language === "es" && random() < .5) return `${pick(["Hospital", "Clínica", "Universidad de", "Grupo", "Instituto"], random)} ${name}`;
  return `${name} ${pick(forms[language]!, random)}`;
}
