import type { Mention, Relation } from "../../data/entity.ts";
import type { Connection } from "../sqlite/connection.ts";
import { groupStatements, showRelations, type Group, type StatementRow } from "./show-relation.ts";
import { thingsOf, type Eyes } from "./things.ts";

const touching = (side: "source" | "target"): string =>
  `SELECT t.id, t.source, t.target, t.type, t.class FROM json_each(?) j CROSS JOIN statements t ON t.${side} = j.value WHERE (1 << t.class) & ?`;

/** Visible statements that start or end at one of these entities. */
export function statementsTouching(connection: Connection, eyes: Eyes, members: string[]): StatementRow[] {
  const ids = JSON.stringify(members);
  return connection.prepare(`${touching("source")} UNION ${touching("target")}`).all(ids, eyes.mask, ids, eyes.mask) as StatementRow[];
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
  // Of a relation that is stated often only some mentions are shown: the others are never read.
  const details = new Map(rows.map((row) => [row.id, { ...row, get mention() { return JSON.parse(row.mention) as Mention; } }]));
  return showRelations(groups, details, limit);
}
