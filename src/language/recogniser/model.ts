import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../workers/package-root.ts";
import { rowCount } from "./features.ts";

/** O, then begin and inside of each type. */
export const labels = ["O", "B-PERSON", "I-PERSON", "B-ORGANIZATION", "I-ORGANIZATION", "B-LOCATION", "I-LOCATION", "B-ADDRESS", "I-ADDRESS"] as const;
export const labelCount = labels.length;

/** First bytes of the file: "SLN" and the version of the format and of the features. */
export const signature = 0x014e4c53;
const header = 16;

/**
 * The file, little-endian: signature, rows stored, scale (float32), 0; 9 × 9 transitions and 9 starts (float32); one bit a
 * row of `rowCount` (stored or not); 9 × int8 a stored row, by row number. A weight is the byte times the scale.
 */
export interface Model {
  scale: number;
  /** `[from * 9 + to]`, then the nine of the first word. */
  transitions: Float32Array;
  /** Per 32 rows: which are stored, and how many are before them. */
  stored: Uint32Array;
  before: Uint32Array;
  weights: Int8Array;
}

export function readModel(file: string): Model {
  const bytes = readFileSync(file);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(4, true);
  const bitsAt = header + (labelCount + 1) * labelCount * 4;
  const weightsAt = bitsAt + rowCount / 8;
  if (view.getUint32(0, true) !== signature || bytes.length !== weightsAt + count * labelCount) throw new Error(`${file} is not a name model of this version; run "npm run train:names" or restore the file`);
  const transitions = new Float32Array((labelCount + 1) * labelCount);
  for (let at = 0; at < transitions.length; at++) transitions[at] = view.getFloat32(header + at * 4, true);
  const stored = new Uint32Array(rowCount / 32);
  const before = new Uint32Array(rowCount / 32);
  let rows = 0;
  for (let word = 0; word < stored.length; word++) {
    stored[word] = view.getUint32(bitsAt + word * 4, true);
    before[word] = rows;
    rows += ones(stored[word]!);
  }
  return { scale: view.getFloat32(8, true), transitions, stored, before, weights: new Int8Array(bytes.buffer, bytes.byteOffset + weightsAt, count * labelCount) };
}

/** Place of a row's nine weights, or -1: hardly any row is stored, so that the counts are seldom looked at. */
export function placeOf(stored: Uint32Array, before: Uint32Array, row: number): number {
  const bits = stored[row >>> 5]!;
  const bit = 1 << (row & 31);
  if (!(bits & bit)) return -1;
  return (before[row >>> 5]! + ones(bits & (bit - 1))) * labelCount;
}

/** Set bits of a 32-bit number. */
export function ones(bits: number): number {
  let count = bits - ((bits >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

let loaded: Model | undefined;

/** The shipped model, read once a thread (a few ms, 5 MB). */
export const loadModel = (): Model => (loaded ??= readModel(join(packageRoot, "config", "language", "names.bin")));
