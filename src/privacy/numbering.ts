import type { VaultEntry } from "./vault.ts";

/** Words before a name that are not part of it when two forms of a name are compared. */
const titles =
  /^(?:(?:mr|mrs|ms|miss|sir|dame|lord|lady|dr|prof|professor|med|ing|dipl|herr|herrn|frau|fräulein|monsieur|madame|mademoiselle|m|mme|mlle|maître|me|señor|señora|sr|sra|srta|don|doña|dra)\.?[ -]+)+/iu;

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
    let number = 1 + Math.max(0, ...entries.filter((each) => each.type === type).map((each) => each.number));
    while (taken(type, number)) number++;
    return number;
  }

  return {
    entries,
    /** Longer names first, so that a surname finds the full name it belongs to; numbers follow the order given. */
    assign(values: { type: string; value: string }[]): Map<string, VaultEntry> {
      const fresh = values.filter((each) => !byValue.has(`${each.type} ${each.value}`));
      const ordered = fresh.map((each, index) => ({ ...each, index, words: nameWords(each.value).length })).toSorted((a, b) => (a.type === "PERSON" && b.type === "PERSON" ? b.words - a.words : 0) || a.index - b.index);
      for (const { type, value } of ordered) {
        if (byValue.has(`${type} ${value}`)) continue;
        const number = numberFor(type, value);
        const forms = entries.filter((each) => each.type === type && each.number === number).length;
        // After [PERSON_1z] a person gets a second number: restoring needs one letter only.
        const full = forms > 25;
        const free = full ? 1 + Math.max(...entries.filter((each) => each.type === type).map((each) => each.number)) : number;
        const entry: VaultEntry = { type, number: free, form: full || forms === 0 ? "" : String.fromCharCode(97 + forms), value };
        entries.push(entry);
        byValue.set(`${type} ${value}`, entry);
      }
      return byValue;
    },
  };
}
