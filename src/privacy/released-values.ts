import { createHmac } from "node:crypto";

/** Keyed hashes of values that a reviewer let pass: nobody reads a value out of the list, and no other value is in it. */
export type ReleasedValues = ReadonlySet<string>;

export interface ReleaseHash {
  /** Names a value of a kind, however it is spaced or written large; without the key nothing can be learnt from it. */
  of(kind: string, value: string): string;
  /** Whether the list holds it, under the present key or one that was in force before. */
  isIn(released: ReleasedValues, kind: string, value: string): boolean;
}

export function openReleaseHash(key: Buffer, previous: readonly Buffer[] = []): ReleaseHash {
  const hash = (each: Buffer, kind: string, value: string): string => createHmac("sha256", each).update(`${kind}\0${value.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim()}`).digest("hex");
  return {
    of: (kind, value) => hash(key, kind, value),
    isIn: (released, kind, value) => [key, ...previous].some((each) => released.has(hash(each, kind, value))),
  };
}
