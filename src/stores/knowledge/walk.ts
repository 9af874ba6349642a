import type { Entity } from "../../data/entity.ts";
import type { Connection } from "../sqlite/connection.ts";
import { scopesOf, snapshot, type Sight } from "../text/scope-filter.ts";
import { describe } from "./describe.ts";
import { joinNodes, type Link, type Named } from "./join-nodes.ts";
import type { GraphView } from "./knowledge-store.ts";
import { countRelations, neighboursOf } from "./neighbours.ts";
import { statementsTouching, toRelations } from "./relate.ts";
import { groupStatements, type StatementRow } from "./show-relation.ts";
import { thingsOf } from "./things.ts";
import type { Thing } from "./thing.ts";
import type { Union } from "./union.ts";

export const mostEdges = 5_000;

/** Things within `hops` of one, nearest and most often related first; with no entity, the most connected ones. */
export function walkGraph(connection: Connection, question: Sight & { entityId: string | null; hops: number; limit: number }): GraphView {
  return snapshot(connection, () => {
    const scopes = scopesOf(connection, question);
    const nodes = new Map<string, Thing>();
    if (question.entityId === null) {
      const ids = degrees(connection, question, scopes).slice(0, question.limit).map(({ id }) => id);
      for (const thing of thingsOf(connection, question, ids).values()) if (nodes.size < question.limit) nodes.set(thing.id, thing);
    } else {
      const thing = thingsOf(connection, question, [question.entityId]).get(question.entityId);
      if (!thing || !inScopes(connection, scopes, thing.id)) return { nodes: [], edges: [] };
      nodes.set(thing.id, thing);
      spread(connection, question, nodes);
    }
    const members = new Set([...nodes.values()].flatMap((thing) => thing.members));
    const things = new Map([...nodes.values()].flatMap((thing) => thing.members.map((member): [string, Thing] => [member, thing])));
    const inside = statementsTouching(connection, question, [...members]).filter((row) => members.has(row.source) && members.has(row.target));
    return { nodes: describe(connection, question, [...nodes.values()]), edges: toRelations(connection, groupStatements(inside, things), mostEdges) };
  });
}

function spread(connection: Connection, question: Sight & { hops: number; limit: number }, nodes: Map<string, Thing>): void {
  let frontier = [...nodes.values()];
  for (let hop = 0; hop < question.hops && frontier.length > 0 && nodes.size < question.limit; hop++) {
    const statements = statementsTouching(connection, question, frontier.flatMap((thing) => thing.members));
    const things = thingsOf(connection, question, statements.flatMap((row) => [row.source, row.target]));
    const stated = new Map<Thing, number>();
    for (const { source, target, statements: rows } of groupStatements(statements, things)) {
      for (const thing of [source, target]) if (!nodes.has(thing.id)) stated.set(thing, (stated.get(thing) ?? 0) + rows.length);
    }
    const ordered = [...stated].sort((a, b) => b[1] - a[1] || (a[0].id < b[0].id ? -1 : 1)).slice(0, question.limit - nodes.size);
    frontier = ordered.map(([thing]) => thing);
    for (const thing of frontier) nodes.set(thing.id, thing);
  }
}

export const inScopes = (connection: Connection, scopes: number[], id: string): boolean =>
  connection.prepare("SELECT 1 FROM entities WHERE id = ? AND scope IN (SELECT value FROM json_each(?))").get(id, JSON.stringify(scopes)) !== undefined;

/** Most connected things: by number of distinct things that a visible statement ties them to. */
export function mostConnected(connection: Connection, question: Sight & { limit: number }): (Entity & { degree: number })[] {
  return snapshot(connection, () => {
    const first = degrees(connection, question, scopesOf(connection, question)).slice(0, question.limit);
    const things = thingsOf(connection, question, first.map(({ id }) => id));
    const described = describe(connection, question, first.map(({ id }) => things.get(id)!));
    return described.map((entity, place) => ({ ...entity, degree: first[place]!.degree }));
  });
}

/** Distinct visible `source, target, type` of the scopes, and the sets that visible merges and equal names join. */
function wholeGraph(connection: Connection, { mask }: Sight, scopes: number[]): { edges: Omit<StatementRow, "id" | "class">[]; union: Union } {
  const parameters = { scopes: JSON.stringify(scopes), mask };
  const seen = (entity: string) => (mask === 15 ? "" : `AND EXISTS (SELECT 1 FROM mention_counts k WHERE k.entity = ${entity} AND (1 << k.class) & @mask)`);
  const edges = connection
    .prepare(`SELECT DISTINCT t.source, t.target, t.type FROM json_each(@scopes) j CROSS JOIN statements t ON t.scope = j.value WHERE (1 << t.class) & @mask ${seen("t.source")} ${seen("t.target")}`)
    .all(parameters) as Omit<StatementRow, "id" | "class">[];
  const merges = connection
    .prepare(`SELECT DISTINCT m.a, m.b FROM json_each(@scopes) j CROSS JOIN merges m ON m.scope = j.value WHERE (1 << m.class) & @mask ${seen("m.a")} ${seen("m.b")}`)
    .raw()
    .all(parameters) as [string, string][];
  const qualified = connection
    .prepare(
      `SELECT DISTINCT e.id, e.scope, e.type, e.name, e.qualifier FROM json_each(@scopes) j CROSS JOIN entities q ON q.scope = j.value AND q.qualifier <> ''
       CROSS JOIN entities e ON e.scope = q.scope AND e.name = q.name AND e.type = q.type WHERE true ${seen("e.id")}`,
    )
    .all(parameters) as Named[];
  const links = merges.map(([a, b]): Link => ({ a, b, class: 0 }));
  return { edges, union: joinNodes([], new Map(qualified.map((each) => [each.id, each])), links) };
}

/** One member's id for each thing that has neighbours, most of them first. */
function degrees(connection: Connection, sight: Sight, scopes: number[]): { id: string; degree: number }[] {
  const { edges, union } = wholeGraph(connection, sight, scopes);
  const found = [...neighboursOf(edges, union).values()].map(({ id, neighbours }) => ({ id, degree: neighbours.size }));
  return found.sort((a, b) => b.degree - a.degree || (a.id < b.id ? -1 : 1));
}

export function countGraph(connection: Connection, question: Sight): { chunks: number; entities: number; relations: number } {
  return snapshot(connection, () => {
    const scopes = scopesOf(connection, question);
    const within = JSON.stringify(scopes);
    const one = (sql: string) => connection.prepare(sql).pluck().get(within, question.mask) as number;
    const { edges, union } = wholeGraph(connection, question, scopes);
    const merged = union.groups().reduce((sum, { members }) => sum + members.length - 1, 0);
    return {
      chunks: one("SELECT coalesce(sum(k.count), 0) FROM json_each(?) j CROSS JOIN chunk_counts k ON k.scope = j.value WHERE (1 << k.class) & ?"),
      entities: one("SELECT count(*) FROM json_each(?) j CROSS JOIN entities e ON e.scope = j.value WHERE EXISTS (SELECT 1 FROM mention_counts k WHERE k.entity = e.id AND (1 << k.class) & ?)") - merged,
      relations: countRelations(edges, union),
    };
  });
}
