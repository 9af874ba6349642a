import { writeFileSync } from "node:fs";
import { rowCount } from "../../src/language/recogniser/features.ts";
import { labelCount, signature } from "../../src/language/recogniser/model.ts";
import type { Trainer } from "./train.ts";

/** Rows kept: those whose weights differ most, the more often met the more. */
const kept = 370_000;
const rarest = 4;

/** Writes the file that `readModel` describes; returns its bytes. */
export function saveModel({ weights, transitions, seen }: Trainer, file: string): number {
  const worth = new Float32Array(rowCount);
  const middle = new Float32Array(rowCount);
  for (let row = 0; row < rowCount; row++) {
    if (seen[row]! < rarest) continue;
    let [low, high] = [Infinity, -Infinity];
    for (let label = 0; label < labelCount; label++) {
      low = Math.min(low, weights[row * labelCount + label]!);
      high = Math.max(high, weights[row * labelCount + label]!);
    }
    worth[row] = (high - low) * Math.log(1 + seen[row]!);
    // Only differences between labels count; centred they need the smallest bytes.
    middle[row] = (low + high) / 2;
  }
  const centred = (row: number, label: number): number => weights[row * labelCount + label]! - middle[row]!;
  const bar = worth.toSorted().at(-kept)!;
  const rows = Array.from(worth.keys()).filter((row) => worth[row]! > 0 && worth[row]! >= bar).slice(0, kept);
  let widest = 0;
  for (const row of rows) for (let label = 0; label < labelCount; label++) widest = Math.max(widest, Math.abs(centred(row, label)));
  const scale = Math.min(widest, 4) / 127;
  const bitsAt = 16 + transitions.length * 4;
  const weightsAt = bitsAt + rowCount / 8;
  const bytes = Buffer.alloc(weightsAt + rows.length * labelCount);
  bytes.writeUInt32LE(signature, 0);
  bytes.writeUInt32LE(rows.length, 4);
  bytes.writeFloatLE(scale, 8);
  for (const [at, value] of transitions.entries()) bytes.writeFloatLE(value, 16 + at * 4);
  for (const [place, row] of rows.entries()) {
    const byte = bitsAt + (row >>> 3);
    bytes[byte] = bytes[byte]! | (1 << (row & 7));
    for (let label = 0; label < labelCount; label++) bytes.writeInt8(Math.max(-127, Math.min(127, Math.round(centred(row, label) / scale))), weightsAt + place * labelCount + label);
  }
  writeFileSync(file, bytes);
  return bytes.length;
}
