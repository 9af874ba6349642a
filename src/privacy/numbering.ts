import type { VaultEntry } from "./vault.ts";

/** Words before a name that are not part of it when two forms of a name are compared. */
const titles =
  /^(?:(?:mr|mrs|ms|miss|sir|dame|lord|lady|dr|prof|professor|med|ing|dipl|herr|herrn|frau|fräulein|monsieur|madame|mademoiselle|m|mme|mlle|maître|me|señor|señora|sr|sra|srta|don|doña|dra)\.?[ -]+)+/iu;

export const withoutTitles = (value: string): string => value.replace(titles, "");

const nameWords = (value: string): string[] =>
  value
    .normalize("NFKC")
    .toLowerCase()
    .replace(titles, "")
    .replace(/['’]s$/u, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/** Two forms of one name: the words of one are among the other's, or their initials ("A. Lang" and "Anna Lang"). */
function sameName(short: string[], long: string[]): boolean {
  if (short.length === 0 || short.length > long.length) return false;
  if (short.length === 1 && short[0]!.length < 2) return false;
  const free = [...long];
  return short.every((word) => {
    const place = free.findIndex((each) => each === word || (short.length > 1 && (word.length === 1 ? each.startsWith(word) : each.length === 1 && word.startsWith(each))));
    if (place === -1) return false;
    free.splice(place, 1);
    return true;
  });
}

export type Numbering = ReturnType<typeof openNumbering>;

/** `taken` numbers stand in the text already. Gives values their placeholders: equal values the same, forms of one person's name the same number. */
export function openNumbering(entries: VaultEntry[], taken: (type: string, number: number) => boolean) {
  const byValue = new Map(entries.map((entry) => [`${entry.type} ${entry.value}`, entry]));

  function numberFor(type: string, value: string): number {
    if (type === "PERSON") {
      const words = nameWords(value);
      const same = new Set(entries.filter((each) => each.type === type).filter((each) => sameName(words, nameWords(each.value)) || sameName(nameWords(each.value), words)).map((each) => each.number));
      if (same.size === 1) return [...same][0]!; // two persons of one surname: the surname alone stays apart
    } else {
      const plain = (text: string): string => text.replace(/[\s./()-]/g, "").toLowerCase();
      const same = entries.find((each) => each.type === type && plain(each.value) === plain(value));
      if (same) return same.number;
    }
    return nextNumber(type);
  }

  function nextNumber(type: string): number {
    let number = 1 + Math.max(0, ...entries.filter((each) => each.type === type).map((each) => each.number));
    while (taken(type, number)) number++;
    return number;
  }

  function add(type: string, value: string): void {
    const number = numberFor(type, value);
    const forms = entries.filter((each) => each.type === type && each.number === number).length;
    // After the 26th form a name gets a second number: a form is one letter.
    const full = forms > 25;
    const entry: VaultEntry = { type, number: full ? nextNumber(type) : number, form: full || forms === 0 ? "" : String.fromCharCode(97 + forms), value };
    entries.push(entry);
    byValue.set(`${type} ${value}`, entry);
  }

  return {
    entries,
    /** Numbers follow the order given, but a short form waits for the longer name it belongs to. */
    assign(values: { type: string; value: string }[]): Map<string, VaultEntry> {
      for (const { type, value } of values) {
        if (type === "PERSON") {
          const words = nameWords(value);
          const longer = values.filter((each) => each.type === type && nameWords(each.value).length > words.length && sameName(words, nameWords(each.value)));
          for (const each of longer) if (!byValue.has(`${type} ${each.value}`)) add(type, each.value);
        }
        if (!byValue.has(`${type} ${value}`)) add(type, value);
      }
      return byValue;
    },
  };
}
