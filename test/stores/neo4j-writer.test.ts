import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SluiceError } from "../../src/errors.ts";
import type { DocumentPlan } from "../../src/stores/document-writer.ts";
import type { Graph } from "../../src/stores/knowledge/neo4j/connect.ts";
import { openNeo4j, type Neo4jStore } from "../../src/stores/knowledge/neo4j/open-neo4j.ts";
import { draft, entityOf, type Draft } from "../contracts/plans.ts";
import { everything, publicOnly } from "../contracts/stores.ts";
import { describeOn } from "../servers/real-servers.ts";
import { dump, ownNeo4j, vocabulary } from "./neo4j-stores.ts";

const first: Draft = {
  key: "report",
  chunks: [
    { text: "Nordlicht Energie AG employs Ada Lund.", headings: ["Board"], class: "internal", mentions: ["Nordlicht Energie AG|NEAG|a maker", "Ada Lund"], statements: ["[Nordlicht Energie AG] EMPLOYS [Ada Lund]"] },
    { text: "NEAG owns Kielwerft.", headings: ["Holdings"], mentions: ["Nordlicht Energie AG|NEAG", "Kielwerft"], statements: ["[Nordlicht Energie AG] OWNS [Kielwerft]"] },
    { text: "This goes.", mentions: ["Gone Corp"] },
  ],
  merges: [{ a: "Nordlicht Energie AG", b: "Kielwerft" }],
};
/** Text that stays under another heading, a class that falls, one that rises, a mention told otherwise, things that go and come. */
const second: Draft = {
  key: "report",
  chunks: [
    { text: "A new beginning.", headings: ["Board"], mentions: ["New Corp"] },
    { ...first.chunks[0]!, class: "public", mentions: ["Nordlicht Energie AG|NEAG|a maker of turbines", "Ada Lund"] },
    { ...first.chunks[1]!, headings: ["What we own"], class: "confidential" },
  ],
  merges: [{ a: "Nordlicht Energie AG", b: "New Corp" }],
};
/** ms that a test may wait for the one database and take on a busy machine. */
const waiting = 300_000;
const held = async (): Promise<void> => {};
const at = (plan: DocumentPlan, revision: number): [DocumentPlan[], Map<string, number>] => [[plan], new Map([[plan.documentId, revision]])];

/** Asked before each batch: what `then` does happens before batch `n`, counted from 1. */
function before(n: number, then: () => Promise<void>): { held: () => Promise<void>; reached: () => boolean } {
  let batch = 0;
  return { held: async () => void (++batch === n && (await then())), reached: () => batch >= n };
}
const crash = async (): Promise<void> => {
  throw new Error("killed");
};

