import { allClasses } from "../../../data/classification.ts";
import { locked, noSuchRow, type Run } from "./connect.ts";
import type { Difference, StoredRow } from "./difference.ts";
import type { DocumentRows, EdgeKind, Row } from "./document-rows.ts";

/** Rows of one transaction; with the nodes they need about a thousand nodes or two thousand edges. */
export const batchSize = 1_000;
const statementBatch = 2_000;

export type Batch = (run: Run) => Promise<void>;

export function batchesOf<T>(items: readonly T[], size = batchSize): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, place) => items.slice(place * size, (place + 1) * size));
}

const byId = <T>(items: Iterable<[string, T]>): T[] => [...items].sort(([a], [b]) => (a < b ? -1 : Number(a > b))).map(([, each]) => each);

const propertiesOf = (row: Row, revision: number): object => ({ ...row.properties, key: `${row.key}@${revision}`, since: revision, class: row.class });
const edge = (revision: number) => (row: Row) => ({ from: row.from, to: row.to, properties: propertiesOf(row, revision) });

async function tie(run: Run, rows: readonly Row[], revision: number, from: string, to: string, type: string): Promise<void> {
  const text = `UNWIND $rows AS row MATCH (a:${from} {id: row.from}) MATCH (b:${to} {${to === "Name" ? "key" : "id"}: row.to}) CREATE (a)-[r:\`${type}\`]->(b) SET r = row.properties RETURN count(*) AS written`;
  const [found] = await run<{ written: number }>(text, { rows: rows.map(edge(revision)) });
  if (found!.written !== rows.length) throw noSuchRow(`${rows.length - found!.written} of ${rows.length} rows of a batch found no end to tie to; nothing of the batch was written`);
}

async function makeNames(run: Run, content: DocumentRows, keys: Iterable<string>): Promise<void> {
  const names = byId([...new Set(keys)].map((key) => [key, content.names.get(key)!]));
  if (names.length > 0) await run(`UNWIND $names AS name MERGE (n:Name {key: name.key}) ON CREATE SET n = name ${locked("n")}`, { names });
}

const writers: Record<Exclude<EdgeKind, "SAME_AS">, (run: Run, rows: Row[], content: DocumentRows, revision: number, document: string) => Promise<void>> = {
  async HAS_CHUNK(run, rows, content, revision, document) {
    const sections = [...new Set(rows.map((row) => row.from))].map((id) => content.sections.get(id)!);
    const chunks = rows.map((row) => content.chunks.get(row.to)!);
    await run("MATCH (d:Document {id: $document}) UNWIND $sections AS section MERGE (s:Section {id: section.id}) ON CREATE SET s = section MERGE (d)-[:HAS_SECTION]->(s)", { document, sections });
    await run("UNWIND $chunks AS chunk MERGE (c:Chunk {id: chunk.id}) ON CREATE SET c = chunk", { chunks });
    await tie(run, rows, revision, "Section", "Chunk", "HAS_CHUNK");
  },
  async IS_ABOUT(run, rows, content, revision) {
    await makeNames(run, content, rows.map((row) => row.to));
    await tie(run, rows, revision, "Chunk", "Name", "IS_ABOUT");
  },
  async MENTIONED_IN(run, rows, content, revision) {
    const ids = new Set(rows.map((row) => row.from));
    await lockEntities(run, ids);
    const entities = Map.groupBy(byId([...ids].map((id) => [id, content.entities.get(id)!])), (each) => each["type"] as string);
    // The lock keeps a clean-up from removing the entity before it is mentioned here.
    for (const [type, group] of [...entities].sort()) {
      await run(`UNWIND $entities AS entity MERGE (e:Entity {id: entity.id}) ON CREATE SET e = entity, e:\`${type}\` ${locked("e")}`, { entities: group });
    }
    const names = [...ids].flatMap((id) => [...(content.namesOf.get(id) ?? [])].map((name) => ({ id, name })));
    await makeNames(run, content, names.map(({ name }) => name));
    if (names.length > 0) await run("UNWIND $names AS row MATCH (e:Entity {id: row.id}) MATCH (n:Name {key: row.name}) MERGE (e)-[:HAS_NAME]->(n)", { names });
    await tie(run, rows, revision, "Entity", "Chunk", "MENTIONED_IN");
  },
  async STATEMENT(run, rows, _content, revision) {
    await lockEntities(run, rows.flatMap((row) => [row.from, row.to]));
    for (const [type, group] of Map.groupBy(rows, (row) => row.type!)) await tie(run, group, revision, "Entity", "Entity", type);
  },
  async ON(run, rows, _content, revision, document) {
    await run("MATCH (d:Document {id: $document}) UNWIND $rows AS row CREATE (p:Picture)-[:ON]->(d) SET p = row.properties", { document, rows: rows.map(edge(revision)) });
  },
};

