import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SqliteDatabase } from "../../src/stores/sqlite/database.ts";
import { draft, type ChunkDraft } from "../contracts/plans.ts";
import { erase, store } from "../contracts/stores.ts";
import { openEmbedded } from "./embedded-stores.ts";

/** Every row of every table that is not the ledger's, which remembers versions and jobs. */
function dump(database: SqliteDatabase): Record<string, unknown[]> {
  const tables = database.read<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'ledger%' AND name NOT LIKE 'sqlite%' AND name <> 'schema_versions' ORDER BY name");
  return Object.fromEntries(tables.map(({ name }) => [name, database.read(`SELECT * FROM ${name}`).map((row) => JSON.stringify(row)).toSorted()]));
}

const names = ["Nordlicht", "Ada Lund", "Kielwerft", "NEAG"];
const name = fc.constantFrom(...names);
const chunk: fc.Arbitrary<ChunkDraft> = fc.record({
  text: fc.constantFrom("the pump runs", "the pump", "Kiel 船 pump", "one more line of text", "…"),
  headings: fc.subarray(["Pumps", "NEAG"], { maxLength: 1 }),
  class: fc.constantFrom("public", "internal", "pii"),
  vector: fc.constantFrom([1, 0, 0, 0], [0, -1, 0.5, 0]),
  mentions: fc.array(fc.tuple(name, fc.constantFrom("", "it", "NEAG"), fc.constantFrom("", "a thing")).map(([own, surface, said]) => `${own}|${surface || own}|${said}`), { maxLength: 3 }),
});
const version = fc.record({ key: fc.constantFrom("a", "b", "c"), chunks: fc.array(chunk, { maxLength: 3 }), vectors: fc.boolean(), class: fc.constantFrom("public" as const, "confidential" as const) }).map(({ vectors, chunks, ...rest }) => {
  const mentioned = [...new Set(chunks.flatMap((each) => each.mentions!.map((written) => written.split("|")[0]!)))];
  const [first, second] = mentioned;
  const related = chunks.map((each, place) => ({ ...each, vector: vectors ? each.vector : undefined, statements: place === 0 && second ? [`[${first}] USES [${second}]`] : [] }));
  return draft({ ...rest, chunks: related, merges: second ? [{ a: first!, b: second }] : [] });
});
const action = fc.oneof({ weight: 4, arbitrary: version.map((planned) => ({ planned, erased: false })) }, { weight: 1, arbitrary: version.map((planned) => ({ planned, erased: true })) });

describe("the embedded writer's rows", () => {
  let stores: Awaited<ReturnType<typeof openEmbedded>>;
  beforeEach(async () => void (stores = await openEmbedded()));
  afterEach(() => stores.close());

  it("are the same whatever way and order led to the documents that are there", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 2, maxLength: 6 }), fc.boolean(), async (actions, reversed) => {
        const last = new Map<string, (typeof actions)[number]["planned"]>();
        for (const { planned, erased } of actions) {
          if (!erased) {
            await store(stores, planned);
            last.set(planned.key, planned);
          } else if (last.delete(planned.key)) await erase(stores, planned);
        }
        const reached = dump(stores.database);
        for (const planned of last.values()) await erase(stores, planned);
        expect(Object.values(dump(stores.database)).flat()).toEqual([]);
        for (const planned of reversed ? [...last.values()].toReversed() : last.values()) await store(stores, planned);
        expect(dump(stores.database)).toEqual(reached);
        for (const planned of last.values()) await erase(stores, planned);
      }),
      { numRuns: 30 },
    );
  });

  it("do not change when the same document is written again", async () => {
    const planned = draft({ key: "a", chunks: [{ text: "the pump runs", headings: ["Pumps"], vector: [1, 2, 3, 4], mentions: ["Nordlicht|it|a maker", "Ada Lund"], statements: ["[Nordlicht] EMPLOYS [Ada Lund]"] }], merges: [{ a: "Nordlicht", b: "Ada Lund" }] });
    await store(stores, planned);
    const changes = () => stores.database.write([{ sql: "SELECT total_changes() AS changes", rows: [[]] }]).then((results) => results[0]![0]!["changes"] as number);
    const before = dump(stores.database);
    expect(Object.entries(before).filter(([, rows]) => rows.length === 0)).toEqual([]);
    await store(stores, planned);
    expect(dump(stores.database)).toEqual(before);
    // Only the ledger's rows and the mark that opens the lease's fence may have been written.
    const { writer, ledger } = stores;
    const job = await ledger.jobs.create({ tenant: "default", collection: "default", documentId: planned.plan.documentId, name: "", kind: "reprocess" });
    const lease = (await ledger.jobs.claim(job.id, "test", 600_000))!;
    const start = await changes();
    await writer.replace([{ ...planned.plan, version: 2 }], lease);
    expect((await changes()) - start).toBeLessThanOrEqual(4);
  });

  it("come back to the plan's own classes when it is written after they were raised", async () => {
    const planned = draft({ key: "a", chunks: [{ text: "the pump runs", headings: ["Pumps"], class: "internal", vector: [1, 2, 3, 4], mentions: ["Nordlicht"] }, { text: "the pump" }, { text: "the end", class: "pii" }] });
    await store(stores, planned);
    const before = dump(stores.database);
    await stores.writer.raiseClass(planned.plan.documentId, "confidential", null);
    const raised = stores.database.read("SELECT class, sum(count) AS count FROM term_counts WHERE term = 'the' GROUP BY class");
    expect(raised).toEqual([{ class: 2, count: 2 }, { class: 3, count: 1 }]);
    await store(stores, planned);
    expect(dump(stores.database)).toEqual(before);
  });

  it("leave no word in the raw files after an erasure", async () => {
    const secret = draft({
      key: "zebrafish-key", class: "pii",
      chunks: Array.from({ length: 40 }, (_, place) => ({ text: `Quagga number ${place} of Xylander ${"filler ".repeat(200)}`, headings: ["Okapi heading"], vector: [1, place, 0, 0], mentions: ["Xylander Quux|Xylander|an axolotl"] })),
    });
    await store(stores, draft({ key: "kept", chunks: [{ text: "Kept words stay", mentions: ["Kept"] }] }));
    await store(stores, secret);
    const inFiles = (word: string) => readdirSync(stores.folder).some((file) => readFileSync(join(stores.folder, file)).toString("latin1").toLowerCase().includes(word));
    for (const word of ["quagga", "xylander", "okapi", "axolotl", "zebrafish"]) expect(inFiles(word)).toBe(true);
    await erase(stores, secret);
    for (const word of ["quagga", "xylander", "okapi", "axolotl", "zebrafish"]) expect(inFiles(word)).toBe(false);
    expect(inFiles("kept words stay")).toBe(true);
  });
});
