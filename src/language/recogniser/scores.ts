import { Bit } from "../lists.ts";
import { jointRows, type Lines, mostRows, readLines, wordRows } from "./features.ts";
import { labelCount, type Model, placeOf } from "./model.ts";
import { outside, type Word } from "./words.ts";

/** What is added to the score of the labels of a person: `listed` where the word is a listed name that is hardly anything else. */
export interface Bias {
  person: number;
  listed: number;
}

/** Fills the scores of the nine labels at a place. */
export type Score = (at: number, into: Float32Array) => void;

const rows = new Int32Array(mostRows);
const sums = new Int32Array(labelCount);

export function scorer(words: readonly Word[], model: Model, bias: Bias): Score {
  const lines: Lines = readLines(words);
  return (at, into) => {
    addWords(words, at, model);
    addRows(model, jointRows(words, lines, at, rows, 0));
    for (let label = 0; label < labelCount; label++) into[label] = sums[label]! * model.scale;
    const { mask, capital } = words[at]!;
    const more = bias.person + (capital && mask & (Bit.first | Bit.last) && !(mask & (Bit.common | Bit.role)) ? bias.listed : 0);
    into[1]! += more;
    into[2]! += more;
  };
}

/** Sets the sums to what the five words around a place say. */
function addWords(words: readonly Word[], at: number, model: Model): void {
  let o = 0, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
  for (let offset = 0; offset < 5; offset++) {
    const place = at + offset - 2;
    const word = place >= 0 && place < words.length ? words[place]! : outside;
    if (!(word.summed & (1 << offset))) sum(word, offset, model);
    const said = word.sums!;
    const from = offset * labelCount;
    o += said[from]!;
    a += said[from + 1]!;
    b += said[from + 2]!;
    c += said[from + 3]!;
    d += said[from + 4]!;
    e += said[from + 5]!;
    f += said[from + 6]!;
    g += said[from + 7]!;
    h += said[from + 8]!;
  }
  sums.set([o, a, b, c, d, e, f, g, h]);
}

function addRows({ stored, before, weights }: Model, count: number): void {
  let o = 0, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
  for (let at = 0; at < count; at++) {
    const place = placeOf(stored, before, rows[at]!);
    if (place < 0) continue;
    o += weights[place]!;
    a += weights[place + 1]!;
    b += weights[place + 2]!;
    c += weights[place + 3]!;
    d += weights[place + 4]!;
    e += weights[place + 5]!;
    f += weights[place + 6]!;
    g += weights[place + 7]!;
    h += weights[place + 8]!;
  }
  sums[0]! += o;
  sums[1]! += a;
  sums[2]! += b;
  sums[3]! += c;
  sums[4]! += d;
  sums[5]! += e;
  sums[6]! += f;
  sums[7]! += g;
  sums[8]! += h;
}

function sum(word: Word, offset: number, model: Model): void {
  sums.fill(0);
  addRows(model, wordRows(word, offset - 2, rows, 0));
  (word.sums ??= new Int16Array(5 * labelCount)).set(sums, offset * labelCount);
  word.summed |= 1 << offset;
}
