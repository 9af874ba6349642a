import { allClasses, rank, strictest, type Class } from "../../data/classification.ts";
import type { DocumentPlan } from "../document-writer.ts";
import type { StoreWriter } from "../store-writer.ts";
import { otherModel } from "../vectors/vector-bytes.ts";
import { textVector, vectorNameOf, type Collections } from "./collections.ts";
import type { Qdrant } from "./connect.ts";
import { is, isAny, type Filter } from "./filters.ts";
import { moveScope, ofScope } from "./move-scope.ts";
import { pointsOf, type Point } from "./points.ts";
import { idOf, inBatches, scroll } from "./scroll.ts";

/** Points in one request: 100 x 1024 floats and their texts are some 2 MB of JSON. */
const batch = 100;
const isOpen = { is_empty: { key: "until" } };
const next = ["nextClass", "nextSince"];
type Condition = NonNullable<Extract<Filter["must"], unknown[]>>[number];

const isStricter = (one: Class, other: Class): boolean => rank(one) > rank(other);

interface Stored {
  since: number;
  until: number | null;
  class: Class;
  content: string;
}

/** The write side of vectors and text in Qdrant. `mean`: words of an average chunk (`stores.text.meanLength`). */
export function openQdrantWriter(qdrant: Qdrant, collections: Collections, mean: number): StoreWriter {
  /** Where the plan's scope lies; the first vectors of a scope choose the model, and another model is refused. */
  async function place({ scope, vectors }: DocumentPlan): Promise<{ name: string; dense: string | null }> {
    const model = vectors && vectors.byChunk.size > 0 ? vectors.model : null;
    const now = await collections.locate(scope);
    if (now && model && now.model && (now.model.name !== model.name || now.model.dimension !== model.dimension)) throw otherModel(scope.collection, now.model, model);
    if (now && (now.model || !model)) return { name: now.name, dense: now.model && vectorNameOf(now.model) };
    return { name: await moveScope(qdrant, collections, scope, model), dense: model && vectorNameOf(model) };
  }

  async function stored(name: string, document: string): Promise<Map<string, Stored>> {
    const found = new Map<string, Stored>();
    for await (const point of scroll(qdrant, name, { must: [is("document", document)] }, { payload: ["since", "until", "class", "content"] })) {
      const { since, until = null, class: value, content } = point.payload as unknown as Stored;
      found.set(idOf(point), { since, until, class: value, content });
    }
    return found;
  }

  async function writeOne(plan: DocumentPlan, revision: number, held: () => Promise<void>): Promise<void> {
    const { name, dense } = await place(plan);
    const before = await stored(name, plan.documentId);
    const points = pointsOf(plan, mean);
    const open = (id: string): Stored | null => (before.get(id)?.until === null ? before.get(id)! : null);
    const changed = points.filter((point) => open(point.id)?.content !== point.payload.content);
    // A point that a later writer wrote is left alone: this one was overtaken.
    const notLater: Filter = { must: [{ key: "fence", range: { lte: revision } }] };
    await inBatches(changed, batch, async (some) => {
      await held();
      await qdrant.run((client) => client.upsert(name, { wait: true, update_filter: notLater, points: some.map((point) => struct(point, open(point.id), revision, dense)) }));
    });
    const same = points.filter((point) => open(point.id)?.content === point.payload.content && open(point.id)!.class !== point.payload.class);
    for (const [value, ids] of Map.groupBy(same, ({ payload }) => payload.class)) {
      const [rising, falling] = [ids.filter(({ id }) => isStricter(value, open(id)!.class)), ids.filter(({ id }) => isStricter(open(id)!.class, value))];
      await set(name, rising, { class: value }, notLater, held);
      await set(name, falling, { nextClass: value, nextSince: revision }, notLater, held);
    }
    const kept = new Set(points.map(({ id }) => id));
    const vanished = [...before].flatMap(([id, { until }]) => (until === null && !kept.has(id) ? [{ id }] : []));
    await set(name, vanished, { until: revision }, notLater, held);
  }

  const set = (name: string, points: { id: string }[], payload: Record<string, unknown>, { must }: Filter, held: () => Promise<void>): Promise<void> =>
    inBatches(points, 1_000, async (some) => {
      await held();
      await qdrant.run((client) => client.setPayload(name, { payload, filter: { must: [{ has_id: some.map(({ id }) => id) }, ...((must ?? []) as Condition[])] }, wait: true }));
    });

  /** The same change in every collection the document may lie in. */
  const everywhere = async (work: (name: string) => Promise<unknown>): Promise<void> => {
    for (const name of await collections.all()) await work(name);
  };
  const remove = (name: string, ...must: Condition[]) => qdrant.find((client) => client.delete(name, { filter: { must }, wait: true }));
  const put = (name: string, payload: Record<string, unknown>, ...must: Condition[]) => qdrant.find((client) => client.setPayload(name, { payload, filter: { must }, wait: true }));
  const drop = (name: string, keys: string[], ...must: Condition[]) => qdrant.find((client) => client.deletePayload(name, { keys, filter: { must }, wait: true }));
  const range = (key: string, bounds: { gt?: number; lte?: number; gte?: number }): Condition => ({ key, range: bounds });

  async function back(document: string, bounds: { gt?: number; gte?: number; lte?: number }): Promise<void> {
    const here = is("document", document);
    await everywhere(async (name) => {
      await remove(name, here, range("since", bounds));
      await drop(name, ["until"], here, range("until", bounds));
      await drop(name, next, here, range("nextSince", bounds));
    });
  }

  async function erase(documentIds: string[]): Promise<void> {
    await everywhere(async (name) => {
      const scopes = new Map<string, { tenant: string; collection: string }>();
      for await (const { payload } of scroll(qdrant, name, { must: [isAny("document", documentIds)] }, { payload: ["tenant", "collection"] })) {
        const scope = { tenant: String(payload!["tenant"]), collection: String(payload!["collection"]) };
        scopes.set(JSON.stringify(scope), scope);
      }
      await remove(name, isAny("document", documentIds));
      for (const scope of scopes.values()) await leave(name, scope);
    });
  }

  /** A scope without points is nowhere, and one without vectors has no model. */
  async function leave(name: string, scope: { tenant: string; collection: string }): Promise<void> {
    const now = await collections.locate(scope);
    if (now?.name !== name) return;
    const count = async (...must: Condition[]) => (await qdrant.run((client) => client.count(name, { filter: { must: [...(ofScope(scope).must as Condition[]), ...must] }, exact: true }))).count;
    if ((await count()) === 0) await collections.point(scope, null);
    else if (now.model && (await count({ has_vector: vectorNameOf(now.model) })) === 0) await moveScope(qdrant, collections, scope, null);
  }

  return {
    name: "qdrant",
    async write(plans, revisions, held) {
      for (const plan of plans) await writeOne(plan, revisions.get(plan.documentId)!, held);
    },
    async settle(document, revision) {
      const here = is("document", document);
      const due = range("nextSince", { lte: revision });
      await everywhere(async (name) => {
        await remove(name, here, range("until", { lte: revision }));
        for (const value of allClasses) await put(name, { class: value }, here, is("nextClass", value), due);
        await drop(name, next, here, due);
      });
    },
    rollBack: (document, committed) => (committed === null ? erase([document]) : back(document, { gt: committed })),
    undo: (document, revision) => back(document, { gte: revision, lte: revision }),
    erase,
    async raiseClass(documentIds, value) {
      const lower = allClasses.slice(0, rank(value));
      if (lower.length === 0 || documentIds.length === 0) return;
      const here = isAny("document", documentIds);
      await everywhere(async (name) => {
        await put(name, { class: value }, here, isAny("class", lower));
        await put(name, { nextClass: value }, here, isAny("nextClass", lower));
      });
    },
    async *documents() {
      const seen = new Set<string>();
      for (const name of await collections.all()) {
        for await (const { payload } of scroll(qdrant, name, {}, { payload: ["document"] }, 1_000)) {
          const id = String(payload!["document"]);
          if (!seen.has(id)) yield id;
          seen.add(id);
        }
      }
    },
    async stored(document) {
      const texts: string[] = [];
      const vectors: string[] = [];
      for (const name of await collections.all()) {
        const model = await collections.modelOf(name);
        const here = [is("document", document), isOpen];
        for await (const point of scroll(qdrant, name, { must: here }, { payload: [] })) texts.push(idOf(point));
        if (model) for await (const point of scroll(qdrant, name, { must: [...here, { has_vector: vectorNameOf(model) }] }, { payload: [] })) vectors.push(idOf(point));
      }
      return { texts: texts.toSorted(), vectors: vectors.toSorted() };
    },
  };
}

/** A point that is there already keeps its `since`, and the stricter class until the commit. */
function struct({ id, payload, text, dense }: Point, before: Stored | null, revision: number, denseName: string | null) {
  const falls = before !== null && isStricter(before.class, payload.class);
  return {
    id,
    payload: { ...payload, since: before?.since ?? revision, fence: revision, class: before ? strictest(before.class, payload.class) : payload.class, ...(falls && { nextClass: payload.class, nextSince: revision }) },
    vector: { [textVector]: text, ...(dense && denseName && { [denseName]: dense }) },
  };
}
