import { rank, type Class } from "../../../data/classification.ts";
import type { Mention, Relation } from "../../../data/entity.ts";
import { groupStatements, showRelations, type Group, type StatementDetail, type StatementRow } from "../show-relation.ts";
import { visible } from "./sight.ts";
import { thingsOf, type Reader } from "./things.ts";

/** `element` finds the edge again within the transaction. */
export interface FoundStatement extends StatementRow {
  element: string;
}

interface StoredStatement extends Omit<FoundStatement, "class"> {
  class: Class;
}

const columns = "t.statement AS id, startNode(t).id AS source, endNode(t).id AS target, type(t) AS type, t.class AS class, elementId(t) AS element";
const ranked = (rows: StoredStatement[]): FoundStatement[] => rows.map((row) => ({ ...row, class: rank(row.class) }));

/** Visible statements that start or end at one of these entities. */
export async function statementsTouching({ run, sight, types }: Reader, members: readonly string[]): Promise<FoundStatement[]> {
  const text = `UNWIND $ids AS id MATCH (e:Entity {id: id})-[t:${types.anyRelation}]-() WHERE ${visible("t")} WITH DISTINCT t RETURN ${columns}`;
  return ranked(await run<StoredStatement>(text, { ...sight, ids: members }));
}

/** Visible statements that start and end in these entities. */
export async function statementsWithin({ run, sight, types }: Reader, members: readonly string[]): Promise<FoundStatement[]> {
  const text = `UNWIND $ids AS id MATCH (e:Entity {id: id})-[t:${types.anyRelation}]->(o:Entity) WHERE o.id IN $ids AND ${visible("t")} RETURN ${columns}`;
  return ranked(await run<StoredStatement>(text, { ...sight, ids: members }));
}

/** Relations of the things these entities belong to; strongest first, then those most often stated. */
export async function relationsOf(reader: Reader, entityIds: string[], limit: number): Promise<Relation[]> {
  const own = await thingsOf(reader, entityIds);
  const statements = await statementsTouching(reader, [...own.keys()]);
  const things = await thingsOf(reader, statements.flatMap((row) => [row.source, row.target]));
  return toRelations(reader, groupStatements(statements, things), limit);
}

const details = `UNWIND $elements AS element MATCH ()-[t]->() WHERE elementId(t) = element
  MATCH (c:Chunk {id: t.chunk})<-[h:HAS_CHUNK]-() WHERE ${visible("h")}
  RETURN t.statement AS id, t.description AS description, t.strength AS strength, t.confidence AS confidence,
    {chunkId: t.chunk, documentId: t.document, page: h.page, quote: t.quote, start: t.start, end: t.end, confidence: t.confidence, method: t.method, model: t.model} AS mention`;

export async function toRelations({ run, sight }: Reader, groups: Group[], limit: number): Promise<Relation[]> {
  const elements = groups.flatMap((group) => (group.statements as FoundStatement[]).map((row) => row.element));
  if (elements.length === 0) return [];
  const rows = await run<StatementDetail & { mention: Mention }>(details, { ...sight, elements });
  return showRelations(groups, new Map(rows.map((row) => [row.id, row])), limit);
}
