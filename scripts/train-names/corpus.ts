import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Lists } from "../../src/language/lists.ts";
import { labels } from "../../src/language/recogniser/model.ts";
import { type Token, tokenise } from "../../src/language/tokens.ts";

export interface Piece {
  text: string;
  kind: Token["kind"];
}

/** A part of a text to learn from: its words and the number of each one's label. */
export interface Chunk {
  source: string;
  language: string;
  pieces: Piece[];
  labels: Uint8Array;
  named: boolean;
}

export interface Line {
  lang: string;
  src: string;
  text: string;
  spans: [number, number, string][];
}

/** Share-alike: weights learnt from them would be so too. */
const shareAlike = /^(?:UNER|UD)_/u;
const types: Record<string, number> = { PER: 1, ORG: 3, LOC: 5, ADR: 7 };
/** Labels of the annotated texts that also serve as test data, of which the even lines are learnt from. */
const otherLabels: Record<string, string> = {
  PERSON: "PER", PER: "PER", RR: "PER", AN: "PER", NOM: "PER", PRENOM: "PER", ORGANIZATION: "ORG", ORG: "ORG", UN: "ORG", HOPITAL: "ORG", LOCATION: "LOC", ST: "LOC", VILLE: "LOC", ADDRESS: "ADR", STR: "ADR", ADRESSE: "ADR",
};

/** `{en,de,fr,es}.jsonl.gz` of a folder, without the share-alike sources. */
export function readCorpus(folder: string): Line[] {
  return ["en", "de", "fr", "es"].flatMap((language) =>
    gunzipSync(readFileSync(join(folder, `${language}.jsonl.gz`))).toString("utf8").trim().split("\n").map((line) => JSON.parse(line) as Line).filter((line) => !shareAlike.test(line.src)),
  );
}

/** Even lines of `FOLDER/{language}.jsonl`, `times` times; the odd ones stay unseen. */
export function readEvenLines(folder: string, language: string, times: number): Line[] {
  const file = join(folder, `${language}.jsonl`);
  if (!existsSync(file)) throw new Error(`${file} is missing; the model is trained on its even lines too`);
  const all = readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line) as { text: string; spans: { start: number; end: number; label: string }[] });
  const lines = all.filter((_, index) => index % 2 === 0).map(({ text, spans }): Line => ({ lang: language, src: `${language}-even`, text, spans: joined(text, spans.flatMap((span) => (otherLabels[span.label] ? [[span.start, span.end, otherLabels[span.label]!] as [number, number, string]] : []))) }));
  return Array.from({ length: times }, () => lines).flat();
}

/** Surname and first name, or number and street, side by side are one. */
function joined(text: string, spans: [number, number, string][]): [number, number, string][] {
  const all: [number, number, string][] = [];
  for (const span of spans.toSorted((a, b) => a[0] - b[0])) {
    const last = all.at(-1);
    if (last && last[2] === span[2] && span[0] - last[1] <= 1 && /^[ \n]?$/u.test(text.slice(last[1], span[0])) && (span[2] === "ADR" || text[last[1]] !== "\n")) last[1] = Math.max(last[1], span[1]);
    else all.push([...span]);
  }
  return all;
}

const longest = 300;

/** Chunks of at most 300 words, cut at a line break or full stop. */
export function chunksOf(line: Line, lists: Lists): Chunk[] {
  const tokens = tokenise(line.text, lists);
  const marks = labelsOf(tokens, line.spans);
  const chunks: Chunk[] = [];
  for (let from = 0; from < tokens.length; ) {
    let to = Math.min(tokens.length, from + longest);
    if (to < tokens.length) {
      let cut = to;
      while (cut > from + longest / 2 && !(tokens[cut - 1]!.kind === "break" || (tokens[cut - 1]!.text === "." && !marks[cut]))) cut -= 1;
      if (cut > from + longest / 2) to = cut;
    }
    const part = marks.slice(from, to);
    if (part[0] && !(part[0] & 1)) part[0] -= 1;
    chunks.push({ source: line.src, language: line.lang, pieces: tokens.slice(from, to).map(({ text, kind }) => ({ text, kind })), labels: part, named: part.some(Boolean) });
    from = to;
  }
  return chunks;
}

function labelsOf(tokens: Token[], spans: [number, number, string][]): Uint8Array {
  const marks = new Uint8Array(tokens.length);
  let at = 0;
  for (const [start, end, label] of spans.toSorted((a, b) => a[0] - b[0])) {
    const type = types[label];
    if (!type) throw new Error(`label ${label} is none of ${Object.keys(types).join(" ")} (${labels.join(" ")})`);
    while (at < tokens.length && tokens[at]!.end <= start) at += 1;
    let begun = false;
    for (; at < tokens.length && tokens[at]!.start < end; at++) {
      if (tokens[at]!.kind === "break" && type !== 7) {
        begun = false;
        continue;
      }
      marks[at] = begun ? type + 1 : type;
      begun = true;
    }
  }
  return marks;
}
