import type { Schemas } from "@qdrant/js-client-rest";
import type { Qdrant } from "./connect.ts";
import type { Filter } from "./filters.ts";

export type Record = Schemas["Record"];

/** Every point that passes, in the order of the ids; nothing where the collection is not there. */
export async function* scroll(qdrant: Qdrant, collection: string, filter: Filter, fields: { payload: string[] | true; vectors?: string[] | true }, page = 256): AsyncGenerator<Record> {
  let offset: Schemas["ScrollResult"]["next_page_offset"];
  do {
    const found = await qdrant.find((client) => client.scroll(collection, { filter, limit: page, with_payload: fields.payload, with_vector: fields.vectors ?? false, ...(offset != null && { offset }) }));
    if (!found) return;
    yield* found.points;
    offset = found.next_page_offset;
  } while (offset != null);
}

const versionDigit = 14;
const withVersion = (id: string, digit: "8" | "9"): string => `${id.slice(0, versionDigit)}${digit}${id.slice(versionDigit + 1)}`;

/** A chunk's two points: the one readers see, and the one a revision puts in its place. One is the chunk's id, a UUIDv8; the other says version 9. */
export const pointIdsOf = (chunkId: string): [string, string] => [chunkId, withVersion(chunkId, "9")];

/** The chunk a point stands for. */
export const idOf = (point: Pick<Record, "id">): string => withVersion(String(point.id), "8");

/** Runs work on at most `size` at a time, one batch after the other. */
export async function inBatches<T>(all: readonly T[], size: number, work: (batch: T[]) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < all.length; from += size) await work(all.slice(from, from + size));
}
