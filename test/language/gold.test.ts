import { beforeAll, describe, expect, it } from "vitest";
import { loadGold } from "../documents/load-gold.ts";
import { type GoldScore, misplaced, scoreGold, scoreIdentity } from "./score-gold.ts";
import { type StoredDocument, storedSamples } from "./stored-samples.ts";

describe("what the application stores of the sample documents without a model", () => {
  const gold = loadGold();
  let stored: StoredDocument[];
  let all: GoldScore;

  beforeAll(async () => {
    stored = await storedSamples();
    all = scoreGold(stored, gold.documents).at(-1)!;
  }, 180_000);

  it("holds the floor for entities: precision and recall of .8", () => {
    expect(all.entities.precision).toBeGreaterThanOrEqual(0.8);
    expect(all.entities.recall).toBeGreaterThanOrEqual(0.8);
  });

  it("holds half of the gold relations with the right type, each read from the characters that say it", () => {
    expect(all.relations.recall).toBeGreaterThanOrEqual(0.5);
    expect(all.relations.quoted).toBe(all.relations.hit);
  });

  it("joins the names of one thing and merges no homonyms", () => {
    expect(scoreIdentity(stored, gold.identity)).toEqual({ parted: [], mixed: [] });
  });

  it("stands where it says: quotes at their offsets in the chunk, of the chunk's class and document", () => {
    expect(stored.flatMap(misplaced)).toEqual([]);
    for (const each of stored) expect(each.mentions.length, each.document.name).toBeGreaterThan(0);
  });

  it("is of the class that the gold gives its document", () => {
    for (const each of gold.documents) expect([each.document, stored.find(({ document }) => document.name === each.document)!.document.class]).toEqual([each.document, each.class.strict]);
  });
});
