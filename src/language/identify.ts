import { scripts, stopWords, tellingLetters } from "./stop-words.ts";

const holders = new Map<string, string[]>();
for (const [language, words] of Object.entries(stopWords)) for (const word of new Set(words.split(" "))) holders.set(word, [...(holders.get(word) ?? []), language]);

/** Characters looked at: a document's language shows early, and the cost stays bounded. */
const sample = 20_000;
/** Up to here one or two function words say enough; a longer text needs several different ones. */
const short = 12;

interface Tally {
  score: number;
  /** Different function words of more than one letter, written small: "De", "La" and "Van" begin names, "m" and "s" are units. */
  different: Set<string>;
}

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
  const words = part.replace(/’/gu, "'").match(/\p{L}{1,40}(?:'\p{L}{1,20})?/gu) ?? [];
  const tallies = countWords(words, /\p{Ll}/u.test(part) && (part.match(/\p{Ll}/gu)?.length ?? 0) > letters / 2);
  const lower = part.toLowerCase();
  for (const [language, telling] of Object.entries(tellingLetters)) {
    const count = lower.match(telling)?.length ?? 0;
    const tally = tallies.get(language);
    if (tally) tally.score += Math.min(count, words.length * .3) * .5;
    else if (count > letters * .02) tallies.set(language, { score: Math.min(count, words.length * .3) * .5, different: new Set() });
  }
  const ranked = [...tallies].filter(([, { different }]) => words.length <= short || different.size > 2).toSorted((a, b) => b[1].score - a[1].score);
  const best = ranked[0];
  if (!best || best[1].score < Math.max(1.2, words.length * .07)) return null;
  const second = ranked[1]?.[1].score ?? 0;
  return best[1].score - second < .35 && words.length < 30 ? null : best[0];
}

/** `mixed`: capitals mean something. */
function countWords(words: string[], mixed: boolean): Map<string, Tally> {
  const tallies = new Map<string, Tally>();
  for (const word of words) {
    const small = word.toLowerCase();
    const apostrophe = small.indexOf("'");
    const languages = holders.get(small) ?? (apostrophe > 0 && apostrophe < 3 ? ["fr"] : undefined);
    if (!languages) continue;
    const capital = mixed && small !== word;
    const weight = (small.length === 1 ? .4 : capital ? .6 : 1) / Math.sqrt(languages.length);
    for (const language of languages) {
      const tally = tallies.get(language) ?? { score: 0, different: new Set<string>() };
      tally.score += weight;
      if (small.length > 1 && !capital) tally.different.add(small);
      tallies.set(language, tally);
    }
  }
  return tallies;
}
