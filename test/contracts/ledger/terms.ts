import { array, assert, asyncProperty, constantFrom, record, subarray } from "fast-check";
import { describe, expect, test } from "vitest";
import { allClasses, rank, type Class } from "../../../src/data/classification.ts";
import type { ChunkTerms } from "../../../src/stores/ledger/chunk-terms.ts";
import { acceptOne, freshTenant, holder, type Bench } from "./bench.ts";
import { planFor } from "./intents.ts";

const vocabulary = ["alder", "beech", "cedar", "日本", "über"];

export function termContract(bench: Bench): void {
  const { intents, terms, jobs } = { intents: () => bench.ledger.intents, terms: () => bench.ledger.terms, jobs: () => bench.ledger.jobs };

  /** The rule, counted over the chunks themselves. */
  function counted(chunks: ChunkTerms[], classes: readonly Class[]): { count: number; idf: Map<string, number> } {
    const visible = chunks.filter((chunk) => classes.includes(chunk.class));
    const holding = (term: string) => visible.filter((chunk) => chunk.terms.includes(term)).length;
    return { count: visible.length, idf: new Map(vocabulary.filter((term) => holding(term) > 0).map((term) => [term, Math.log(1 + (visible.length - holding(term) + 0.5) / (holding(term) + 0.5))])) };
  }

  describe("text statistics", () => {
    const chunkList = array(record({ class: constantFrom(...allClasses), terms: subarray(vocabulary) }), { maxLength: 6 });
    const step = record({ document: constantFrom(0, 1, 2), chunks: chunkList, next: constantFrom("nothing", "raise", "erase"), to: constantFrom(...allClasses) });

    test("are those of the chunks a caller may see, whatever was committed, raised and erased before", async () => {
      await assert(
        asyncProperty(array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
          const principal = holder(freshTenant());
          const stored = new Map<number, ChunkTerms[]>();
          for (const { document: place, chunks, next, to } of steps) {
            const { document, job } = await acceptOne(bench, { key: String(place), sha256: `${stored.size} ${Math.random()}` }, principal);
            const lease = (await jobs().claim(job.id, "worker", 60_000))!;
            const named = chunks.map((chunk, index) => ({ ...chunk, chunkId: `${place}-${index}` }));
            const begun = await intents().begin([document.id], lease);
            await intents().commit([planFor(document)], new Map([[document.id, begun.get(document.id)!.revision]]), lease, new Map([[document.id, named]]));
            await intents().done(document.id, begun.get(document.id)!.revision);
            stored.set(place, named);
            if (next === "raise") {
              await terms().raise([document.id], to);
              stored.set(place, named.map((chunk) => (rank(chunk.class) < rank(to) ? { ...chunk, class: to } : chunk)));
            }
            if (next === "erase") {
              await intents().beginErase([document.id], lease);
              await intents().finishErase([document.id], lease);
              stored.delete(place);
            } else await jobs().finish(lease, "done", {});
          }
          for (const classes of [[...allClasses], ["public"], ["public", "confidential"], []] as Class[][]) {
            const expected = counted([...stored.values()].flat(), classes);
            const found = await terms().idf(holder(principal.tenant, classes), ["default", "absent"], [...vocabulary, "absent", "alder"]);
            expect(found.count).toBe(expected.count);
            expect(new Map([...found.idf].sort())).toEqual(new Map([...expected.idf].sort()));
          }
          expect(await terms().idf(principal, ["another"], vocabulary)).toEqual({ count: 0, idf: new Map() });
          expect(await terms().idf(holder(freshTenant()), ["default"], vocabulary)).toEqual({ count: 0, idf: new Map() });
        }),
        { numRuns: 12 },
      );
    });

    test("stay exact when documents of one collection are committed at once", async () => {
      const principal = holder(freshTenant());
      const made = await Promise.all(Array.from({ length: 12 }, (_, place) => acceptOne(bench, { key: String(place) }, principal)));
      await Promise.all(
        made.map(async ({ document, job }, place) => {
          const lease = (await jobs().claim(job.id, "worker", 60_000))!;
          const revision = (await intents().begin([document.id], lease)).get(document.id)!.revision;
          const chunks = vocabulary.map((_, index) => ({ chunkId: `${place}-${index}`, class: "public" as const, terms: vocabulary.slice(0, index + 1).toSorted(() => (place % 2 ? 1 : -1)) }));
          await intents().commit([planFor(document)], new Map([[document.id, revision]]), lease, new Map([[document.id, chunks]]));
        }),
      );
      const { count, idf } = await terms().idf(principal, ["default"], vocabulary);
      expect(count).toBe(60);
      expect(vocabulary.map((term) => idf.get(term))).toEqual(vocabulary.map((_, place) => Math.log(1 + (60 - 12 * (5 - place) + 0.5) / (12 * (5 - place) + 0.5))));
    });
  });
}
