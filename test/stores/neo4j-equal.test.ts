import * as fc from "fast-check";
import { expect, it } from "vitest";
import { normaliseName } from "../../src/data/identity.ts";
import type { Principal } from "../../src/data/principal.ts";
import type { KnowledgeStore } from "../../src/stores/knowledge/knowledge-store.ts";
import { draft, entityOf, type ChunkDraft } from "../contracts/plans.ts";
import { erase, everything, publicOnly, seeing, store } from "../contracts/stores.ts";
import { describeOn } from "../servers/real-servers.ts";
import { dump, openNeo4jStores, relationTypes } from "./neo4j-stores.ts";

const names = ["Nordlicht", "Nordlicht Energie AG", "Ada Lund", "Kielwerft", "NEAG", "Lund Holding Nord"];
const name = fc.constantFrom(...names);
const value = fc.constantFrom("public" as const, "public" as const, "internal" as const, "pii" as const);
const chunk: fc.Arbitrary<ChunkDraft> = fc
  .record({
    text: fc.constantFrom("the pump runs", "the pump", "Kiel 船 pump", "one more line of text", "…"),
    headings: fc.subarray(["Pumps", "NEAG", "Kielwerft"], { maxLength: 2 }),
    class: value,
    mentions: fc.array(fc.tuple(name, fc.constantFrom("", "it", "NEAG", "Nordlicht"), fc.constantFrom("", "a thing", "a maker of pumps")), { maxLength: 4 }),
    types: fc.array(fc.constantFrom(...relationTypes), { maxLength: 3 }),
  })
  .map(({ mentions, types, ...rest }) => {
    const own = mentions.map(([each]) => each);
    return {
      ...rest,
      mentions: mentions.map(([each, surface, said]) => `${each}|${surface || each}|${said}`),
      statements: own.length > 1 ? types.map((type, at) => `[${own[at % own.length]}] ${type} [${own[(at + 1) % own.length]}]`) : [],
    };
  });
const version = fc
  .record({ key: fc.constantFrom("a", "b", "c"), class: value, chunks: fc.array(chunk, { maxLength: 3 }), merge: fc.option(value), date: fc.constantFrom("2024-05-01", "2025-01-01T10:00:00Z", "no date"), mediaType: fc.constantFrom("text/markdown", "text/html") })
  .map(({ merge, ...rest }) => {
    const mentioned = [...new Set(rest.chunks.flatMap((each) => each.mentions!.map((written) => written.split("|")[0]!)))];
    return draft({ ...rest, merges: merge && mentioned.length > 1 ? [{ a: mentioned[0]!, b: mentioned[1]!, class: merge }] : [] });
  });
const action = fc.tuple(version, fc.constantFrom("store", "store", "store", "erase", "raise"));

describeOn("neo4j", "Neo4j and the embedded driver", (server) => {
  it("answer every question alike, for everybody, whatever was written, replaced, raised and erased", { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 5 }), async (actions) => {
        // Opened for each run, so that other tests of the one database have their turn.
        const stores = await openNeo4jStores(server);
        const last = new Map<string, ReturnType<typeof draft>>();
        for (const [planned, what] of actions) {
          if (what === "store") {
            await store(stores, planned);
            last.set(planned.key, planned);
          } else if (what === "raise" && last.has(planned.key)) await stores.writer.raiseClass(planned.plan.documentId, planned.plan.class, null);
          else if (last.delete(planned.key)) await erase(stores, planned);
        }
        const chunks = actions.flatMap(([{ plan }]) => plan.chunks.map(({ id }) => id));
        const documents = [...new Set(actions.map(([{ plan }]) => plan.documentId))];
        for (const principal of [everything, publicOnly, seeing(["public", "internal"]), seeing(["internal", "pii"]), seeing(["public"], "other")]) {
          expect(await answers(stores.knowledge, principal, chunks, documents)).toEqual(await answers(stores.embedded, principal, chunks, documents));
        }
        for (const planned of last.values()) await erase(stores, planned);
        expect(await dump(stores.graph)).toEqual([]);
        await stores.close();
      }),
      { numRuns: 5 },
    );
  });
});

const sorted = <T>(rows: T[]): T[] => rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

async function answers(knowledge: KnowledgeStore, principal: Principal, chunks: string[], documents: string[]): Promise<unknown> {
  const here = ["default"];
  const ids = names.map((each) => entityOf(each));
  const asked = [...names.map(normaliseName), "it", "pumps", "nea", "lund", "nord"];
  const links = await knowledge.linksOfNames(principal, here, asked, 2);
  return {
    entities: await Promise.all(ids.map((id) => knowledge.entity(principal, id))),
    mentions: await Promise.all(ids.map((id) => knowledge.mentions(principal, id, 5))),
    relations: await knowledge.relations(principal, ids, 20),
    search: await Promise.all(["", "nord", "Lund", "neag", "energie nordlicht", "it"].map((text) => knowledge.search(principal, here, text, null, 3, null))),
    organisations: await knowledge.search(principal, here, "lund", "ORGANIZATION", 3, null),
    known: await knowledge.known(principal, "default", asked),
    paths: await Promise.all(ids.map((to) => knowledge.paths(principal, here, { from: ids[0]!, to }, 3, 4))),
    graphs: await Promise.all([...ids, null].flatMap((id) => [0, 1, 2].map((hops) => knowledge.graph(principal, here, id, hops, 4)))),
    most: await knowledge.mostConnected(principal, here, 3),
    counts: await knowledge.counts(principal, here),
    chunks: await knowledge.chunks(principal, chunks),
    pages: await Promise.all(documents.map((id) => knowledge.documentChunks(principal, id, 2, null))),
    linksOfChunks: sorted(await knowledge.linksOfChunks(principal, chunks)),
    linksOfNames: sorted(links.links),
    frequency: [...links.frequency].map(([each, count]) => [each, Math.min(count, 3)]),
    about: await knowledge.aboutNames(principal, here, asked),
    matching: await Promise.all([{ mediaTypes: ["text/html"] }, { after: "2024-06-01" }, { before: "2024-05-01" }, { classes: ["pii" as const] }, { documents: documents.slice(0, 1) }].map((filters) => knowledge.matching(principal, chunks, filters))),
    ofChunks: await knowledge.entitiesOfChunks(principal, chunks, 4),
    records: await Promise.all(documents.map((id) => knowledge.documentRecords(id))),
  };
}
