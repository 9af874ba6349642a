import { array, assert, boolean, integer, nat, property, record } from "fast-check";
import { expect, test } from "vitest";
import { openScoreTable } from "../../../src/stores/text/score-table.ts";

// Keys that meet in the low bits, as random ones seldom do.
const key = nat(40).map((place) => place * 2 ** 32 + (place % 3));
const posting = record({ chunk: key, score: integer({ min: 1, max: 9 }), onlyKnown: boolean() });

test("scores, cut and ordered, are those of a plain map", () => {
  assert(
    property(array(posting, { maxLength: 120 }), integer({ min: 1, max: 30 }), integer({ min: 0, max: 20 }), (postings, limit, least) => {
      const table = openScoreTable();
      let plain = new Map<number, number>();
      const bestOf = () => [...plain].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
      for (const [at, { chunk, score, onlyKnown }] of postings.entries()) {
        table.add(chunk, chunk + 1, score, onlyKnown);
        if (plain.has(chunk) || !onlyKnown) plain.set(chunk, (plain.get(chunk) ?? 0) + score);
        if (at % 40 !== 39) continue;
        table.keep(least);
        plain = new Map([...plain].filter(([, kept]) => kept >= least));
      }
      expect(table.reachedBy(limit)).toBe(bestOf()[limit - 1]?.[1] ?? 0);
      expect(table.best(limit)).toEqual(bestOf().slice(0, limit).map(([chunk, score]) => ({ chunk, score })));
      expect(table.documents()).toEqual(new Set([...plain.keys()].map((chunk) => chunk + 1)));
    }),
  );
});

test("ten thousand chunks grow the table", () => {
  const table = openScoreTable();
  for (let n = 0; n < 10_000; n++) table.add(n * 4_294_967_311, n % 7, n + 1, false);
  for (let n = 0; n < 10_000; n++) table.add(n * 4_294_967_311, 0, n + 1, true);
  expect([table.reachedBy(1), table.reachedBy(10_000), table.documents().size]).toEqual([20_000, 2, 7]);
});
