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
  /\\?\[[ *_`]{0,4}(?<type>[A-Za-z]{2,12})(?:[ _-]|\\_){1,2}(?<number>\d{1,6})[ ]?(?<form>[a-zA-Z]?)(?<ending>(?:['’]?[a-z]{1,3})?)[ *_`]{0,4}\\?\]|(?<![\p{L}\p{N}_[])(?<bareType>[A-Z]{2,12})\\?_(?<bareNumber>\d{1,6})(?<bareForm>[a-z]?)(?![\p{L}\p{N}_])/gu;

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
  return [...text.matchAll(tolerant)].map((match) => ({ start: match.index, end: match.index + match[0].length, ...readingOf(match) }));
}

/** Puts the real values back; what is not in the list stays as it is. */
export function restorer(entries: readonly VaultEntry[]): (text: string) => string {
  const values = new Map(entries.map((entry) => [`${entry.type} ${entry.number} ${entry.form}`, entry.value]));
  return (text) =>
    text.replaceAll(tolerant, (...found) => {
      const match = found as unknown as [string, ...unknown[]];
      const read = readingOf({ groups: found.at(-1) } as unknown as RegExpExecArray);
      const value = values.get(`${read.type} ${read.number} ${read.form}`);
      if (value !== undefined) return value + read.ending;
      // A letter that is no form of this name is an ending: "[PERSON_1s]".
      const first = values.get(`${read.type} ${read.number} `);
      return first === undefined || read.form === "" ? match[0] : first + read.form + read.ending;
    });
}

/** Longest a placeholder may be as a model writes it. */
const longest = 48;

/** Restores a stream: what could still become a placeholder is held back. */
export function streamRestorer(restore: (text: string) => string): { push(text: string): string; end(): string } {
  let held = "";
  return {
    push(text) {
      held += text;
      const cut = safeEnd(held);
      const ready = held.slice(0, cut);
      held = held.slice(cut);
      return restore(ready);
    },
    end() {
      const rest = restore(held);
      held = "";
      return rest;
    },
  };
}

function safeEnd(text: string): number {
  const from = Math.max(0, text.length - longest);
  let cut = text.length;
  const open = text.indexOf("[", from);
  // Of several open brackets the first may begin a placeholder only if nothing closed it.
  for (let at = open; at !== -1; at = text.indexOf("[", at + 1)) {
    if (!text.slice(at).includes("]")) {
      cut = at;
      break;
    }
  }
  while (cut > 0 && cut > text.length - longest && /[\p{L}\p{N}_\\]/u.test(text[cut - 1]!)) cut--;
  return cut;
}
