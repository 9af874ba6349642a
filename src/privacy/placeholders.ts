import type { VaultEntry } from "./vault.ts";

export const placeholder = (entry: Pick<VaultEntry, "type" | "number" | "form">): string => `[${entry.type}_${entry.number}${entry.form}]`;

/** As we write them. */
export const exactPlaceholders = (text: string): { start: number; end: number }[] =>
  [...text.matchAll(/\[[A-Z]{2,12}_\d{1,6}[a-z]?\]/g)].map((match) => ({ start: match.index, end: match.index + match[0].length }));

/**
 * As models give them back: other case, blanks, bold or code marks, escaped underscore, an ending inside the bracket
 * ("[PERSON_1's]"), or no brackets at all ("PERSON_1").
 */
const tolerant =
  /\\?\[[ *_`]{0,4}(?<type>\p{L}{2,12})(?:[ _-]|\\_){1,2}(?<number>\d{1,6})[ ]?(?<form>[a-zA-Z]?)(?<ending>(?:['’]?[a-z]{1,3})?)[ *_`]{0,4}\\?\]|(?<![\p{L}\p{N}_[])(?<bareType>\p{Lu}{2,12})\\?_(?<bareNumber>\d{1,6})(?<bareForm>[a-z]?)(?![\p{L}\p{N}_])/gu;

/** Types as a model translates them; ours are English. */
const translated = new Map(
  Object.entries({
    PERSON: "PERSONNE PERSONA PERSONEN NAME NOM NOMBRE", EMAIL: "MAIL COURRIEL CORREO", PHONE: "TELEFON TELEPHONE TELEFONO TÉLÉPHONE TELÉFONO", AGE: "ALTER EDAD ÂGE", DEVICE: "GERÄT APPAREIL DISPOSITIVO",
  }).flatMap(([type, words]) => words.split(" ").map((word) => [word, type] as const)),
);

interface Reading {
  type: string;
  number: number;
  form: string;
  ending: string;
}

function readingOf(match: RegExpExecArray): Reading {
  const { type, number, form, ending, bareType, bareNumber, bareForm } = match.groups!;
  if (bareType !== undefined) return { type: bareType, number: Number(bareNumber), form: bareForm!, ending: "" };
  return { type: type!.toUpperCase(), number: Number(number), form: form!.toLowerCase(), ending: ending! };
}

/** What in a text reads as one of our placeholders. */
export function placeholdersIn(text: string): { start: number; end: number; type: string; number: number }[] {
  return [...text.matchAll(tolerant)].map((match) => {
    const read = readingOf(match);
    return { start: match.index, end: match.index + match[0].length, ...read, type: translated.get(read.type) ?? read.type };
  });
}

/**
 * Puts the real values back; what is not in the list stays as it is. A `field` that is nothing but one name, twice or with an
 * ending or marks around it, is that name, byte for byte.
 */
export function restorer(entries: readonly VaultEntry[]): (text: string, field?: boolean) => string {
  const values = new Map(entries.map((entry) => [`${entry.type} ${entry.number} ${entry.form}`, entry.value]));
  const types = new Set(entries.map((entry) => entry.type));
  const valueOf = (as: Reading): { value: string; ending: string } | null => {
    const read = types.has(as.type) ? as : { ...as, type: translated.get(as.type) ?? as.type };
    const value = values.get(`${read.type} ${read.number} ${read.form}`);
    if (value !== undefined) return { value, ending: read.ending };
    // A letter that is no form of this name is an ending: "[PERSON_1s]".
    const first = values.get(`${read.type} ${read.number} `);
    return first === undefined || read.form === "" ? null : { value: first, ending: read.form + read.ending };
  };
  return (text, field = false) => {
    if (field && !/[\p{L}\p{N}]/u.test(text.replaceAll(tolerant, ""))) {
      const named = new Set([...text.matchAll(tolerant)].map((match) => valueOf(readingOf(match))?.value));
      const [only] = named;
      if (named.size === 1 && only !== undefined) return only;
    }
    return text.replaceAll(tolerant, (...found) => {
      const read = valueOf(readingOf({ groups: found.at(-1) } as unknown as RegExpExecArray));
      return read === null ? (found[0] as string) : read.value + read.ending;
    });
  };
}
