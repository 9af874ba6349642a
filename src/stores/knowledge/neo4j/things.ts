import { rank, type Class } from "../../../data/classification.ts";
import { Union, type Thing } from "../things.ts";
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
}

/** The visible ones of these entities, each with the visible merges that touch it. */
const entitiesWithMerges = `UNWIND $ids AS id MATCH (e:Entity {id: id}) WHERE e.tenant = $tenant AND ${mentioned("e")}
  RETURN e.id AS id, COLLECT { MATCH (e)-[m:SAME_AS]-(o:Entity) WHERE ${visible("m")} AND ${mentioned("o")} RETURN {a: startNode(m).id, b: endNode(m).id, class: m.class} } AS merges`;

/**
 * The thing each of these entities belongs to, by entity id. Entities without a visible mention do not exist: they are
 * left out, and a path of merges does not lead through them.
 */
export async function thingsOf(reader: Reader, entityIds: Iterable<string>): Promise<Map<string, Thing>> {
  const union = new Union();
  const seen = new Set(entityIds);
  for (let frontier = [...seen]; frontier.length > 0; ) {
    const found = await reader.run<Joined>(entitiesWithMerges, { ...reader.sight, ids: frontier });
    frontier = [];
    for (const { id, merges } of found) {
      union.add(id);
      for (const { a, b, class: value } of merges) {
        union.join(a, b, rank(value));
        for (const member of [a, b]) if (!seen.has(member)) frontier.push(member);
        seen.add(a).add(b);
      }
    }
  }
  const groups = union.groups();
  const counts = await mentionCounts(reader, groups.filter(({ members }) => members.length > 1).flatMap(({ members }) => members));
  const things = new Map<string, Thing>();
  for (const { members, joinedClass } of groups) {
    members.sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || (a < b ? -1 : 1));
    const thing = { id: members[0]!, members, joinedClass, apart: "" };
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
