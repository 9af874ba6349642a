import type { Principal } from "../../data/principal.ts";
import { SluiceError } from "../../errors.ts";
import { readWhole, type ReadInFlight } from "../store-writer.ts";
import type { TermCounts } from "../ledger/term-counts.ts";
import { realIds } from "../text/keys.ts";
import type { Found, Holding, TextIndex } from "../text/text-index.ts";
import { phraseWords } from "../text/words.ts";
import { mustBeModel, vectorBytes } from "../vectors/vector-bytes.ts";
import type { EmbeddingModel, VectorStore } from "../vectors/vector-store.ts";
import { textVector, vectorNameOf, type Collections } from "./collections.ts";
import type { Qdrant } from "./connect.ts";
import { sight, visible, type Filter } from "./filters.ts";
import { moveScope, ofScope } from "./move-scope.ts";
import { placeOf } from "./points.ts";
import { idOf, inBatches, pointIdsOf, scroll } from "./scroll.ts";

export interface QdrantStoreParts {
  qdrant: Qdrant;
  collections: Collections;
  readInFlight: ReadInFlight;
  /** The ledger's: counted for each caller, so that hidden texts change nothing. */
  termCounts: Pick<TermCounts, "idf">;
}

/** Points asked for beyond the limit: equal scores at its edge are ordered by id, as in every driver. */
const edge = 64;
/** Scores are sums of 32-bit floats; those that differ less are equal. */
const step = 1e5;
const best = (found: Found[][], limit: number): Found[] =>
  found.flat().toSorted((a, b) => Math.round(b.score * step) - Math.round(a.score * step) || (a.chunkId < b.chunkId ? -1 : 1)).slice(0, limit);
const fillBatch = 100;

