import type { Word } from "../../src/language/recogniser/words.ts";
import { jointRows, mostRows, readLines, rowCount, wordRows } from "../../src/language/recogniser/features.ts";
import { labelCount } from "../../src/language/recogniser/model.ts";
import { outside } from "../../src/language/recogniser/words.ts";

const regularisation = 1e-6;
/** Places that are learnt already teach nothing: what is smaller is skipped. */
const smallest = .002;

export interface Trainer {
  weights: Float32Array;
  transitions: Float32Array;
  /** How often a row was met, at most 255. */
  seen: Uint8Array;
  learn(words: readonly Word[], gold: Uint8Array, rate: number): void;
}

/** Linear-chain conditional random field, learnt chunk by chunk with AdaGrad. */
export function openTrainer(): Trainer {
  const weights = new Float32Array(rowCount * labelCount);
  const squares = new Float32Array(rowCount * labelCount);
  const transitions = new Float32Array((labelCount + 1) * labelCount);
  const transitionSquares = new Float32Array(transitions.length);
  const seen = new Uint8Array(rowCount);
  const most = 400;
  const rows = new Int32Array(most * mostRows);
  const rowEnds = new Int32Array(most);
  const scores = new Float64Array(most * labelCount);
  const forward = new Float64Array(most * labelCount);
  const backward = new Float64Array(most * labelCount);
  const expected = new Float64Array(transitions.length);
  const lift = new Float64Array(labelCount * labelCount);

  function learn(words: readonly Word[], gold: Uint8Array, rate: number): void {
    const count = words.length;
    readRows(words);
    // Probabilities of labels by forward and backward sums of exponentials, each place scaled to one.
    for (let each = 0; each < lift.length; each++) lift[each] = Math.exp(transitions[each]!);
    expected.fill(0);
    for (let at = 0; at < count; at++) {
      let sum = 0;
      for (let to = 0; to < labelCount; to++) {
        let mass = 0;
        if (at) for (let from = 0; from < labelCount; from++) mass += forward[(at - 1) * labelCount + from]! * lift[from * labelCount + to]!;
        else mass = Math.exp(transitions[labelCount * labelCount + to]!);
        sum += forward[at * labelCount + to] = mass * scores[at * labelCount + to]!;
      }
      for (let to = 0; to < labelCount; to++) forward[at * labelCount + to]! /= sum;
    }
    backward.fill(1, (count - 1) * labelCount, count * labelCount);
    for (let at = count - 2; at >= 0; at--) {
      let sum = 0;
      for (let from = 0; from < labelCount; from++) {
        let mass = 0;
        for (let to = 0; to < labelCount; to++) mass += lift[from * labelCount + to]! * scores[(at + 1) * labelCount + to]! * backward[(at + 1) * labelCount + to]!;
        sum += backward[at * labelCount + from] = mass;
      }
      for (let from = 0; from < labelCount; from++) backward[at * labelCount + from]! /= sum;
    }
    for (let at = 1; at < count; at++) expectPairs(at);
    for (let at = 0; at < count; at++) learnPlace(at, gold[at]!, rate);
    expected[labelCount * labelCount + gold[0]!]! -= 1;
    for (let to = 0; to < labelCount; to++) expected[labelCount * labelCount + to]! += share(0, to);
    for (let at = 1; at < count; at++) expected[gold[at - 1]! * labelCount + gold[at]!]! -= 1;
    for (let each = 0; each < transitions.length; each++) {
      const gradient = expected[each]!;
      transitionSquares[each]! += gradient * gradient;
      transitions[each]! -= (rate * gradient) / Math.sqrt(transitionSquares[each]! + 1e-6);
    }
  }

  function readRows(words: readonly Word[]): void {
    const lines = readLines(words);
    const line = new Int32Array(mostRows);
    for (let at = 0; at < words.length; at++) {
      let end = 0;
      for (let offset = -2; offset <= 2; offset++) end = wordRows(words[at + offset] ?? outside, offset, line, end);
      end = jointRows(words, lines, at, line, end);
      rows.set(line.subarray(0, end), at * mostRows);
      rowEnds[at] = end;
      const sums = [0, 0, 0, 0, 0, 0, 0, 0, 0];
      for (let each = 0; each < end; each++) {
        const row = line[each]!;
        if (seen[row]! < 255) seen[row]! += 1;
        const place = row * labelCount;
        for (let label = 0; label < labelCount; label++) sums[label]! += weights[place + label]!;
      }
      const top = Math.max(...sums);
      for (let label = 0; label < labelCount; label++) scores[at * labelCount + label] = Math.exp(sums[label]! - top);
    }
  }

  function expectPairs(at: number): void {
    let sum = 0;
    for (let from = 0; from < labelCount; from++) for (let to = 0; to < labelCount; to++) sum += mass(at, from, to);
    for (let from = 0; from < labelCount; from++) for (let to = 0; to < labelCount; to++) expected[from * labelCount + to]! += mass(at, from, to) / sum;
  }

  const mass = (at: number, from: number, to: number): number =>
    forward[(at - 1) * labelCount + from]! * lift[from * labelCount + to]! * scores[at * labelCount + to]! * backward[at * labelCount + to]!;

  function share(at: number, label: number): number {
    let sum = 0;
    for (let each = 0; each < labelCount; each++) sum += forward[at * labelCount + each]! * backward[at * labelCount + each]!;
    return (forward[at * labelCount + label]! * backward[at * labelCount + label]!) / sum;
  }

  function learnPlace(at: number, gold: number, rate: number): void {
    const gradients = new Float64Array(labelCount);
    let sum = 0;
    for (let label = 0; label < labelCount; label++) sum += gradients[label] = forward[at * labelCount + label]! * backward[at * labelCount + label]!;
    let largest = 0;
    for (let label = 0; label < labelCount; label++) {
      gradients[label] = gradients[label]! / sum - (label === gold ? 1 : 0);
      largest = Math.max(largest, Math.abs(gradients[label]!));
    }
    if (largest < smallest) return;
    for (let each = 0; each < rowEnds[at]!; each++) {
      const place = rows[at * mostRows + each]! * labelCount;
      for (let label = 0; label < labelCount; label++) {
        const gradient = gradients[label]! + regularisation * weights[place + label]!;
        const square = (squares[place + label]! += gradient * gradient);
        weights[place + label]! -= (rate * gradient) / Math.sqrt(square + 1e-6);
      }
    }
  }

  return { weights, transitions, seen, learn };
}
