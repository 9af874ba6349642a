import type { Span } from "./language.ts";

const abbreviations = new Set(
  ("dr prof mr mrs ms st sr sra jr inc ltd co corp no nr vs etc fig al approx dept est gov gen col sen rep rev hon capt lt sgt mt ft vol ed eds pp cf resp u.s e.g i.e " +
    "z b d h u a bzw ca evtl ggf inkl max min mio mrd s str tel usw vgl zzgl abs art bd dipl ing hr fr jun sen geb gest lfd verf hrsg jh jan feb mar apr jun jul aug sep sept oct okt nov dec dez " +
    "m mm mme mlle me pr av bd cie env ex p ex chap éd n° núm num sra srta d dña avda ud uds pág págs ee uu tlf apdo").split(" "),
);
const listItem = /^[ \t]*(?:[-*•‣|>#]|\d{1,3}[.)]\s)/u;
const openers = /["'“„«»(‚‘¿¡[]/u;

/** Sentences of a text, paragraph by paragraph; abbreviations, initials, ordinals and decimals do not end one. */
export function sentences(text: string): Span[] {
  const found: Span[] = [];
  let from = 0;
  const close = (to: number): void => {
    let start = from;
    let end = to;
    while (start < end && isBlank(text.charCodeAt(start))) start += 1;
    while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
    if (end > start) found.push({ start, end });
    from = to;
  };
  for (const match of text.matchAll(/\n[ \t\r]*\n|[.!?…。！？](?:["'”“»)\]’]{0,2})(?=\s|$)|[。！？]|\n/gu)) {
    const at = match.index;
    const end = at + match[0].length;
    if (match[0] === "\n") {
      if (listItem.test(text.slice(end, end + 12)) || lineEnds(text, at)) close(end);
      continue;
    }
    if (match[0][0] === "\n") {
      close(at + 1);
      continue;
    }
    if (match[0][0] === "." && !ends(text, at, end)) continue;
    close(end);
  }
  close(text.length);
  return found;
}

const isBlank = (code: number): boolean => code === 32 || (code >= 9 && code <= 13) || code === 0xa0;

/** A line break ends a sentence where the line was short (a heading, a field), or the next one is a field or table row. */
function lineEnds(text: string, at: number): boolean {
  const lineStart = text.lastIndexOf("\n", at - 1) + 1;
  const nextEnd = text.indexOf("\n", at + 1);
  const line = text.slice(Math.max(lineStart, at - 200), at).trim();
  const next = text.slice(at + 1, nextEnd < 0 ? Math.min(text.length, at + 200) : Math.min(nextEnd, at + 200)).trim();
  if (!line || !next) return true;
  if (/^[\p{L} /.-]{1,40}:/u.test(next) || /^[\p{L} /.-]{1,40}:/u.test(line) || /[|\t]/u.test(line)) return true;
  return line.length < 45 && /^[\p{Lu}\p{N}"“„]/u.test(next) && !/[,;–-]$/u.test(line);
}

/** Whether the full stop at `at` ends a sentence. */
function ends(text: string, at: number, end: number): boolean {
  let start = at;
  while (start > 0 && at - start < 30 && /[\p{L}\p{N}.'’°]/u.test(text[start - 1]!)) start -= 1;
  const word = text.slice(start, at);
  const joined = start > 0 && !isBlank(text.charCodeAt(start - 1)) && !/[("]/u.test(text[start - 1]!);
  let next = end;
  while (next < text.length && next < end + 20 && (isBlank(text.charCodeAt(next)) || openers.test(text[next]!))) next += 1;
  const following = text[next];
  if (following === undefined) return true;
  const upper = /\p{Lu}/u.test(following);
  const lower = word.toLowerCase();
  if (/^\p{Lu}$/u.test(word)) return false;
  if (abbreviations.has(lower)) {
    // "…, Inc. The", "… usw. Der": a function word with a capital opens a new sentence.
    if (/^(?:inc|ltd|corp)$/u.test(lower)) return upper && !/^(?:Ltd|Inc|LLC)/u.test(text.slice(next, next + 4));
    return upper && /^(?:co|etc|usw|al|approx|mio|mrd|cie)$/u.test(lower) && opensSentence(text, next);
  }
  if (/^(?:\p{L}\.)+\p{L}$/u.test(word)) return upper && opensSentence(text, next);
  // German ordinals and dates: "am 3. Mai", "der 2. Senat".
  if (/^\d{1,2}$/u.test(word) && !joined) return upper && opensSentence(text, next);
  return upper || /[\p{N}\p{Lo}]/u.test(following) || openers.test(text[end + 1] ?? "") || (!/\p{Ll}/u.test(following) && following !== ",");
}

const opensSentence = (text: string, at: number): boolean =>
  /^(?:The|This|That|These|It|He|She|They|We|In|On|At|A|An|For|But|And|His|Her|Its|Our|By|As|After|Der|Die|Das|Es|Sie|Er|Wir|Im|In|Am|Ein|Eine|Für|Mit|Bei|Auch|Le|La|Les|Il|Elle|Un|Une|En|Cette|Ce|El|Los|Las|Una|Se|Su|Este|Esta)\s/u.test(text.slice(at, at + 8));
