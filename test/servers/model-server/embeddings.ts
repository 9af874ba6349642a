import { createHash } from "node:crypto";

/**
 * A vector of length 1 made of a text's words and character trigrams, hashed: deterministic, and texts that share wording
 * have a high cosine. Common words weigh little, since a real embedder hardly sees them either.
 */
export function embed(text: string, dimension: number): number[] {
  const vector = new Float64Array(dimension);
  for (const word of text.normalize("NFKC").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    const weight = common.has(word) ? 0.1 : 1;
    add(vector, `w:${word}`, weight);
    const padded = `^${word}$`;
    for (let at = 0; at + 3 <= padded.length; at++) add(vector, `t:${padded.slice(at, at + 3)}`, weight * 0.4);
  }
  const length = Math.hypot(...vector);
  if (length === 0) {
    vector[0] = 1;
    return [...vector];
  }
  return Array.from(vector, (value) => value / length);
}

const common = new Set("a an and are as at be by for from has in is it of on or that the to was were which who with der die das und ist im in von zu den dem mit für auf le la les des et en un une du el los las y de".split(" "));

const places = new Map<string, { place: number; sign: number }>();

function add(vector: Float64Array, feature: string, weight: number): void {
  let found = places.get(feature);
  if (!found) {
    const bytes = createHash("md5").update(feature).digest();
    found = { place: bytes.readUInt32LE(0), sign: bytes[4]! & 1 ? 1 : -1 };
    if (places.size < 200_000) places.set(feature, found);
  }
  const index = found.place % vector.length;
  vector[index] = vector[index]! + found.sign * weight;
}
