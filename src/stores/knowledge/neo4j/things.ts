import { rank, type Class } from "../../../data/classification.ts";
import { apartBy, joinNodes, type Link, type Named } from "../join-nodes.ts";
import { mostFrequent } from "../show-entity.ts";
import type { Thing } from "../thing.ts";
import type { Run } from "./connect.ts";
import { mentioned, visible, type Sight } from "./sight.ts";
import type { TypeNames } from "./type-names.ts";

/** What every read works with: its transaction, whose eyes, and the types that may stand in a query. */
export interface Reader {
  run: Run;
  sight: Sight;
  types: TypeNames;
}

interface Joined {
  id: string;
  merges: { a: string; b: string; class: Class }[];
  named: Named[];
}

const homonym = (other: string, entity: string): string => `${other}.scope = ${entity}.scope AND ${other}.name = ${entity}.name AND ${other}.type = ${entity}.type`;

/** Cypher: nodes of the entity's scope, type and name, itself among them; none where no qualifier tells any apart. */
const nodesOfName = (entity: string): string => `CASE WHEN EXISTS { MATCH (q:Entity) WHERE ${homonym("q", entity)} AND q.qualifier IS NOT NULL }
  THEN COLLECT { MATCH (o:Entity) WHERE ${homonym("o", entity)} AND ${mentioned("o")} RETURN {id: o.id, scope: o.scope, type: o.type, name: o.name, qualifier: coalesce(o.qualifier, '')} } ELSE [] END`;

/** The visible ones of these entities, each with the visible merges that touch it and the nodes of its name. */
const entitiesWithMerges = `UNWIND $ids AS id MATCH (e:Entity {id: id}) WHERE e.tenant = $tenant AND ${mentioned("e")}
  RETURN e.id AS id, COLLECT { MATCH (e)-[m:SAME_AS]-(o:Entity) WHERE ${visible("m")} AND ${mentioned("o")} RETURN {a: startNode(m).id, b: endNode(m).id, class: m.class} } AS merges,
    ${nodesOfName("e")} AS named`;

/** An organisation or place as its visible mentions most often write it; empty when they are hidden. */
const writings = `MATCH (e:Entity) WHERE e.scope = $scope AND e.name = $name AND e.type IN ['ORGANIZATION', 'LOCATION'] MATCH (e)-[x:MENTIONED_IN]->() WHERE ${visible("x")}
  RETURN x.name AS name, count(*) AS count`;

/**
 * The thing each of these entities belongs to, by entity id. Entities without a visible mention do not exist: they are
 * left out, and a path of merges does not lead through them.
 */
export async function thingsOf(reader: Reader, entityIds: Iterable<string>): Promise<Map<string, Thing>> {
  const asked = new Set(entityIds);
  const seen = new Set(asked);
  const visibleIds: string[] = [];
  const links: Link[] = [];
  const named = new Map<string, Named>();
  for (let frontier = [...seen]; frontier.length > 0; ) {
    const found = await reader.run<Joined>(entitiesWithMerges, { ...reader.sight, ids: frontier });
    frontier = [];
    for (const { id, merges, named: nodes } of found) {
      visibleIds.push(id);
      for (const { a, b, class: value } of merges) links.push({ a, b, class: rank(value) });
      for (const node of nodes) named.set(node.id, node);
      for (const member of [...merges.flatMap(({ a, b }) => [a, b]), ...nodes.map((node) => node.id)]) {
        if (!seen.has(member)) frontier.push(member);
        seen.add(member);
      }
    }
  }
  const groups = joinNodes(visibleIds, named, links).groups().filter(({ members }) => members.some((id) => asked.has(id)));
  const counts = await mentionCounts(reader, groups.filter(({ members }) => members.length > 1).flatMap(({ members }) => members));
  const things = new Map<string, Thing>();
  for (const { members, joinedClass } of groups) {
    members.sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || (a < b ? -1 : 1));
    const by = apartBy(members, named);
    const written = by ? await reader.run<{ name: string; count: number }>(writings, { ...reader.sight, ...by }) : [];
    const thing: Thing = { id: members[0]!, members, joinedClass, apart: mostFrequent(written.map(({ name, count }) => [name, count])) };
    for (const member of members) things.set(member, thing);
  }
  return things;
}

/** Visible mentions of each entity. */
export async function mentionCounts({ run, sight }: Reader, ids: string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const text = `UNWIND $ids AS id MATCH (e:Entity {id: id}) RETURN e.id AS id, COUNT { (e)-[x:MENTIONED_IN]->() WHERE ${visible("x")} } AS count`;
  const rows = await run<{ id: string; count: number }>(text, { ...sight, ids });
  return new Map(rows.map(({ id, count }) => [id, count]));
}
