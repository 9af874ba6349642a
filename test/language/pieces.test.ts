import * as fc from "fast-check";
import { expect, it } from "vitest";
import { pieceAt, pieceEnd } from "../../src/language/pieces.ts";
import { recentMap } from "../../src/language/recent-map.ts";

const pattern = /[\p{L}\p{M}]+(?:['’\-‑][\p{L}\p{M}]+)*|\p{N}+|\r?\n\s*|[^\s\p{L}\p{M}\p{N}]{8,}|([^\s\p{L}\p{M}\p{N}])\1*/gu;

it("the pieces of a text are words with their inner marks, numbers, line breaks, and runs of a mark", () => {
  const characters = fc.oneof(fc.constantFrom(..."aÉß\u0301'’-‑1٣ \t\r\n.,!…😀\ud800\u{1d400}\u2028"), fc.string({ unit: "binary", minLength: 1, maxLength: 1 }));
  fc.assert(
    fc.property(fc.array(characters, { maxLength: 30 }).map((parts) => parts.join("")), (text) => {
      const pieces: string[] = [];
      for (let at = 0; at < text.length; ) {
        const piece = pieceAt(text, at);
        const end = pieceEnd(text, at, piece);
        if (piece !== "blank") pieces.push(text.slice(at, end));
        at = end;
      }
      expect(pieces).toEqual(text.match(pattern) ?? []);
    }),
    { numRuns: 2000 },
  );
});

it("a map of recent entries keeps what is asked for and forgets the rest", () => {
  const map = recentMap<number>(3);
  map.set("often", 0);
  for (let number = 1; number < 20; number++) {
    map.set(`once${number}`, number);
    expect(map.get("often")).toBe(0);
  }
  expect(map.get("once1")).toBeUndefined();
  expect(map.get("once19")).toBe(19);
});
