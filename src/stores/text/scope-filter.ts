import { lastMoment, type Filters } from "../../data/query.ts";
import type { Connection } from "../sqlite/connection.ts";

/** Who asks, as it crosses into a reader thread. `mask` has one bit for each class that may be seen. */
export interface Sight {
  tenant: string;
  collections: string[];
  mask: number;
}

/** SQL for the keys of the scopes a caller names; takes tenant and a JSON list of collections. */
export const scopesSql = "SELECT key FROM text_scopes WHERE tenant = ? AND collection IN (SELECT value FROM json_each(?))";

export function scopesOf(connection: Connection, sight: Sight): number[] {
  return connection.prepare(scopesSql).pluck().all(sight.tenant, JSON.stringify(sight.collections)) as number[];
}

/** Everything one question reads comes from one state of the store. */
export const snapshot = <T>(connection: Connection, work: () => T): T => connection.transaction(work).deferred();

/** Keys of the chunks of documents that pass the filters, or null when no filter concerns documents. */
export function chunksPassing(connection: Connection, scopes: number[], filters: Filters): Set<number> | null {
  const { documents, mediaTypes, after, before } = filters;
  if (!documents && !mediaTypes && after === undefined && before === undefined) return null;
  const rows = connection
    .prepare(
      `SELECT c.key FROM text_documents d CROSS JOIN chunks c ON c.document = d.id
       WHERE d.scope IN (SELECT value FROM json_each(@scopes))
         AND (@documents IS NULL OR d.id IN (SELECT value FROM json_each(@documents)))
         AND (@mediaTypes IS NULL OR d.media_type IN (SELECT value FROM json_each(@mediaTypes)))
         AND (@after IS NULL OR d.date >= @after) AND (@before IS NULL OR d.date <= @before)`,
    )
    .pluck()
    .all({
      scopes: JSON.stringify(scopes),
      documents: documents ? JSON.stringify(documents) : null,
      mediaTypes: mediaTypes ? JSON.stringify(mediaTypes) : null,
      after: after === undefined ? null : Date.parse(after),
      before: before === undefined ? null : lastMoment(before),
    }) as number[];
  return new Set(rows);
}

export function idsOf(connection: Connection, keys: readonly number[]): Map<number, string> {
  const rows = connection.prepare("SELECT c.key, c.id FROM json_each(?) j CROSS JOIN chunks c ON c.key = j.value").raw().all(JSON.stringify(keys)) as [number, string][];
  return new Map(rows);
}
