import { allClasses, rank, type Class } from "../../data/classification.ts";
import type { Scope } from "../../data/identity.ts";
import { SluiceError } from "../../errors.ts";
import type { DocumentPlan } from "../document-writer.ts";
import type { StoreWriter } from "../store-writer.ts";
import { mustBeModel } from "../vectors/vector-bytes.ts";
import { textVector, vectorNameOf, type Collections } from "./collections.ts";
import type { Qdrant } from "./connect.ts";
import { is, isAny, type Filter } from "./filters.ts";
import { holdsVectors, moveScope, ofScope } from "./move-scope.ts";
import { pointsOf, type Point } from "./points.ts";
import { idOf, inBatches, pointIdsOf, scroll } from "./scroll.ts";

/** Points in one request: 100 x 1024 floats and their texts are some 2 MB of JSON. */
const batch = 100;
/** A scope moves when its model changes, and when its first vectors come. */
const mostMoves = 5;
const isOpen = { is_empty: { key: "until" } };
const next = ["nextClass", "nextSince"];
type Condition = NonNullable<Extract<Filter["must"], unknown[]>>[number];

const isStricter = (one: Class, other: Class): boolean => rank(one) > rank(other);

interface Stored {
  id: string;
  since: number;
  until: number | null;
  fence: number;
  class: Class;
  content: string;
}

