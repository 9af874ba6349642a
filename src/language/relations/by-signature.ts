import { isLeading, of, posts, titles } from "./posts.ts";
import type { Add, Scene } from "./sentence.ts";

/** "Sabine Krause\nLeiterin Einkauf, Stadtwerke AG": name, post and company on lines of their own. */
const signature = new RegExp(`^[ \\t]*\\r?\\n(?:[^\\n.;:|]{0,60}?(?<post>${posts})[^\\n.;:|]{0,40}(?:,\\s|\\r?\\n|\\s${of}\\s))$`, "u");
/** Two lines of a letter: the name and what it belongs to, either way round. */
const nextLine = new RegExp(`^[ \\t]*\\r?\\n[ \\t]*(?:[^\\n.;:|,]{2,40},\\s)?${titles}$`, "u");
const lineStart = new RegExp(`(?:^|\\n)[ \\t]*${titles}$`, "u");
const onBehalf = /(?:^|\n)[^\n]{0,20}(?:[Ff]or\sand\son\sbehalf\sof|[Ss]igned\s(?:for|on\sbehalf\sof)|[Ff]ür\sdie|[Pp]our\sla\ssociété|[Pp]or\sla\sempresa)\s(?:the\s)?$/u;
const signs = /^[^\n]{0,30}\r?\n(?:[^\n]{0,60}\r?\n){0,3}[ \t]*(?:(?:Name|By|Signature|Unterschrift|Nom|Nombre)\s?:?\s?_{0,40}\s?)?$/iu;

/** Signatures run over several "sentences": a person and its company on lines of their own. */
export function readSignatures({ text, candidates }: Scene, add: Add): void {
  for (let index = 0; index + 1 < candidates.length; index++) {
    const [a, b] = [candidates[index]!, candidates[index + 1]!];
    if (isPair(a.type, b.type)) {
      const [person, company] = a.type === "PERSON" ? [index, index + 1] : [index + 1, index];
      const gap = text.slice(a.end, Math.min(b.start, a.end + 160));
      const signed = a.type === "ORGANIZATION" && signs.test(gap) && onBehalf.test(text.slice(Math.max(0, a.start - 60), a.start));
      if (signed || (startsLine(text, a.start) && endsLine(text, b.end) && nextLine.test(gap.slice(0, 120)))) add(company, "EMPLOYS", person, { start: a.start, end: b.end }, 6, .65);
    }
    if (a.type === "PERSON") readPost({ text, candidates }, index, add);
  }
}

function readPost({ text, candidates }: Pick<Scene, "text" | "candidates">, person: number, add: Add): void {
  for (let next = person + 1; next < candidates.length && next < person + 3; next++) {
    if (candidates[next]!.type !== "ORGANIZATION") continue;
    const gap = text.slice(candidates[person]!.end, candidates[next]!.start);
    const post = gap.length < 140 ? signature.exec(gap)?.groups?.["post"] : undefined;
    if (!post) continue;
    const span = { start: candidates[person]!.start, end: candidates[next]!.end };
    add(next, "EMPLOYS", person, span, 8, .8);
    if (isLeading(post)) add(person, "MANAGES", next, span, 8, .75);
  }
}

const isPair = (a: string, b: string): boolean => (a === "PERSON" && b === "ORGANIZATION") || (a === "ORGANIZATION" && b === "PERSON");
const startsLine = (text: string, at: number): boolean => lineStart.test(text.slice(Math.max(0, at - 30), at));
const endsLine = (text: string, at: number): boolean => /^[ \t]*(?:,|\r?\n|$)/u.test(text.slice(at, at + 8));
