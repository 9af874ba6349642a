import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { draft, entityOf } from "./plans.ts";
import { erase, everything, publicOnly, scope, seeing, store, type OpenStores, type Stores } from "./stores.ts";

/** What every `KnowledgeStore` promises. */
export function knowledgeStoreContract(name: string, open: OpenStores): void {
  describe(`knowledge store: ${name}`, () => {
    let stores: Stores;
    beforeEach(async () => void (stores = await open()));
    afterEach(() => stores.close());

    const here = [scope.collection];
    const report = draft({
      key: "report",
      chunks: [
        { text: "Nordlicht Energie AG (NEAG) employs Ada Lund.", headings: ["Board"], mentions: ["Nordlicht Energie AG||a maker of turbines", "Nordlicht Energie AG|NEAG", "Ada Lund||head of the board."], statements: ["[Nordlicht Energie AG] EMPLOYS [Ada Lund]"] },
        { text: "Nordlicht owns Kielwerft.", headings: ["NEAG"], mentions: ["Nordlicht", "Kielwerft"], statements: ["[Nordlicht] OWNS [Kielwerft]"] },
      ],
      merges: [{ a: "Nordlicht", b: "Nordlicht Energie AG" }],
    });
    const letter = draft({
      key: "letter",
      class: "pii",
      chunks: [
        { text: "Ada Lund, called Addie, left NEAG.", mentions: ["Ada Lund|Ada Lund|has a secret", "Ada Lund|Addie", "Nordlicht Energie AG|NEAG", "Hidden Corp"], statements: ["[Ada Lund] FOUNDED [Hidden Corp]", "[Nordlicht Energie AG] EMPLOYS [Ada Lund]"] },
        { text: "Kielwerft is Hidden Corp.", mentions: ["Kielwerft", "Hidden Corp"] },
      ],
      merges: [{ a: "Kielwerft", b: "Hidden Corp" }],
    });
    const [first, second] = report.plan.chunks.map((chunk) => chunk.id);
    const company = entityOf("Nordlicht Energie AG");

    it("shows members joined by a merge as one thing, computed from its mentions", async () => {
      await store(stores, report);
      const expected = { id: company, name: "Nordlicht Energie AG", type: "ORGANIZATION", description: "a maker of turbines", aliases: ["NEAG", "Nordlicht"], class: "public", mentionCount: 3, documentCount: 1 };
      expect(await stores.knowledge.entity(everything, company)).toEqual(expected);
      expect(await stores.knowledge.entity(everything, entityOf("Nordlicht"))).toEqual(expected);
      expect(await stores.knowledge.entity(seeing(["public"], "other"), company)).toBeNull();
      expect(await stores.knowledge.entity(everything, "no id")).toBeNull();
      const relations = await stores.knowledge.relations(everything, [entityOf("Nordlicht")], 10);
      const ends = relations.map(({ source, type, target }) => [source, type, target]).toSorted(([, a], [, b]) => (a! < b! ? -1 : 1));
      expect(ends).toEqual([[company, "EMPLOYS", entityOf("Ada Lund")], [company, "OWNS", entityOf("Kielwerft")]]);
      expect((await stores.knowledge.mentions(everything, entityOf("Nordlicht"), 10)).map((each) => each.chunkId).sort()).toEqual([first, first, second].sort());
      expect(await stores.knowledge.counts(everything, here)).toEqual({ chunks: 2, entities: 3, relations: 2 });
    });

    it("lets what is hidden change nothing a caller gets", async () => {
      const ask = async () => ({
        ada: await stores.knowledge.entity(publicOnly, entityOf("Ada Lund")),
        hidden: await stores.knowledge.entity(publicOnly, entityOf("Hidden Corp")),
        company: await stores.knowledge.entity(publicOnly, company),
        search: await stores.knowledge.search(publicOnly, here, "", null, 10, null),
        addie: await stores.knowledge.search(publicOnly, here, "addie", null, 10, null),
        known: await stores.knowledge.known(publicOnly, "default", ["addie", "hidden corp", "ada"]),
        relations: await stores.knowledge.relations(publicOnly, [company, entityOf("Ada Lund"), entityOf("Hidden Corp")], 10),
        graph: await stores.knowledge.graph(publicOnly, here, entityOf("Ada Lund"), 3, 10),
        whole: await stores.knowledge.graph(publicOnly, here, null, 1, 10),
        most: await stores.knowledge.mostConnected(publicOnly, here, 10),
        counts: await stores.knowledge.counts(publicOnly, here),
        mentions: await stores.knowledge.mentions(publicOnly, entityOf("Ada Lund"), 10),
        linksOfChunks: await stores.knowledge.linksOfChunks(publicOnly, [...report.plan.chunks, ...letter.plan.chunks].map((chunk) => chunk.id)),
        linksOfNames: await stores.knowledge.linksOfNames(publicOnly, here, ["addie", "ada lund", "kielwerft", "hidden corp"], 10),
        entities: await stores.knowledge.entitiesOfChunks(publicOnly, [...report.plan.chunks, ...letter.plan.chunks].map((chunk) => chunk.id), 10),
        chunks: await stores.knowledge.documentChunks(publicOnly, letter.plan.documentId, 10, null),
      });
      await store(stores, report);
      const before = await ask();
      await store(stores, letter);
      expect(await ask()).toEqual(before);
      expect(before.ada).toMatchObject({ mentionCount: 1, class: "public", aliases: [], description: "head of the board." });
      const all = await stores.knowledge.entity(everything, entityOf("Ada Lund"));
      expect(all).toMatchObject({ mentionCount: 3, documentCount: 2, class: "pii", aliases: ["Addie"] });
      expect((await stores.knowledge.relations(everything, [company], 10)).find((each) => each.type === "EMPLOYS")).toMatchObject({ class: "pii", strength: 5 });
      expect((await stores.knowledge.entity(everything, entityOf("Hidden Corp")))!.id).toBe((await stores.knowledge.entity(everything, entityOf("Kielwerft")))!.id);
    });

    it("tells what a thing's description is made of: what the caller sees of it, each said once, as many whole ones as fit", async () => {
      const other = draft({ key: "other", chunks: [{ text: "…", mentions: ["Nordlicht||a maker of turbines", "Nordlicht Energie AG||an old firm of Kiel"] }] });
      const closed = draft({ key: "closed", class: "pii", chunks: [{ text: "…", mentions: ["Nordlicht Energie AG||close to its end"] }] });
      for (const each of [report, other, closed]) await store(stores, each);
      const sources = (who: typeof everything, id = company, bound = 1000) => stores.knowledge.sources(who, id, bound);
      const [visible, all] = [[report.plan.documentId, other.plan.documentId].toSorted(), [report, other, closed].map(({ plan }) => plan.documentId).toSorted()];
      const seen = { name: "Nordlicht Energie AG", type: "ORGANIZATION", descriptions: ["a maker of turbines", "an old firm of Kiel"], more: false, class: "public", documents: visible };
      expect(await sources(publicOnly)).toEqual(seen);
      expect(await sources(publicOnly, entityOf("Nordlicht"))).toEqual(seen);
      expect(await sources(everything)).toEqual({ ...seen, descriptions: ["a maker of turbines", "an old firm of Kiel", "close to its end"], class: "pii", documents: all });
      expect(await sources(everything, company, 40)).toMatchObject({ descriptions: ["a maker of turbines", "an old firm of Kiel"], more: true, class: "pii" });
      expect(await sources(seeing(["public"], "other"))).toBeNull();
      expect(await sources(everything, "no id")).toBeNull();
      await erase(stores, closed);
      await erase(stores, other);
      expect(await sources(everything)).toEqual({ ...seen, descriptions: ["a maker of turbines"], documents: [report.plan.documentId] });
    });

    it("does not join two things through one the caller cannot see", async () => {
      await store(stores, draft({ key: "a", chunks: [{ text: "Alpha and Omega", mentions: ["Alpha", "Omega"] }] }));
      await store(stores, draft({ key: "b", chunks: [{ text: "Middle", class: "pii", mentions: ["Middle"] }, { text: "x", mentions: ["Alpha", "Omega"] }], merges: [{ a: "Alpha", b: "Middle", class: "public" }, { a: "Middle", b: "Omega", class: "public" }] }));
      expect((await stores.knowledge.entity(publicOnly, entityOf("Alpha")))!.aliases).toEqual([]);
      expect((await stores.knowledge.entity(everything, entityOf("Alpha")))!.aliases.toSorted()).toHaveLength(2);
    });

    it("keeps homonyms apart, and joins what nothing sets apart to the one it could be, for each caller as they see it", async () => {
      const hospital = draft({ key: "hospital", chunks: [{ text: "…", mentions: ["Anna Berger#klinikum nord", "Klinikum nord"], statements: ["[Klinikum nord] EMPLOYS [Anna Berger#klinikum nord]"] }] });
      const list = draft({ key: "list", chunks: [{ text: "…", mentions: ["Anna Berger", "Anna Berger|A. Berger"] }] });
      const secret = draft({ key: "secret", class: "pii", chunks: [{ text: "…", mentions: ["Anna Berger#kraus partner; tidal se", "Kraus & Partner"], statements: ["[Kraus & Partner] EMPLOYS [Anna Berger#kraus partner; tidal se]"] }] });
      const later = draft({ key: "later", chunks: [{ text: "…", mentions: ["Anna Berger#kraus", "Kraus"] }] });
      const seen = async (who: typeof everything) => {
        const { items } = await stores.knowledge.search(who, here, "Anna Berger", null, 10, null);
        return items.map((each) => `${each.name} ${each.mentionCount}`).toSorted();
      };
      await store(stores, hospital);
      await store(stores, list);
      expect(await seen(everything)).toEqual(["Anna Berger 3"]);
      expect((await stores.knowledge.entity(everything, entityOf("Anna Berger#klinikum nord")))!.id).toBe(entityOf("Anna Berger"));
      expect(await stores.knowledge.counts(everything, here)).toMatchObject({ entities: 2, relations: 1 });
      await store(stores, secret);
      expect(await seen(publicOnly)).toEqual(["Anna Berger 3"]);
      expect(await seen(everything)).toEqual(["Anna Berger (Klinikum nord) 1", "Anna Berger (Kraus & Partner) 1", "Anna Berger 2"]);
      expect((await stores.knowledge.search(everything, here, "Anna Berger (Kraus & Partner)", null, 10, null)).items.map((each) => each.id)).toEqual([entityOf("Anna Berger#kraus partner; tidal se")]);
      expect(await stores.knowledge.relations(everything, [entityOf("Anna Berger#klinikum nord")], 10)).toMatchObject([{ source: entityOf("Klinikum nord") }]);
      expect(await stores.knowledge.counts(everything, here)).toMatchObject({ entities: 5, relations: 2 });
      expect((await stores.knowledge.graph(everything, here, entityOf("Anna Berger#klinikum nord"), 2, 10)).nodes.map((each) => each.name).toSorted()).toEqual(["Anna Berger (Klinikum nord)", "Klinikum nord"]);
      await store(stores, later);
      expect(await seen(everything)).toEqual(["Anna Berger (Klinikum nord) 1", expect.stringMatching(/^Anna Berger \(Kraus(?: & Partner)?\) 2$/), "Anna Berger 2"]);
      await erase(stores, secret);
      await erase(stores, later);
      expect(await seen(everything)).toEqual(["Anna Berger 3"]);
    });

    it("hides a document's name from who may not see its class", async () => {
      const mixed = draft({ key: "mixed", chunks: [{ text: "open part" }, { text: "closed part", class: "pii" }] });
      await store(stores, mixed);
      const ids = mixed.plan.chunks.map((chunk) => chunk.id);
      expect((await stores.knowledge.chunks(everything, ids.toReversed())).map((each) => [each.text, each.document])).toEqual([["closed part", "mixed.md"], ["open part", "mixed.md"]]);
      expect((await stores.knowledge.chunks(publicOnly, [...ids, "no id"])).map((each) => [each.text, each.document])).toEqual([["open part", null]]);
      expect((await stores.knowledge.chunks(everything, ids))[0]).toEqual({ ...mixed.plan.chunks[0], document: "mixed.md" });
      const page = await stores.knowledge.documentChunks(everything, mixed.plan.documentId, 1, null);
      expect((await stores.knowledge.documentChunks(everything, mixed.plan.documentId, 1, page.next)).items.map((each) => each.text)).toEqual(["closed part"]);
    });

    it("finds by name, alias, beginning and words, in this order, page by page", async () => {
      await store(stores, draft({ key: "names", chunks: [{ text: "…", mentions: ["Lund", "Lund Holding", "Verlag Lund Nord", "Otto Werft|Lund", "Lundby"] }] }));
      const found = await stores.knowledge.search(everything, here, "Lund", null, 10, null);
      expect(found.items.map((each) => each.name)).toEqual(["Lund", "Otto Werft", ...found.items.slice(2, 4).map((each) => each.name), "Verlag Lund Nord"]);
      expect(found.items.slice(2, 4).map((each) => each.name).toSorted()).toEqual(["Lund Holding", "Lundby"]);
      const page = await stores.knowledge.search(everything, here, "lund", null, 2, null);
      const rest = await stores.knowledge.search(everything, here, "lund", null, 10, page.next);
      expect([...page.items, ...rest.items]).toEqual(found.items);
      expect((await stores.knowledge.search(everything, here, "lund", "PERSON", 10, null)).items.map((each) => each.name)).toEqual(["Otto Werft", "Lund Holding"]);
      expect((await stores.knowledge.search(everything, here, "nord verlag", null, 10, null)).items.map((each) => each.name)).toEqual(["Verlag Lund Nord"]);
      await expect(stores.knowledge.search(everything, here, "lund", null, 2, "nonsense")).rejects.toMatchObject({ code: "invalid_input" });
    });

    it("knows what a name may be merged with: equal, alias, acronym both ways, shared first or last word", async () => {
      await store(stores, report);
      const known = async (...names: string[]) => (await stores.knowledge.known(everything, "default", names)).map((each) => each.name).toSorted();
      expect(await known("nordlicht energie ag")).toEqual(["nordlicht", "nordlicht energie ag"]);
      expect(await known("neag")).toEqual(["nordlicht energie ag"]);
      expect(await known("nea")).toEqual(["nordlicht energie ag"]);
      expect(await known("a lund")).toEqual(["ada lund"]);
      expect(await known("nobody")).toEqual([]);
      expect((await stores.knowledge.known(everything, "default", ["ada lund"], ["ORGANIZATION"])).length).toBe(0);
      expect(await stores.knowledge.known(everything, "other", ["ada lund"])).toEqual([]);
      await store(stores, draft({ key: "ta", chunks: [{ text: "NE", mentions: ["Neag Kiel", "XYZ"] }] }));
      expect(await known("xenon yttrium zirconium")).toEqual(["xyz"]);
    });

    it("walks from a thing to its neighbours, hop by hop, and keeps the limit", async () => {
      const chain = draft({ key: "chain", chunks: [{ text: "…", mentions: ["One", "Two", "Three", "Four"], statements: ["[One] USES [Two]", "[Two] USES [Three]", "[Three] USES [Four]", "[One] USES [One]"] }] });
      await store(stores, chain);
      const graph = async (hops: number, limit = 10) => (await stores.knowledge.graph(everything, here, entityOf("One"), hops, limit)).nodes.map((each) => each.name);
      expect(await graph(0)).toEqual(["One"]);
      expect(await graph(1)).toEqual(["One", "Two"]);
      expect(await graph(3)).toEqual(["One", "Two", "Three", "Four"]);
      expect(await graph(3, 2)).toEqual(["One", "Two"]);
      const whole = await stores.knowledge.graph(everything, here, null, 1, 10);
      expect(whole.edges).toHaveLength(3);
      expect((await stores.knowledge.graph(everything, ["other"], entityOf("One"), 2, 10)).nodes).toEqual([]);
      const path = async (from: string, to: string, hops: number) => (await stores.knowledge.paths(everything, here, { from: entityOf(from), to: entityOf(to) }, hops, 10)).nodes.map((each) => each.name);
      expect(await path("Four", "One", 3)).toEqual(["Four", "Three", "Two", "One"]);
      expect(await path("Four", "One", 2)).toEqual([]);
      expect(await path("One", "Absent", 3)).toEqual([]);
      const most = await stores.knowledge.mostConnected(everything, here, 2);
      expect(most.map((each) => [each.name, each.degree]).toSorted()).toEqual([["Three", 2], ["Two", 2]]);
    });

    it("links passages by the things they mention or are about, whatever they are called there", async () => {
      await store(stores, report);
      const links = await stores.knowledge.linksOfChunks(everything, [first!, second!]);
      const of = (chunk: string, about: boolean) => links.filter((each) => each.chunkId === chunk && each.about === about).map((each) => each.name).toSorted();
      expect(of(first!, false)).toEqual(["ada lund", "nordlicht energie ag"]);
      expect(of(second!, false)).toEqual(["kielwerft"]);
      expect(of(first!, true)).toEqual(["board"]);
      // Its heading is an alias.
      expect(of(second!, true)).toEqual(["nordlicht energie ag"]);
      const named = await stores.knowledge.linksOfNames(everything, here, ["nordlicht energie ag", "neag", "board", "absent"], 10);
      expect([...named.frequency]).toEqual([["nordlicht energie ag", 2], ["neag", 2], ["board", 1], ["absent", 0]]);
      expect(named.links.find((each) => each.name === "neag" && each.chunkId === second)).toMatchObject({ about: true });
      expect((await stores.knowledge.linksOfNames(everything, here, ["neag", "board"], 1)).links).toEqual([{ chunkId: first, name: "board", about: true }]);
      expect(await stores.knowledge.aboutNames(everything, here, ["board", "neag", "lund"])).toEqual(["board", "neag"]);
      expect(await stores.knowledge.aboutNames(everything, ["other"], ["board"])).toEqual([]);
      expect((await stores.knowledge.entitiesOfChunks(everything, [first!, second!], 2)).map((each) => each.name)[0]).toBe("Nordlicht Energie AG");
      expect(await stores.knowledge.matching(everything, [second!, first!, "no id"], { documents: [report.plan.documentId] })).toEqual([second, first]);
      expect(await stores.knowledge.matching(everything, [first!], { mediaTypes: ["text/html"] })).toEqual([]);
    });

    it("gives a document's records back as they were written", async () => {
      await store(stores, report);
      const records = await stores.knowledge.documentRecords(report.plan.documentId);
      const byId = <T extends { id: string }>(each: T[]) => each.toSorted((a, b) => (a.id < b.id ? -1 : 1));
      expect(records.chunkIds).toEqual(report.plan.chunks.map((chunk) => chunk.id));
      expect(records.mentions).toEqual(byId(report.plan.mentions));
      expect(records.statements).toEqual(byId(report.plan.statements));
      expect(records.merges.map(({ a, b, ...rest }) => ({ ...rest, pair: [a, b].toSorted() }))).toEqual(report.plan.merges.map(({ a, b, ...rest }) => ({ ...rest, pair: [a, b].toSorted() })));
      await erase(stores, report);
      expect(await stores.knowledge.documentRecords(report.plan.documentId)).toEqual({ chunkIds: [], mentions: [], statements: [], merges: [] });
    });
  });
}