/** The write side of vectors and text in Qdrant. `mean`: words of an average chunk (`stores.text.meanLength`). */
export function openQdrantWriter(qdrant: Qdrant, collections: Collections, mean: number): StoreWriter {
  /** Where the plan's scope lies; the first vectors of a scope choose the model, and another model is refused. */
  async function place({ scope, vectors }: DocumentPlan): Promise<{ name: string; dense: string | null }> {
    const model = vectors && vectors.byChunk.size > 0 ? vectors.model : null;
    const now = await collections.locate(scope);
    if (model) mustBeModel(scope.collection, now?.model, model);
    if (now && (now.model || !model)) return { name: now.name, dense: now.model && vectorNameOf(now.model) };
    return { name: await moveScope(qdrant, collections, scope, model), dense: model && vectorNameOf(model) };
  }

  async function stored(name: string, document: string): Promise<Stored[]> {
    const found: Stored[] = [];
    for await (const { id, payload } of scroll(qdrant, name, { must: [is("document", document)] }, { payload: ["since", "until", "fence", "class", "content"] })) {
      const { until = null, ...rest } = payload as unknown as Stored;
      found.push({ ...rest, id: String(id), until });
    }
    return found;
  }

  async function writeOne(plan: DocumentPlan, revision: number, held: () => Promise<void>): Promise<void> {
    for (let attempt = 0; attempt < mostMoves; attempt += 1) {
      const { name, dense } = await place(plan);
      await writeTo(name, dense, plan, revision, held);
      if ((await collections.locate(plan.scope))?.name === name) return;
      // Another writer moved the scope meanwhile: these points may have come too late to be moved too.
      await remove(name, is("document", plan.documentId));
    }
    throw new SluiceError("store", `[qdrant] collection ${plan.scope.collection} changed its embedding model ${mostMoves} times while a document was written; it is tried again`, { retryable: true });
  }

  /** A chunk whose words, date or vector change gets a second point: the one readers see stays as it is until it has been replaced. */
  async function writeTo(name: string, dense: string | null, plan: DocumentPlan, revision: number, held: () => Promise<void>): Promise<void> {
    await held();
    await raiseFence(name, plan.documentId, revision);
    const before = await stored(name, plan.documentId);
    if (before.some(({ fence }) => fence > revision)) throw new SluiceError("conflict", `[qdrant] document ${plan.documentId}: revision ${revision} was overtaken by another writer; nothing of it was written`);
    // What came below the fence is of a writer that was overtaken, and may yet be taken back by it.
    const now = new Map(before.flatMap((each) => (each.until === null && each.fence >= revision ? [[idOf(each), each] as const] : [])));
    const points = pointsOf(plan, mean);
    const isSame = (point: Point): boolean => now.get(point.id)?.content === point.payload.content;
    const notLater: Filter = { must: [{ key: "fence", range: { lte: revision } }] };
    const written = points.filter((point) => !isSame(point)).map((point) => struct(point, placeFor(point.id, now.get(point.id), revision), revision, dense));
    await inBatches(written, batch, async (some) => {
      await held();
      await qdrant.run((client) => client.upsert(name, { wait: true, update_filter: notLater, points: some }));
    });
    const stands = new Set([...points.filter(isSame).map(({ id }) => now.get(id)!.id), ...written.map(({ id }) => id)]);
    const wanted = new Map(points.map(({ id, payload }) => [id, payload.class]));
    const rising = [...now.values()].filter((each) => isStricter(wanted.get(idOf(each)) ?? each.class, each.class));
    const falling = points.filter(isSame).map(({ id }) => now.get(id)!).filter((each) => isStricter(each.class, wanted.get(idOf(each))!));
    const byClass = (some: Stored[]) => Map.groupBy(some, (each) => wanted.get(idOf(each))!);
    for (const [value, some] of byClass(rising)) await set(name, some, { class: value }, notLater, held);
    for (const [value, some] of byClass(falling)) await set(name, some, { nextClass: value, nextSince: revision }, notLater, held);
    const vanished = before.filter(({ id, until }) => until === null && !stands.has(id));
    await set(name, vanished, { until: revision }, notLater, held);
  }

  /** Whoever still writes at an earlier revision changes none of the document's points from here on. */
  const raiseFence = (name: string, document: string, revision: number) => put(name, { fence: revision }, is("document", document), range("fence", { lt: revision }));

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
  const range = (key: string, bounds: { gt?: number; lt?: number; lte?: number; gte?: number }): Condition => ({ key, range: bounds });

  async function back(document: string, bounds: { gt?: number; gte?: number; lte?: number }): Promise<void> {
    const here = is("document", document);
    await everywhere(async (name) => {
      await remove(name, here, range("since", bounds));
      await drop(name, ["until"], here, range("until", bounds));
      await drop(name, next, here, range("nextSince", bounds));
    });
  }

  async function erase(documentIds: string[]): Promise<void> {
    const scopes = new Map<string, Scope>();
    await everywhere(async (name) => {
      for await (const { payload } of scroll(qdrant, name, { must: [isAny("document", documentIds)] }, { payload: ["tenant", "collection"] })) {
        const scope = { tenant: String(payload!["tenant"]), collection: String(payload!["collection"]) };
        scopes.set(JSON.stringify(scope), scope);
      }
      await remove(name, isAny("document", documentIds));
    });
    for (const scope of scopes.values()) await leave(scope);
  }

  /** A scope without points is nowhere, and one without vectors has no model. */
  async function leave(scope: Scope): Promise<void> {
    if (await holder(scope)) {
      const now = await collections.locate(scope);
      if (now?.model && !(await holdsVectors(qdrant, scope, now))) await moveScope(qdrant, collections, scope, null);
      return;
    }
    await collections.point(scope, null);
    // Who wrote meanwhile sees the alias gone, or its points are seen here.
    const late = await holder(scope);
    if (late) await collections.point(scope, late);
  }

  async function holder(scope: Scope): Promise<string | null> {
    for (const name of await collections.all()) {
      const found = await qdrant.find((client) => client.scroll(name, { filter: ofScope(scope), limit: 1, with_payload: false }));
      if (found?.points.length) return name;
    }
    return null;
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
    async rollBack(document, committed, following) {
      if (committed === null) return erase([document]);
      await everywhere((name) => raiseFence(name, document, following));
      await back(document, { gt: committed });
    },
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

/** Where a chunk's new content goes: what this revision wrote before is written again, what readers see stays. */
const placeFor = (chunkId: string, open: Stored | undefined, revision: number): string => (open?.since === revision ? open.id : pointIdsOf(chunkId).find((id) => id !== open?.id)!);

const struct = ({ payload, text, dense }: Point, id: string, revision: number, denseName: string | null) => ({
  id,
  payload: { ...payload, since: revision, fence: revision },
  vector: { [textVector]: text, ...(dense && denseName && { [denseName]: dense }) },
});