describeOn("neo4j", "what the document writer is offered by Neo4j", (server) => {
  let database: Awaited<ReturnType<typeof ownNeo4j>>;
  let store: Neo4jStore;
  let graph: Graph;
  const inFlight = new Map<string, number | null>();
  beforeEach(async () => {
    database = await ownNeo4j(server);
    ({ graph } = database);
    inFlight.clear();
    store = await openNeo4j(database.options, { ...vocabulary, readInFlight: async () => ({ open: new Map(inFlight), ended: new Map() }) });
  }, waiting);
  afterEach(async () => {
    await store.close();
    await database.close();
  });

  const one = draft(first).plan;
  const two = draft(second).plan;
  const put = async (plan: DocumentPlan, revision: number): Promise<void> => {
    await store.writer.write(...at(plan, revision), held);
    await store.writer.settle(plan.documentId, revision);
  };

  it("reaches the same graph from a crash before any batch, or the old one again", { timeout: waiting }, async () => {
    await put(two, 1);
    const wanted = await dump(graph);
    await store.writer.erase([two.documentId]);
    expect(await dump(graph)).toEqual([]);
    await put(one, 1);
    const old = await dump(graph);
    for (let n = 1, reached = true; reached; n += 1) {
      const failing = before(n, crash);
      await store.writer.write(...at(two, 2), failing.held).catch(() => undefined);
      reached = failing.reached();
      await store.writer.rollBack(one.documentId, 1, 3);
      // What rose meanwhile stays strict; the next write lets it fall.
      await put(one, 3);
      expect(await dump(graph)).toEqual(old);
      await store.writer.write(...at(two, 4), before(n, crash).held).catch(() => undefined);
      await put(two, 4);
      expect(await dump(graph)).toEqual(wanted);
      await store.writer.erase([one.documentId]);
      const fresh = before(n, crash);
      await store.writer.write(...at(one, 1), fresh.held).catch(() => undefined);
      if (n % 2 === 0) await store.writer.rollBack(one.documentId, null, 1).then(async () => expect(await dump(graph)).toEqual([]));
      await put(one, 1);
      expect(await dump(graph)).toEqual(old);
    }
  });

  it("shows readers one version whole, whatever the writer has sent", { timeout: waiting }, async () => {
    const { knowledge } = store;
    const see = async () => ({
      chunks: await knowledge.documentChunks(everything, one.documentId, 10, null),
      named: (await knowledge.chunks(everything, one.chunks.map(({ id }) => id))).map((each) => each.document),
      records: await knowledge.documentRecords(one.documentId),
      counts: await knowledge.counts(everything, ["default"]),
      open: await knowledge.counts(publicOnly, ["default"]),
      company: await knowledge.entity(everything, entityOf("Nordlicht Energie AG")),
      found: await knowledge.search(everything, ["default"], "", null, 10, null),
      links: (await knowledge.linksOfNames(everything, ["default"], ["neag", "board", "new corp", "gone corp"], 10)).links,
    });
    const nothing = await see();
    inFlight.set(one.documentId, null);
    for (let n = 1; n < 12; n += 1) await store.writer.write(...at(one, 1), before(n, async () => expect(await see()).toEqual(nothing)).held);
    inFlight.set(one.documentId, 1);
    const old = await see();
    await store.writer.settle(one.documentId, 1);
    inFlight.delete(one.documentId);
    expect(await see()).toEqual(old);
    inFlight.set(one.documentId, 1);
    const renamed = { ...two, name: "renamed.md" };
    // Only what rose in class is strict at once.
    const risen = new Set([two.chunks[2]!.id]);
    const lower = (value: object): unknown => JSON.parse(JSON.stringify(value, (name, each: unknown) => (name === "class" || name === "open" ? null : each)));
    for (let n = 1; n < 12; n += 1) await store.writer.write(...at(renamed, 2), before(n, async () => expect(lower(await see())).toEqual(lower(old))).held);
    expect((await see()).chunks.items.filter((chunk) => chunk.class === "confidential").map(({ id }) => id)).toEqual([...risen]);
    expect(lower(await see())).toEqual(lower(old));
    inFlight.set(one.documentId, 2);
    const now = await see();
    expect(now.chunks.items.map(({ text }) => text)).toEqual(two.chunks.map(({ text }) => text));
    expect(now.named).toEqual(["renamed.md", "renamed.md"]);
    // What stayed and fell in class falls after the commit.
    const ada = async () => (await store.knowledge.documentRecords(one.documentId)).mentions.find((each) => each.name === "Ada Lund")!.class;
    expect(await ada()).toBe("internal");
    await store.writer.settle(one.documentId, 2);
    inFlight.delete(one.documentId);
    expect(await ada()).toBe("public");
    expect((await see()).chunks.items).toEqual(two.chunks);
  });

  it("refuses every batch of a writer that was paused while another wrote or erased", async () => {
    for (let n = 1, reached = true; reached; n += 1) {
      await put(one, 1);
      const paused = before(n, async () => {
        await store.writer.rollBack(one.documentId, 1, 3);
        await put(two, 3);
      });
      const result = store.writer.write(...at(one, 2), paused.held);
      if (n > 1) await expect(result.then(() => (paused.reached() ? "written" : "done"))).resolves.toBe("done").catch(async () => expect(result).rejects.toMatchObject({ code: "conflict" }));
      else await result.catch(() => undefined);
      reached = paused.reached();
      await store.writer.undo(one.documentId, 2);
      if (reached) {
        const after = await dump(graph);
        await store.writer.erase([one.documentId]);
        await put(two, 1);
        expect(after).toEqual(await dump(graph));
      }
      await store.writer.erase([one.documentId]);
      const erased = before(n, () => store.writer.erase([one.documentId]));
      await store.writer.write(...at(one, 1), erased.held).catch((error: unknown) => expect(error).toMatchObject({ code: "conflict" }));
      await store.writer.undo(one.documentId, 1);
      if (erased.reached()) expect(await dump(graph)).toEqual([]);
      await store.writer.erase([one.documentId]);
    }
  });

  it("takes back what an overtaken writer sent before the next one came, and nothing else", async () => {
    await put(one, 1);
    // All of revision 2 is there, as if its writer had slept before the commit; revision 3 finds it after a roll back that came too early.
    await store.writer.write(...at(two, 2), held);
    await store.writer.write(...at(two, 3), held);
    await store.writer.undo(one.documentId, 2);
    await store.writer.settle(one.documentId, 3);
    const after = await dump(graph);
    await store.writer.erase([one.documentId]);
    await put(two, 1);
    expect(after).toEqual(await dump(graph));
  });

  it("writes, replaces and erases side by side: deadlocks heal, nothing is lost, nothing is left", { timeout: waiting }, async () => {
    const names = Array.from({ length: 8 }, (_, place) => `Thing ${String.fromCodePoint(65 + place)}`);
    const plans = Array.from({ length: 6 }, (_, document) => {
      const own = document % 2 === 0 ? names : names.toReversed();
      return draft({
        key: `d${document}`,
        chunks: own.map((name, place) => ({ text: `${name} in ${document}`, headings: [name], mentions: [name, own[(place + 1) % own.length]!, `${name}|alias ${place}`], statements: [`[${name}] USES [${own[(place + 1) % own.length]}]`] })),
        merges: [{ a: own[0]!, b: own[1]! }],
      }).plan;
    });
    for (const plan of plans) await put(plan, 1);
    const wanted = await dump(graph);
    for (let round = 2; round < 4; round += 1) {
      await Promise.all(plans.map((plan) => store.writer.erase([plan.documentId])));
      expect(await dump(graph)).toEqual([]);
      await Promise.all(plans.map((plan) => put(plan, round)));
      expect(await dump(graph)).toEqual(wanted);
      // Half of them go and come again while the other half is written anew.
      await Promise.all(
        plans.map(async (plan, place) => {
          if (place % 2 === 0) await store.writer.erase([plan.documentId]).then(() => put(plan, round));
          else await put({ ...plan, mentions: plan.mentions.map((each) => ({ ...each, description: `round ${round}` })) }, round + 10).then(() => put(plan, round + 20));
        }),
      );
      expect(await dump(graph)).toEqual(wanted);
    }
    await Promise.all(plans.map((plan) => store.writer.erase([plan.documentId])));
    expect(await dump(graph)).toEqual([]);
  });

  it("erases children found in the graph with their parent", async () => {
    const child = draft({ key: "report/attachment", chunks: [{ text: "attached", mentions: ["Attached"] }], parentId: one.documentId }).plan;
    await store.writer.write([one, child], new Map([[one.documentId, 1], [child.documentId, 1]]), held);
    expect(await graph.read((run) => run("MATCH (:Document)-[c:HAS_CHILD]->(:Document) RETURN c"))).toHaveLength(1);
    expect((await Array.fromAsync(store.writer.documents())).toSorted()).toEqual([one.documentId, child.documentId].toSorted());
    await store.writer.erase([one.documentId]);
    expect(await dump(graph)).toEqual([]);
    expect(await Array.fromAsync(store.writer.documents())).toEqual([]);
  });

  it("says what is stored of a document, by kind of record", async () => {
    await put(one, 1);
    await store.writer.write(...at(two, 2), held);
    const sorted = (ids: string[]) => ids.toSorted();
    expect(await store.writer.stored(two.documentId)).toEqual({
      chunks: sorted(two.chunks.map(({ id }) => id)),
      mentions: sorted(two.mentions.map(({ id }) => id)),
      statements: sorted(two.statements.map(({ id }) => id)),
      merges: two.merges.map(({ a, b, method }) => `${[a, b].toSorted().join(" ")} ${method}`),
      pictures: two.pictures.map(({ id }) => id),
    });
  });

  it("raises classes at once, those that are to come as well, and lets nothing of it fall", async () => {
    await put(one, 1);
    await store.writer.write(...at(two, 2), held);
    await store.writer.raiseClass([one.documentId], "confidential");
    await store.writer.settle(one.documentId, 2);
    expect((await store.knowledge.documentChunks(everything, one.documentId, 10, null)).items.map((each) => each.class)).toEqual(["confidential", "confidential", "confidential"]);
    expect(await store.knowledge.counts(publicOnly, ["default"])).toEqual({ chunks: 0, entities: 0, relations: 0 });
  });

  it("refuses types outside the vocabulary and writes nothing", async () => {
    const other = draft({ key: "other", chunks: [{ text: "x", mentions: ["Alpha", "Beta"], statements: ["[Alpha] INVENTED [Beta]"] }] }).plan;
    const error = await store.writer.write(...at(other, 1), held).catch((each: unknown) => each);
    expect(error).toBeInstanceOf(SluiceError);
    expect(error).toMatchObject({ code: "internal" });
    expect(await dump(graph)).toEqual([]);
  });

  describe("names", () => {
    it("are looked up whatever signs they hold", async () => {
      await put(draft({ key: "a", chunks: [{ text: "x", mentions: ["AND OR NOT", "C\\:D \"quoted\"", "a+b*c~2", "Lund"] }] }).plan, 1);
      for (const text of ['"', "\\", "AND", "a AND", "lund*", "~", 'x" OR scope:"y', "name:lund", "[a TO b]", "(", "lund^2"]) await store.knowledge.search(everything, ["default"], text, null, 10, null);
      await fc.assert(fc.asyncProperty(fc.string({ unit: "grapheme", maxLength: 20 }), async (text) => {
        expect((await store.knowledge.search(everything, ["other"], text, null, 10, null)).items).toEqual([]);
      }), { numRuns: 40 });
      expect((await store.knowledge.search(everything, ["default"], "not or and", null, 10, null)).items).toHaveLength(1);
    });
  });
});
