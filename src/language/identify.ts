import { scripts, stopWords, tellingLetters } from "./stop-words.ts";

const sets = Object.entries(stopWords).map(([language, words]) => [language, new Set(words.split(" "))] as const);
const holders = new Map<string, string[]>();
for (const [language, words] of sets) for (const word of words) holders.set(word, [...(holders.get(word) ?? []), language]);

/** Characters looked at: a document's language shows early, and the cost stays bounded. */
const sample = 20_000;

/**
 * ISO 639-1 code by script, function words and letters; null when the text is too short or hardly language (numbers,
 * code, lists of names). A word that several languages share counts the less for each.
 */
export function identify(text: string): string | null {
  const part = text.length > sample ? text.slice(0, sample / 2) + text.slice(text.length >> 1, (text.length >> 1) + sample / 2) : text;
  const letters = part.match(/\p{L}/gu)?.length ?? 0;
  if (letters < 12) return scripts.find(([script]) => (part.match(script)?.length ?? 0) >= 4)?.[1] ?? null;
  for (const [script, language] of scripts) {
    const count = part.match(script)?.length ?? 0;
    if (count > letters * (language === "ja" ? .1 : .4)) return language;
  }
  const words = part.toLowerCase().replace(/’/gu, "'").match(/\p{L}{1,40}(?:'\p{L}{1,20})?/gu) ?? [];
  const scores = new Map<string, number>();
  let hits = 0;
  for (const word of words) {
    const apostrophe = word.indexOf("'");
    const languages = holders.get(word) ?? (apostrophe > 0 && apostrophe < 3 ? ["fr"] : undefined);
    if (!languages) continue;
    hits += 1;
    for (const language of languages) scores.set(language, (scores.get(language) ?? 0) + 1 / Math.sqrt(languages.length));
  }
  const lower = part.toLowerCase();
  for (const [language, telling] of Object.entries(tellingLetters)) {
    const count = lower.match(telling)?.length ?? 0;
    if (scores.has(language) || count > letters * .02) scores.set(language, (scores.get(language) ?? 0) + Math.min(count, words.length * .3) * .5);
  }
  const ranked = [...scores].toSorted((a, b) => b[1] - a[1]);
  const best = ranked[0];
  if (!best || (hits < 2 && words.length > 6) || best[1] < Math.max(1.2, words.length * .07)) return null;
  const second = ranked[1]?.[1] ?? 0;
  return best[1] - second < .35 && words.length < 30 ? null : best[0];
}