/** In the order of their ids, so that writers side by side seldom wait for each other in a circle. */
export const lockEntities = (run: Run, ids: Iterable<string>): Promise<object[]> => run(`UNWIND $ids AS id MATCH (e:Entity {id: id}) ${locked("e")}`, { ids: [...new Set(ids)].sort() });

/** Merges whose entities are not both in the scope are left out: their evidence is gone. */
export const mergeBatches = (difference: Difference, revision: number): Batch[] =>
  batchesOf(difference.added.filter((row) => row.kind === "SAME_AS")).map((rows) => async (run) => {
    await lockEntities(run, rows.flatMap((row) => [row.from, row.to]));
    const text = "UNWIND $rows AS row MATCH (a:Entity {id: row.from, scope: row.properties.scope}) MATCH (b:Entity {id: row.to, scope: row.properties.scope}) CREATE (a)-[r:SAME_AS]->(b) SET r = row.properties";
    await run(text, { rows: rows.map(edge(revision)) });
  });

export function rowBatches(difference: Difference, content: DocumentRows, revision: number, document: string): Batch[] {
  const order = Object.keys(writers) as (keyof typeof writers)[];
  return order.flatMap((kind) => {
    const rows = difference.added.filter((row) => row.kind === kind).sort((a, b) => (a.from < b.from ? -1 : Number(a.from > b.from)));
    return batchesOf(rows, kind === "STATEMENT" ? statementBatch : batchSize).map((batch): Batch => (run) => writers[kind](run, batch, content, revision, document));
  });
}

const target = ({ kind, type }: Pick<StoredRow, "kind" | "type">): string => (kind === "ON" ? "(r:Picture {key: row.key})" : `()-[r:\`${type ?? kind}\` {key: row.key}]->()`);

/** The same change to stored rows of any kind: one query for each type, many types in one transaction. */
export function changeBatches<T extends Pick<StoredRow, "kind" | "type" | "key">>(rows: readonly T[], text: string, values: (row: T) => object = () => ({})): Batch[] {
  return batchesOf(rows).map((batch): Batch => async (run) => {
    for (const [pattern, group] of Map.groupBy(batch, target)) await run(`UNWIND $rows AS row MATCH ${pattern} ${text}`, { rows: group.map((row) => ({ key: row.key, ...values(row) })) });
  });
}

/** Rises count at once; what falls is kept beside. A class that rose meanwhile stays. */
export const classBatches = ({ classes }: Difference, revision: number): Batch[] =>
  changeBatches(
    classes.map(({ row, class: value, next }) => ({ ...row, class: value, next })),
    `SET r.class = CASE WHEN ${rankIn("r.class")} > ${rankIn("row.class")} THEN r.class ELSE row.class END, r.nextClass = row.next, r.nextSince = row.nextSince`,
    ({ class: value, next }) => ({ class: value, next, nextSince: next && revision }),
  );

/** What an earlier attempt left under the same key; it has neither `until` nor a class to come. */
export const rewriteBatches = ({ rewritten }: Difference, revision: number): Batch[] =>
  changeBatches(rewritten.map(({ row, wanted }) => ({ ...row, wanted })), "SET r = row.properties", ({ wanted }) => ({ properties: propertiesOf(wanted, revision) }));

export const endBatches = ({ ended }: Difference, revision: number): Batch[] => changeBatches(ended, "SET r.until = row.revision", () => ({ revision }));

/** Cypher: the place of a class in the rising order. */
export const rankIn = (value: string): string => `CASE ${value} ${allClasses.map((each, place) => `WHEN '${each}' THEN ${place}`).join(" ")} END`;
