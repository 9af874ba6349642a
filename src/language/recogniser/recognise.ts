import type { NameType } from "../language.ts";
import type { Lists } from "../lists.ts";
import type { Found } from "../names/found.ts";
import type { Token } from "../tokens.ts";
import { labelCount, labels, type Model } from "./model.ts";
import { type Bias, type Score, scorer } from "./scores.ts";
import { readWord, type Word, wordReader } from "./words.ts";

const never = -1e9;
/** Tuned on the even lines of annotated texts: languages with more wrong findings ask for more. A listed name that is hardly anything else needs less. */
const biases: Record<string, Bias> = { de: { person: -.5, listed: .5 }, fr: { person: -1, listed: 1 }, es: { person: -1, listed: 1 } };
const usual: Bias = { person: 0, listed: .5 };

/** Opens the recogniser: names by the trained model, as ranges of tokens in order. Linear in the text. */
export function openRecogniser(lists: Lists, model: Model): (tokens: readonly Token[], language: string | null) => Found[] {
  const wordOf = wordReader(lists);
  // Tokens of one spelling bring along what was read of it before.
  const remembered = (token: Token): Word => {
    if (!token.known) return wordOf(token);
    if (token.known.read?.by !== wordOf) token.known.read = { by: wordOf, word: readWord(token, lists) };
    return token.known.read.word as Word;
  };
  return (tokens, language) => {
    const words = tokens.map(remembered);
    return decode(tokens, words, scorer(words, model, biases[language ?? ""] ?? usual), model);
  };
}

/**
 * 1 where a place can be no part of a name: neither it nor a neighbour tells of one, nor do two words around it on both
 * sides; or it is a part of a code ("a3f9c2").
 */
function quietPlaces(tokens: readonly Token[], words: readonly Word[]): Uint8Array {
  const count = words.length;
  const quiet = new Uint8Array(count);
  // Three places on either side are outside.
  const telling = new Uint8Array(count + 6);
  for (let at = 0; at < count; at++) if (words[at]!.telling) telling[at + 3] = 1;
  let glued = false;
  for (let at = 0; at < count; at++) {
    const near = telling[at + 2]! | telling[at + 3]! | telling[at + 4]!;
    const between = (telling[at]! | telling[at + 1]!) & (telling[at + 5]! | telling[at + 6]!);
    const next = at + 1 < count && isGlued(tokens[at]!, tokens[at + 1]!);
    quiet[at] = (near | between) === 0 || (glued && next) ? 1 : 0;
    glued = next;
  }
  return quiet;
}

/** A number beside a word without a blank: on both sides of a place they make a code. */
const isGlued = (left: Token, right: Token): boolean =>
  !right.spaced && left.kind !== right.kind && (left.kind === "word" || left.kind === "number") && (right.kind === "word" || right.kind === "number");

/** Viterbi. Quiet places are no name; a line break only stands in an address. */
function decode(tokens: readonly Token[], words: readonly Word[], scoreAt: Score, { transitions }: Model): Found[] {
  const count = words.length;
  const cameFrom = new Uint8Array(count * labelCount);
  const scores = new Float32Array(labelCount);
  // By how much each label beats O at each place, without its neighbours.
  const leads = new Float32Array(count * labelCount);
  // Read as they are; what is written to `best` is rounded to 32 bits.
  const best = new Float64Array(labelCount);
  const next = new Float64Array(labelCount);
  const into = byTarget(transitions);
  // What lies this far behind the best leads nowhere.
  const margin = spread(transitions);
  const alive = new Uint8Array(labelCount);
  const quiet = quietPlaces(tokens, words);
  let silent = false;
  for (let at = 0; at < count; at++) {
    if (quiet[at]) {
      // All paths end in O.
      if (at && !silent) cameFrom[at * labelCount] = highest(best, transitions);
      best.fill(never);
      best[0] = 0;
      silent = true;
      continue;
    }
    silent = false;
    scoreAt(at, scores);
    for (let label = 1; label < labelCount; label++) leads[at * labelCount + label] = scores[label]! - scores[0]!;
    const closed = words[at]!.break;
    let living = 0;
    for (let label = 0; label < labelCount; label++) if (best[label]! >= margin) alive[living++] = label;
    let top = never;
    for (let to = 0; to < labelCount; to++) {
      let most = never * 2;
      let from = 0;
      if (!at) most = to && !(to & 1) ? never : transitions[labelCount * labelCount + to]!;
      else if (to && !(to & 1)) {
        // Inside follows begin or inside of the same type.
        const begun = best[to - 1]! + into[to * labelCount + to - 1]!;
        const inside = best[to]! + into[to * labelCount + to]!;
        most = begun > inside ? begun : inside;
        from = begun > inside ? to - 1 : to;
      } else {
        for (let index = 0; index < living; index++) {
          const each = alive[index]!;
          const sum = best[each]! + into[to * labelCount + each]!;
          if (sum > most) {
            most = sum;
            from = each;
          }
        }
      }
      const score = closed && to > 0 && to < 7 ? never : Math.fround(Math.max(never, most + scores[to]!));
      next[to] = score;
      if (score > top) top = score;
      cameFrom[at * labelCount + to] = from;
    }
    // Only differences matter: kept small, so that a long text loses no precision.
    for (let label = 0; label < labelCount; label++) best[label] = Math.fround(Math.max(never, next[label]! - top));
  }
  return spans(words.length, cameFrom, leads, best);
}

/** `[to * 9 + from]`. */
const byTarget = (transitions: Float32Array): Float64Array => Float64Array.from({ length: labelCount * labelCount }, (_, at) => transitions[(at % labelCount) * labelCount + Math.floor(at / labelCount)]!);

/** The least that the best label's lead of 0 can fall to beside another, over all transitions, and a little more. */
function spread(transitions: Float32Array): number {
  const inner = transitions.subarray(0, labelCount * labelCount);
  return inner.reduce((least, each) => Math.min(least, each), 0) - inner.reduce((most, each) => Math.max(most, each), 0) - 1;
}

/** The label from which O is reached best. */
function highest(best: Float64Array, transitions: Float32Array): number {
  let from = 0;
  for (let label = 1; label < labelCount; label++) if (best[label]! + transitions[label * labelCount]! > best[from]! + transitions[from * labelCount]!) from = label;
  return from;
}

/** Back from the best last label. */
function spans(count: number, cameFrom: Uint8Array, leads: Float32Array, last: Float64Array): Found[] {
  let label = last.indexOf(Math.max(...last));
  const found: Found[] = [];
  let to = -1;
  let lead = 0;
  for (let at = count - 1; at >= 0; at--) {
    if (label && to < 0) {
      to = at + 1;
      lead = 0;
    }
    lead += leads[at * labelCount + label]!;
    const from = cameFrom[at * labelCount + label]!;
    if (label & 1) {
      found.push({ from: at, to, type: labels[label]!.slice(2) as NameType, score: 1 / (1 + Math.exp(-lead / (to - at) / 2)) });
      to = -1;
    }
    label = from;
  }
  return found.toReversed();
}
