import { allClasses } from "../../data/classification.ts";
import type { Mention, Relation } from "../../data/entity.ts";
import type { Connection } from "../sqlite/connection.ts";
import { joinDescriptions } from "./join-descriptions.ts";
import { thingsOf, type Eyes, type Thing } from "./things.ts";

const descriptionBound = 500;
const mostEvidence = 20;

export interface StatementRow {
  id: string;
  source: string;
  target: string;
  type: string;
  class: number;
}

const touching = (side: "source" | "target"): string =>
  `SELECT t.id, t.source, t.target, t.type, t.class FROM json_each(?) j CROSS JOIN statements t ON t.${side} = j.value WHERE (1 << t.class) & ?`;

/** Visible statements that start or end at one of these entities. */
export function statementsTouching(connection: Connection, eyes: Eyes, members: string[]): StatementRow[] {
  const ids = JSON.stringify(members);
  return connection.prepare(`${touching("source")} UNION ${touching("target")}`).all(ids, eyes.mask, ids, eyes.mask) as StatementRow[];
}

export interface Group {
  source: Thing;
  target: Thing;
  type: string;
  statements: StatementRow[];
}

/** Statements by things and type. One that leads to what the caller cannot see, or from a thing to itself, is not there. */
export function groupStatements(statements: readonly StatementRow[], things: Map<string, Thing>): Group[] {
  const groups = new Map<string, Group>();
  for (const row of statements) {
    const [source, target] = [things.get(row.source), things.get(row.target)];
    if (!source || !target || source === target) continue;
    const key = `${source.id} ${row.type} ${target.id}`;
    if (!groups.has(key)) groups.set(key, { source, target, type: row.type, statements: [] });
    groups.get(key)!.statements.push(row);
  }
  return [...groups.values()];
}

/** Relations of the things these entities belong to; strongest first, then those most often stated. */
export function relationsOf(connection: Connection, eyes: Eyes, entityIds: string[], limit: number): Relation[] {
  const own = thingsOf(connection, eyes, entityIds);
  const statements = statementsTouching(connection, eyes, [...own.keys()]);
  const things = thingsOf(connection, eyes, statements.flatMap((row) => [row.source, row.target]));
  return toRelations(connection, groupStatements(statements, things), limit);
}

interface Detail {
  id: string;
  description: string;
  strength: number;
  /** JSON of a `Mention`. */
  mention: string;
  confidence: number;
}

export function toRelations(connection: Connection, groups: Group[], limit: number): Relation[] {
  const rows = connection
    .prepare(
      `SELECT t.id, t.description, t.strength, t.confidence, json_object('chunkId', c.id, 'documentId', t.document, 'page', c.page, 'quote', t.quote,
         'start', t.start, 'end', t."end", 'confidence', t.confidence, 'method', t.method, 'model', t.model) AS mention
       FROM json_each(?) j CROSS JOIN statements t ON t.id = j.value CROSS JOIN chunks c ON c.key = t.chunk`,
    )
    .all(JSON.stringify(groups.flatMap((group) => group.statements.map((row) => row.id)))) as Detail[];
  const details = new Map(rows.map((row) => [row.id, row]));
  const relations = groups.map((group) => toRelation(group, group.statements.flatMap((row) => details.get(row.id) ?? [])));
  return relations
    .sort((a, b) => b.relation.strength - a.relation.strength || b.stated - a.stated || compareEnds(a.relation, b.relation))
    .slice(0, limit)
    .map(({ relation }) => relation);
}

function toRelation(group: Group, details: Detail[]): { relation: Relation; stated: number } {
  const classes = [...group.statements.map((row) => row.class), group.source.joinedClass, group.target.joinedClass];
  const ordered = details.toSorted((a, b) => b.confidence - a.confidence || (a.id < b.id ? -1 : 1));
  const relation: Relation = {
    source: group.source.id,
    target: group.target.id,
    type: group.type,
    description: joinDescriptions(details.map((row) => [row.description, 1]), descriptionBound),
    strength: details.reduce((highest, row) => Math.max(highest, row.strength), 0),
    class: allClasses[Math.max(...classes)]!,
    evidence: ordered.slice(0, mostEvidence).map((row) => JSON.parse(row.mention) as Mention),
  };
  return { relation, stated: details.length };
}

function compareEnds(a: Relation, b: Relation): number {
  const [one, other] = [`${a.source} ${a.type} ${a.target}`, `${b.source} ${b.type} ${b.target}`];
  return one < other ? -1 : Number(one > other);
}
