import { joinNodes, type Link, type Named } from "../join-nodes.ts";
import { countRelations, neighboursOf } from "../neighbours.ts";
import type { Union } from "../union.ts";
import { seesAll, visible, mentioned } from "./sight.ts";
import type { Reader } from "./things.ts";

/** Sets of more than one entity that are one thing; everything else the server counts alone. */
interface Joined {
  union: Union;
  members: string[];
  edges: Edge[];
}

interface Edge {
  source: string;
  target: string;
  type: string;
}

/** Cypher: whether an entity is there for the caller; one that is stored has a mention that somebody sees. */
const there = (reader: Reader, entity: string): string => (seesAll(reader.sight) ? "true" : mentioned(entity));
const ofScopes = (reader: Reader): string => `MATCH (e:Entity) WHERE e.scope IN $scopes AND e.name IS NOT NULL AND ${there(reader, "e")}`;
const alone = "NOT e.id IN $members AND NOT o.id IN $members AND e <> o";

async function joinedThings(reader: Reader, scopes: string[]): Promise<Joined> {
  const { run, sight, types } = reader;
  const merges = await run<{ a: string; b: string }>(
    `MATCH (e:Entity)-[m:SAME_AS]->(o:Entity) WHERE m.scope IN $scopes AND ${visible("m")} AND ${there(reader, "e")} AND ${there(reader, "o")} RETURN DISTINCT e.id AS a, o.id AS b`,
    { ...sight, scopes },
  );
  const qualified = await run<Named>(
    `MATCH (q:Entity) WHERE q.scope IN $scopes AND q.name IS NOT NULL AND q.qualifier IS NOT NULL WITH DISTINCT q.scope AS scope, q.name AS name, q.type AS type
     MATCH (e:Entity) WHERE e.scope = scope AND e.name = name AND e.type = type AND ${there(reader, "e")}
     RETURN e.id AS id, e.scope AS scope, e.type AS type, e.name AS name, coalesce(e.qualifier, '') AS qualifier`,
    { ...sight, scopes },
  );
  const union = joinNodes([], new Map(qualified.map((each) => [each.id, each])), merges.map(({ a, b }): Link => ({ a, b, class: 0 })));
  const members = union.groups().flatMap((group) => (group.members.length > 1 ? group.members : []));
  const text = `UNWIND $members AS id MATCH (e:Entity {id: id})-[t:${types.anyRelation}]-(o:Entity) WHERE ${visible("t")} AND ${there(reader, "o")}
    RETURN DISTINCT startNode(t).id AS source, endNode(t).id AS target, type(t) AS type`;
  const edges = members.length === 0 ? [] : await run<Edge>(text, { ...sight, members });
  return { union, members, edges: edges.map(({ source, target, type }) => ({ source, target, type })) };
}

/** One member's id for each thing that has neighbours, those with most distinct ones first. */
export async function mostNeighbours(reader: Reader, scopes: string[], limit: number): Promise<{ id: string; degree: number }[]> {
  const { run, sight, types } = reader;
  const { union, members, edges } = await joinedThings(reader, scopes);
  const joinedSets = [...neighboursOf(edges, union).values()];
  // Entities that stand beside a joined thing are counted in two parts: these neighbours, and those the server counts.
  const joined = new Set(members);
  const beside = joinedSets.map(({ id }) => id).filter((id) => !joined.has(id));
  const counting = `MATCH (e)-[t:${types.anyRelation}]-(o:Entity) WHERE ${alone} AND ${visible("t")} AND ${there(reader, "o")} WITH e, count(DISTINCT o) AS degree`;
  const parameters = { ...sight, scopes, members, beside, limit };
  const first = await run<{ id: string; degree: number }>(`${ofScopes(reader)} AND NOT e.id IN $beside ${counting} RETURN e.id AS id, degree ORDER BY degree DESC, id LIMIT $limit`, parameters);
  const other = beside.length === 0 ? [] : await run<{ id: string; degree: number }>(`UNWIND $beside AS id MATCH (e:Entity {id: id}) ${counting} RETURN e.id AS id, degree`, parameters);
  const rest = new Map(other.map(({ id, degree }) => [id, degree]));
  const found = joinedSets.map(({ id, neighbours }) => ({ id, degree: neighbours.size + (rest.get(id) ?? 0) }));
  return [...first, ...found].sort((a, b) => b.degree - a.degree || (a.id < b.id ? -1 : 1)).slice(0, limit);
}

export async function countGraph(reader: Reader, scopes: string[]): Promise<{ chunks: number; entities: number; relations: number }> {
  const { run, sight, types } = reader;
  const { union, members, edges } = await joinedThings(reader, scopes);
  const one = async (text: string): Promise<number> => (await run<{ count: number }>(text, { ...sight, scopes, members }))[0]!.count;
  const merged = union.groups().reduce((sum, group) => sum + group.members.length - 1, 0);
  return {
    chunks: await one(`MATCH ()-[h:HAS_CHUNK]->() WHERE h.scope IN $scopes AND ${visible("h")} RETURN count(*) AS count`),
    entities: (await one(`${ofScopes(reader)} RETURN count(*) AS count`)) - merged,
    relations: countRelations(edges, union) + (await one(`${ofScopes(reader)} MATCH (e)-[t:${types.anyRelation}]->(o:Entity) WHERE ${alone} AND ${visible("t")} AND ${there(reader, "o")} WITH DISTINCT e, type(t) AS type, o RETURN count(*) AS count`)),
  };
}
