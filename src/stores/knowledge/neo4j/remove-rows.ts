import { locked, type Graph, type Run } from "./connect.ts";
import { prefixOf, type EdgeKind } from "./document-rows.ts";
import { rowQueries } from "./stored-rows.ts";
import type { TypeNames } from "./type-names.ts";
import { batchesOf, changeBatches, lockEntities, type Batch } from "./write-rows.ts";

/** Statements before the mentions that stand for their ends, mentions before the chunks they stand in. */
const order: EdgeKind[] = ["STATEMENT", "SAME_AS", "MENTIONED_IN", "IS_ABOUT", "HAS_CHUNK", "ON"];

export interface ListedRow {
  kind: EdgeKind;
  type: string | null;
  key: string;
  from: string;
  to: string;
  alias: string | null;
  scope: string;
}

/** Rows of a document by a condition on `row`; `values` are the condition's parameters. */
export async function listRows(run: Run, document: string, kind: EdgeKind, types: TypeNames, condition: string, values: object): Promise<ListedRow[]> {
  const queries = rowQueries(kind, types).map(
    ({ type, match }) =>
      `${match}${kind === "ON" ? " WHERE" : " AND"} ${condition} RETURN '${kind}' AS kind, ${type === null ? "null" : `'${type}'`} AS type, row.key AS key, coalesce(from.key, from.id) AS from, coalesce(to.key, to.id) AS to, row.alias AS alias, from.scope AS scope`,
  );
  return run<ListedRow>(queries.join("\nUNION ALL\n"), { prefix: prefixOf(document), ...values });
}

/** Removes a document's rows by a condition, and with each batch the nodes that nothing holds any more. */
export async function removeRows(graph: Graph, document: string, types: TypeNames, condition: string, values: object): Promise<void> {
  for (const kind of order) {
    const rows = (await graph.read((run) => listRows(run, document, kind, types, condition, values))).sort((a, b) => (a.from < b.from ? -1 : Number(a.from > b.from)));
    for (const batch of removals(kind, rows)) await graph.write(batch);
  }
}

function removals(kind: EdgeKind, rows: ListedRow[]): Batch[] {
  return batchesOf(rows).map((batch): Batch => async (run) => {
    if (kind === "MENTIONED_IN") await lockEntities(run, batch.map((row) => row.from));
    if (kind === "STATEMENT" || kind === "SAME_AS") await lockEntities(run, batch.flatMap((row) => [row.from, row.to]));
    for (const remove of changeBatches(batch, kind === "ON" ? "DETACH DELETE r" : "DELETE r")) await remove(run);
    if (kind === "MENTIONED_IN") await pruneEntities(run, batch);
    if (kind === "IS_ABOUT") await pruneNames(run, batch.map((row) => row.to));
    if (kind === "HAS_CHUNK") await pruneChunks(run, batch);
  });
}

/** A name goes with the last mention that says it, an entity with its last mention; merges go with their entities. */
async function pruneEntities(run: Run, rows: ListedRow[]): Promise<void> {
  const pairs = [...new Map(rows.map((row) => [`${row.from} ${row.alias}`, { entity: row.from, name: `${row.scope}:${row.alias}` }])).values()];
  await run(
    `UNWIND $pairs AS pair MATCH (e:Entity {id: pair.entity})-[k:HAS_NAME]->(n:Name {key: pair.name})
     WHERE NOT EXISTS { (e)-[x:MENTIONED_IN]->() WHERE x.alias = n.name } DELETE k`,
    { pairs },
  );
  const gone = await run<{ names: string[] }>(
    `UNWIND $ids AS id MATCH (e:Entity {id: id}) WHERE NOT EXISTS { (e)-[:MENTIONED_IN]->() }
     OPTIONAL MATCH (e)-[:HAS_NAME]->(n:Name) WITH e, collect(n.key) AS names DETACH DELETE e RETURN names`,
    { ids: [...new Set(rows.map((row) => row.from))].sort() },
  );
  await pruneNames(run, [...pairs.map(({ name }) => name), ...gone.flatMap(({ names }) => names)]);
}

async function pruneNames(run: Run, keys: string[]): Promise<void> {
  const names = [...new Set(keys)].sort();
  await run(`UNWIND $names AS key MATCH (n:Name {key: key}) ${locked("n")}`, { names });
  await run("UNWIND $names AS key MATCH (n:Name {key: key}) WHERE NOT EXISTS { ()-[:HAS_NAME|IS_ABOUT]->(n) } DELETE n", { names });
}

async function pruneChunks(run: Run, rows: ListedRow[]): Promise<void> {
  const distinct = (values: string[]): string[] => [...new Set(values)];
  await run("UNWIND $ids AS id MATCH (c:Chunk {id: id}) WHERE NOT EXISTS { ()-[:HAS_CHUNK]->(c) } DETACH DELETE c", { ids: distinct(rows.map((row) => row.to)) });
  await run("UNWIND $ids AS id MATCH (s:Section {id: id}) WHERE NOT EXISTS { (s)-[:HAS_CHUNK]->() } DETACH DELETE s", { ids: distinct(rows.map((row) => row.from)) });
}
