import type { Class } from "../../../data/classification.ts";
import type { Run } from "./connect.ts";
import type { StoredRow } from "./difference.ts";
import { edgeKinds, prefixOf, type EdgeKind, type Properties } from "./document-rows.ts";
import type { TypeNames } from "./type-names.ts";

const edges = (pattern: string): string => `MATCH (from)-[row:\`${pattern}\`]->(to) WHERE row.key STARTS WITH $prefix`;

/** Cypher for all rows of a document of one kind, found by the beginning of their keys: `from`, `row`, `to`. One query for each type. */
export function rowQueries(kind: EdgeKind, types: TypeNames): { type: string | null; match: string }[] {
  if (kind === "STATEMENT") return types.allRelations.map((type) => ({ type, match: edges(type) }));
  if (kind === "ON") return [{ type: null, match: "MATCH (row:Picture) WHERE row.key STARTS WITH $prefix WITH row, row AS from, row AS to" }];
  return [{ type: null, match: edges(kind) }];
}

export async function readStoredRows(run: Run, document: string, types: TypeNames, kinds: readonly EdgeKind[] = edgeKinds): Promise<StoredRow[]> {
  const found: StoredRow[] = [];
  for (const kind of kinds) {
    const queries = rowQueries(kind, types).map(({ type, match }) => `${match} RETURN ${type === null ? "null" : `'${type}'`} AS type, properties(row) AS row`);
    const rows = await run<{ type: string | null; row: Properties }>(queries.join("\nUNION ALL\n"), { prefix: prefixOf(document) });
    for (const { type, row } of rows) {
      const { key, since, until, class: value, nextClass, nextSince, ...properties } = row;
      found.push({
        kind, type, key: key as string, since: since as number, until: (until as number | undefined) ?? null, class: value as Class,
        nextClass: (nextClass as Class | undefined) ?? null, nextSince: (nextSince as number | undefined) ?? null, properties,
      });
    }
  }
  return found;
}
