import type { Schemas } from "@qdrant/js-client-rest";
import type { Scope } from "../../data/identity.ts";
import { textVector, vectorNameOf, type Collections } from "./collections.ts";
import type { Qdrant } from "./connect.ts";
import { is, type Filter } from "./filters.ts";
import { idOf, inBatches, scroll, type Record } from "./scroll.ts";
import type { EmbeddingModel } from "../vectors/vector-store.ts";

const page = 256;

export const ofScope = ({ tenant, collection }: Scope): Filter => ({ must: [is("tenant", tenant), is("collection", collection)] });

/**
 * Moves a scope to the collection of a model, without dense vectors: its texts stay searchable all the while. The points
 * are copied, the alias changes in one step, then whatever was written to the old place meanwhile is copied too.
 */
export async function moveScope(qdrant: Qdrant, collections: Collections, scope: Scope, model: EmbeddingModel | null): Promise<string> {
  const [target, from] = [await collections.make(model), await collections.locate(scope)];
  if (from && from.name !== target) await copy(qdrant, from.name, target, scope);
  await collections.point(scope, target);
  if (from && from.name !== target) {
    await copy(qdrant, from.name, target, scope);
    await qdrant.run((client) => client.delete(from.name, { filter: ofScope(scope), wait: true }));
  } else if (from && model) {
    await qdrant.run((client) => client.deleteVectors(target, { filter: ofScope(scope), vector: [vectorNameOf(model)], wait: true }));
  }
  return target;
}

/** A point that a later writer wrote to the target already stays as it is. */
async function copy(qdrant: Qdrant, from: string, to: string, scope: Scope): Promise<void> {
  let batch: Record[] = [];
  const send = async (): Promise<void> => {
    const there = await qdrant.run((client) => client.retrieve(to, { ids: batch.map((each) => each.id), with_payload: ["fence"], with_vector: false }));
    const fences = new Map(there.map((each) => [idOf(each), Number(each.payload?.["fence"] ?? -1)]));
    const points = batch.filter((each) => (fences.get(idOf(each)) ?? -1) < Number(each.payload?.["fence"] ?? 0));
    await inBatches(points, page, (some) => qdrant.run((client) => client.upsert(to, { wait: true, points: some.map(textOnly) })));
    batch = [];
  };
  for await (const point of scroll(qdrant, from, ofScope(scope), { payload: true, vectors: [textVector] }, page)) {
    batch.push(point);
    if (batch.length === page) await send();
  }
  if (batch.length > 0) await send();
}

const textOnly = ({ id, payload, vector }: Record): Schemas["PointStruct"] => ({ id, payload: payload ?? {}, vector: { [textVector]: (vector as { [name: string]: Schemas["SparseVector"] })[textVector]! } });
