import type { Connection } from "../sqlite/connection.ts";
import { apartBy, joinNodes, type Link, type Named } from "./join-nodes.ts";
import { mostFrequent } from "./show-entity.ts";
import type { Thing } from "./thing.ts";

/** Whose eyes: nothing of another tenant, nothing of a class outside the mask. */
export interface Eyes {
  tenant: string;
  mask: number;
}

const visibleMention = (entity: string): string => `EXISTS (SELECT 1 FROM mention_counts k WHERE k.entity = ${entity} AND (1 << k.class) & @mask)`;

/**
 * The thing each of these entities belongs to, by entity id. Entities without a visible mention do not exist: they are
 * left out, and a path of merges does not lead through them.
 */
export function thingsOf(connection: Connection, eyes: Eyes, entityIds: Iterable<string>): Map<string, Thing> {
  const { groups, named } = joined(connection, eyes, visibleEntities(connection, eyes, [...new Set(entityIds)]));
  const counts = mentionCounts(connection, eyes, groups.filter(({ members }) => members.length > 1).flatMap(({ members }) => members));
  const things = new Map<string, Thing>();
  for (const { members, joinedClass } of groups) {
    members.sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || (a < b ? -1 : 1));
    const by = apartBy(members, named);
    const thing: Thing = { id: members[0]!, members, joinedClass, apart: by ? writingOf(connection, eyes, by) : "" };
    for (const member of members) things.set(member, thing);
  }
  return things;
}

export function visibleEntities(connection: Connection, eyes: Eyes, ids: string[]): string[] {
  return connection
    .prepare(`SELECT e.id FROM json_each(@ids) j CROSS JOIN entities e ON e.id = j.value CROSS JOIN text_scopes s ON s.key = e.scope AND s.tenant = @tenant WHERE ${visibleMention("e.id")}`)
    .pluck()
    .all({ ids: JSON.stringify(ids), tenant: eyes.tenant, mask: eyes.mask }) as string[];
}

/**
 * Follows visible merges and equal names from the given entities until nothing new is found; only the sets that hold one of
 * them, since homonyms met on the way are other things.
 */
function joined(connection: Connection, eyes: Eyes, start: string[]): { groups: { members: string[]; joinedClass: number }[]; named: Map<string, Named> } {
  const merged = connection
    .prepare(
      `SELECT m.a, m.b, m.class FROM json_each(@ids) j CROSS JOIN merges m ON m.a = j.value WHERE (1 << m.class) & @mask AND ${visibleMention("m.b")}
       UNION SELECT m.a, m.b, m.class FROM json_each(@ids) j CROSS JOIN merges m ON m.b = j.value WHERE (1 << m.class) & @mask AND ${visibleMention("m.a")}`,
    )
    .raw();
  const named = connection.prepare(
    `SELECT o.id, o.scope, o.type, o.name, o.qualifier FROM
       (SELECT DISTINCT e.scope, e.type, e.name FROM json_each(@ids) j CROSS JOIN entities e ON e.id = j.value WHERE EXISTS (SELECT 1 FROM entities q WHERE q.scope = e.scope AND q.name = e.name AND q.qualifier <> '')) n
     CROSS JOIN entities o ON o.scope = n.scope AND o.name = n.name WHERE o.type = n.type AND ${visibleMention("o.id")}`,
  );
  const links: Link[] = [];
  const nodes = new Map<string, Named>();
  const seen = new Set(start);
  for (let frontier = start; frontier.length > 0; ) {
    const next = new Set<string>();
    const parameters = { ids: JSON.stringify(frontier), mask: eyes.mask };
    for (const [a, b, value] of merged.all(parameters) as [string, string, number][]) {
      links.push({ a, b, class: value });
      next.add(a).add(b);
    }
    for (const node of named.all(parameters) as Named[]) {
      nodes.set(node.id, node);
      next.add(node.id);
    }
    frontier = [...next].filter((id) => !seen.has(id));
    for (const id of frontier) seen.add(id);
  }
  const asked = new Set(start);
  const groups = joinNodes(start, nodes, links).groups();
  return { groups: groups.filter(({ members }) => members.some((id) => asked.has(id))), named: nodes };
}

/** An organisation or place as its visible mentions most often write it; empty when they are hidden. */
function writingOf(connection: Connection, { mask }: Eyes, { scope, name }: { scope: number | string; name: string }): string {
  const written = connection
    .prepare("SELECT x.name, count(*) FROM entities e CROSS JOIN mentions x ON x.entity = e.id WHERE e.scope = ? AND e.name = ? AND e.type IN ('ORGANIZATION', 'LOCATION') AND (1 << x.class) & ? GROUP BY x.name")
    .raw()
    .all(scope, name, mask) as [string, number][];
  return mostFrequent(written);
}

export function mentionCounts(connection: Connection, eyes: Eyes, ids: string[]): Map<string, number> {
  if (ids.length === 0) return new Map();
  const sql = "SELECT k.entity, sum(k.count) FROM json_each(?) j CROSS JOIN mention_counts k ON k.entity = j.value WHERE (1 << k.class) & ? GROUP BY k.entity";
  return new Map(connection.prepare(sql).raw().all(JSON.stringify(ids), eyes.mask) as [string, number][]);
}
