import type { Schemas } from "@qdrant/js-client-rest";
import type { Scope } from "../../data/identity.ts";
import { textVector, vectorNameOf, type Collections, type Place } from "./collections.ts";
import type { Qdrant } from "./connect.ts";
import { is, type Filter } from "./filters.ts";
import { scroll, type Record } from "./scroll.ts";
import type { EmbeddingModel } from "../vectors/vector-store.ts";

const page = 256;

export const ofScope = ({ tenant, collection }: Scope): Filter => ({ must: [is("tenant", tenant), is("collection", collection)] });

/**
 * Moves a scope to the collection of a model, without dense vectors: its texts stay searchable all the while. The points
 * are copied, the alias changes in one step, then whatever was written to the old place meanwhile is copied too. Who writes
 * asks after each write whether the scope still lies there: what came too late for the second copy is written again.
 */
export async function moveScope(qdrant: Qdrant, collections: Collections, scope: Scope, model: EmbeddingModel | null): Promise<string> {
  const [target, from] = [await collections.make(model), await collections.locate(scope)];
  if (from?.name === target) return target;
  if (from) await copy(qdrant, from.name, target, scope);
  await collections.point(scope, target);
  // Vectors that came while the scope left their model: it goes back.
  if (from?.model && !model && (await holdsVectors(qdrant, scope, from))) return moveScope(qdrant, collections, scope, from.model);
  if (from) {
    await copy(qdrant, from.name, target, scope);
    await qdrant.run((client) => client.delete(from.name, { filter: ofScope(scope), wait: true }));
  }
  return target;
}

export async function holdsVectors(qdrant: Qdrant, scope: Scope, { name, model }: Place): Promise<boolean> {
  if (!model) return false;
  const filter: Filter = { must: [...(ofScope(scope).must as []), { has_vector: vectorNameOf(model) }] };
  const found = await qdrant.find((client) => client.scroll(name, { filter, limit: 1, with_payload: false }));
  return (found?.points.length ?? 0) > 0;
}

/** A point that a later writer wrote to the target already stays as it is. */
async function copy(qdrant: Qdrant, from: string, to: string, scope: Scope): Promise<void> {
  const send = async (batch: Record[]): Promise<void> => {
    for (const [fence, points] of Map.groupBy(batch, fenceOf)) {
      const earlier: Filter = { must: [{ key: "fence", range: { lt: fence } }] };
      await qdrant.run((client) => client.upsert(to, { wait: true, update_filter: earlier, points: points.map(textOnly) }));
    }
  };
  let batch: Record[] = [];
  for await (const point of scroll(qdrant, from, ofScope(scope), { payload: true, vectors: [textVector] }, page)) {
    batch.push(point);
    if (batch.length === page) await send(batch.splice(0));
  }
  await send(batch);
}

const fenceOf = ({ payload }: Record): number => Number(payload?.["fence"] ?? 0);
const textOnly = ({ id, payload, vector }: Record): Schemas["PointStruct"] => ({ id, payload: payload ?? {}, vector: { [textVector]: (vector as { [name: string]: Schemas["SparseVector"] })[textVector]! } });
