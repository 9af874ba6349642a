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

export const idOf = (point: Record): string => String(point.id);

/** Runs work on at most `size` at a time, one batch after the other. */
export async function inBatches<T>(all: readonly T[], size: number, work: (batch: T[]) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < all.length; from += size) await work(all.slice(from, from + size));
}