/** Points of one scope lie where its alias says; a scope that nothing was written to has no alias, and nothing is found. */
export function openQdrantStores({ qdrant, collections, readInFlight, termCounts }: QdrantStoreParts): { text: TextIndex; vectors: VectorStore } {
  const { find, run } = qdrant;
  const aliases = (tenant: string, names: readonly string[]) => [...new Set(names)].map((collection) => collections.aliasOf({ tenant, collection }));
  const foundIn = (points: { id: string | number; score: number }[]): Found[] => points.map(({ id, score }) => ({ chunkId: idOf({ id }), score }));

  async function sameModel(tenant: string, collection: string, model: EmbeddingModel): Promise<string | null> {
    const now = await collections.locate({ tenant, collection });
    mustBeModel(collection, now?.model, model);
    return now?.model ? now.name : null;
  }

  async function holding(principal: Principal, names: string[], words: string[], limit: number): Promise<Holding> {
    if (words.length === 0) return { chunkIds: [], total: 0 };
    return readWhole(principal.tenant, readInFlight, async (inFlight) => {
      const seen = sight(principal, names, inFlight);
      const filter: Filter = { must: [...(seen.must as []), { key: "words", match: { phrase: words.join(" ") } }] };
      const found = await Promise.all(
        aliases(principal.tenant, names).map(async (alias) => {
          const counted = await find((client) => client.count(alias, { filter, exact: true }));
          const page = counted?.count ? await find((client) => client.scroll(alias, { filter, limit, with_payload: false })) : null;
          return { total: counted?.count ?? 0, ids: (page?.points ?? []).map(idOf) };
        }),
      );
      return { chunkIds: found.flatMap(({ ids }) => ids).slice(0, limit), total: found.reduce((sum, { total }) => sum + total, 0) };
    });
  }

  const text: TextIndex = {
    idf: termCounts.idf,
    search(principal, names, weighted, limit, filters) {
      const vector = { indices: [] as number[], values: [] as number[] };
      for (const [term, weight] of weighted) {
        if (vector.indices.includes(placeOf(term))) continue;
        vector.indices.push(placeOf(term));
        vector.values.push(weight);
      }
      if (vector.indices.length === 0) return Promise.resolve([]);
      return readWhole(principal.tenant, readInFlight, async (inFlight) => {
        const filter = sight(principal, names, inFlight, filters);
        const found = await Promise.all(aliases(principal.tenant, names).map((alias) => find((client) => client.query(alias, { query: vector, using: textVector, filter, limit: limit + edge, with_payload: false }))));
        return best(found.map((each) => foundIn(each?.points ?? [])), limit);
      });
    },
    termWeights: (principal, chunkIds, terms) =>
      readWhole(principal.tenant, readInFlight, async (inFlight) => {
        const ids = realIds(chunkIds);
        const places = new Map([...new Set(terms)].map((term) => [placeOf(term), term]));
        const weights = new Map<string, Map<string, number>>();
        if (ids.length === 0) return weights;
        const filter: Filter = { must: [{ has_id: ids.flatMap(pointIdsOf) }, ...(sight(principal, null, inFlight).must as [])] };
        for (const name of await collections.all()) {
          for await (const point of scroll(qdrant, name, filter, { payload: [], vectors: [textVector] })) {
            const { indices, values } = (point.vector as Record<string, { indices: number[]; values: number[] }>)[textVector]!;
            const own = new Map(indices.flatMap((place, at) => (places.has(place) ? [[places.get(place)!, values[at]!] as const] : [])));
            if (own.size > 0) weights.set(idOf(point), own);
          }
        }
        return weights;
      }),
    phrases: (principal, names, phrases, limit) => Promise.all(phrases.map((each) => holding(principal, names, phraseWords(each), limit))),
  };

  const vectors: VectorStore = {
    async search(principal, names, model, vector, limit, filters) {
      vectorBytes(model, vector);
      for (const collection of new Set(names)) await sameModel(principal.tenant, collection, model);
      return readWhole(principal.tenant, readInFlight, async (inFlight) => {
        const filter = sight(principal, names, inFlight, filters);
        const found = await Promise.all(
          aliases(principal.tenant, names).map(async (alias) => {
            try {
              return await find((client) => client.query(alias, { query: Array.from(vector), using: vectorNameOf(model), filter, limit: limit + edge, with_payload: false }));
            } catch (error) {
              // Without the model's vector: a scope that has texts only, or one that moved to another model just now.
              if (error instanceof SluiceError && error.code === "conflict") return null;
              throw error;
            }
          }),
        );
        return best(found.map((each) => foundIn(each?.points ?? [])), limit);
      });
    },
    model: async (tenant, collection) => (await collections.locate({ tenant, collection }))?.model ?? null,
    async missing(tenant, collection, model, limit) {
      const name = (await sameModel(tenant, collection, model)) ?? (await collections.locate({ tenant, collection }))?.name;
      if (!name) return [];
      return readWhole(tenant, readInFlight, async (inFlight) => {
        const filter: Filter = { must: [...(ofScope({ tenant, collection }).must as []), ...visible(inFlight)], must_not: [{ has_vector: vectorNameOf(model) }] };
        const page = await find((client) => client.scroll(name, { filter, limit, with_payload: false }));
        return (page?.points ?? []).map(idOf);
      });
    },
    async fill(tenant, collection, model, filled) {
      const scope = { tenant, collection };
      for (const vector of filled.values()) vectorBytes(model, vector);
      const name = (await sameModel(tenant, collection, model)) ?? (await moveScope(qdrant, collections, scope, model));
      await inBatches([...filled], fillBatch, async (some) => {
        const filter: Filter = { must: [{ has_id: some.flatMap(([id]) => pointIdsOf(id)) }, ...(ofScope(scope).must as [])] };
        const there = await Array.fromAsync(scroll(qdrant, name, filter, { payload: [] }));
        const points = there.map((point) => ({ id: point.id, vector: { [vectorNameOf(model)]: Array.from(filled.get(idOf(point))!) } }));
        if (points.length > 0) await run((client) => client.updateVectors(name, { points, wait: true }));
      });
    },
    async reset(tenant, collection, model) {
      const scope = { tenant, collection };
      const before = await collections.locate(scope);
      const name = await moveScope(qdrant, collections, scope, model);
      if (before?.name === name) await run((client) => client.deleteVectors(name, { filter: ofScope(scope), vector: [vectorNameOf(model)], wait: true }));
    },
    count: (principal, names) =>
      readWhole(principal.tenant, readInFlight, async (inFlight) => {
        let total = 0;
        for (const collection of new Set(names)) {
          const now = await collections.locate({ tenant: principal.tenant, collection });
          if (!now?.model) continue;
          const filter: Filter = { must: [...(sight(principal, [collection], inFlight).must as []), { has_vector: vectorNameOf(now.model) }] };
          total += (await run((client) => client.count(now.name, { filter, exact: true }))).count;
        }
        return total;
      }),
  };
  return { text, vectors };
}
