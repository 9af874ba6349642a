import type { Entity } from "../../../data/entity.ts";
import { joinNodes, type Link, type Named } from "../join-nodes.ts";
import type { GraphView } from "../knowledge-store.ts";
import { groupStatements } from "../relate.ts";
import type { Thing } from "../things.ts";
import type { Union } from "../union.ts";
import { describe } from "./entities.ts";
import { statementsTouching, statementsWithin, toRelations } from "./relations.ts";
import { mentioned, visible } from "./sight.ts";
import { thingsOf, type Reader } from "./things.ts";

const mostEdges = 5_000;

/** Things within `hops` of one, nearest and most often related first; with no entity, the most connected ones. */
export async function walkGraph(reader: Reader, scopes: string[], entityId: string | null, hops: number, limit: number): Promise<GraphView> {
  const nodes = new Map<string, Thing>();
  if (entityId === null) {
    const ids = (await degrees(reader, scopes)).slice(0, limit).map(({ id }) => id);
    const things = await thingsOf(reader, ids);
    for (const id of ids) {
      const thing = things.get(id);
      if (thing && nodes.size < limit) nodes.set(thing.id, thing);
    }
  } else {
    const thing = (await thingsOf(reader, [entityId])).get(entityId);
    if (!thing || !(await inScopes(reader, scopes, thing.id))) return { nodes: [], edges: [] };
    nodes.set(thing.id, thing);
    await spread(reader, nodes, hops, limit);
  }
  const things = new Map([...nodes.values()].flatMap((thing) => thing.members.map((member): [string, Thing] => [member, thing])));
  const inside = await statementsWithin(reader, [...things.keys()]);
  return { nodes: await describe(reader, [...nodes.values()]), edges: await toRelations(reader, groupStatements(inside, things), mostEdges) };
}

async function spread(reader: Reader, nodes: Map<string, Thing>, hops: number, limit: number): Promise<void> {
  let frontier = [...nodes.values()];
  for (let hop = 0; hop < hops && frontier.length > 0 && nodes.size < limit; hop++) {
    const statements = await statementsTouching(reader, frontier.flatMap((thing) => thing.members));
    const things = await thingsOf(reader, statements.flatMap((row) => [row.source, row.target]));
    const stated = new Map<Thing, number>();
    for (const { source, target, statements: rows } of groupStatements(statements, things)) {
      for (const thing of [source, target]) if (!nodes.has(thing.id)) stated.set(thing, (stated.get(thing) ?? 0) + rows.length);
    }
    const ordered = [...stated].sort((a, b) => b[1] - a[1] || (a[0].id < b[0].id ? -1 : 1)).slice(0, limit - nodes.size);
    frontier = ordered.map(([thing]) => thing);
    for (const thing of frontier) nodes.set(thing.id, thing);
  }
}

const inScopes = async ({ run }: Reader, scopes: string[], id: string): Promise<boolean> =>
  (await run("MATCH (e:Entity {id: $id}) WHERE e.scope IN $scopes RETURN e.id AS id", { id, scopes })).length > 0;

/** Most connected things: by number of distinct things that a visible statement ties them to. */
export async function mostConnected(reader: Reader, scopes: string[], limit: number): Promise<(Entity & { degree: number })[]> {
  const first = (await degrees(reader, scopes)).slice(0, limit);
  const things = await thingsOf(reader, first.map(({ id }) => id));
  const shown = first.flatMap(({ id, degree }) => {
    const thing = things.get(id);
    return thing ? [{ thing, degree }] : [];
  });
  const described = new Map((await describe(reader, shown.map(({ thing }) => thing))).map((entity) => [entity.id, entity]));
  return shown.flatMap(({ thing, degree }) => {
    const entity = described.get(thing.id);
    return entity ? [{ ...entity, degree }] : [];
  });
}

interface Edge {
  source: string;
  target: string;
  type: string;
}

/** Distinct visible `source, target, type` of the scopes, and the sets that visible merges and equal names join. */
async function wholeGraph({ run, sight, types }: Reader, scopes: string[]): Promise<{ edges: Edge[]; union: Union }> {
  const parameters = { ...sight, scopes };
  const from = `MATCH (e:Entity) WHERE e.scope IN $scopes AND e.name IS NOT NULL AND ${mentioned("e")}`;
  const edges = await run<Edge>(
    `${from} MATCH (e)-[t:${types.anyRelation}]->(o:Entity) WHERE ${visible("t")} WITH DISTINCT e, type(t) AS type, o WHERE ${mentioned("o")} RETURN e.id AS source, o.id AS target, type`,
    parameters,
  );
  const merges = await run<{ a: string; b: string }>(`${from} MATCH (e)-[m:SAME_AS]->(o:Entity) WHERE ${visible("m")} AND ${mentioned("o")} RETURN DISTINCT e.id AS a, o.id AS b`, parameters);
  const qualified = await run<Named>(
    `MATCH (q:Entity) WHERE q.scope IN $scopes AND q.qualifier <> '' WITH DISTINCT q.scope AS scope, q.name AS name, q.type AS type
     MATCH (e:Entity {scope: scope, name: name}) WHERE e.type = type AND ${mentioned("e")} RETURN e.id AS id, e.scope AS scope, e.type AS type, e.name AS name, e.qualifier AS qualifier`,
    parameters,
  );
  const links = merges.map(({ a, b }): Link => ({ a, b, class: 0 }));
  return { edges, union: joinNodes([], new Map(qualified.map((each) => [each.id, each])), links) };
}

/** One member's id for each thing that has neighbours, most of them first. */
async function degrees(reader: Reader, scopes: string[]): Promise<{ id: string; degree: number }[]> {
  const { edges, union } = await wholeGraph(reader, scopes);
  const neighbours = new Map<string, Set<string>>();
  const lowest = new Map<string, string>();
  const add = (member: string, one: string, other: string): void => {
    if (!neighbours.has(one)) neighbours.set(one, new Set());
    neighbours.get(one)!.add(other);
    const known = lowest.get(one);
    if (known === undefined || member < known) lowest.set(one, member);
  };
  for (const { source, target } of edges) {
    const [from, to] = [union.root(source), union.root(target)];
    if (from === to) continue;
    add(source, from, to);
    add(target, to, from);
  }
  const found = [...neighbours].map(([root, others]) => ({ id: lowest.get(root)!, degree: others.size }));
  return found.sort((a, b) => b.degree - a.degree || (a.id < b.id ? -1 : 1));
}

export async function countGraph(reader: Reader, scopes: string[]): Promise<{ chunks: number; entities: number; relations: number }> {
  const { run, sight } = reader;
  const one = async (text: string): Promise<number> => (await run<{ count: number }>(text, { ...sight, scopes }))[0]!.count;
  const { edges, union } = await wholeGraph(reader, scopes);
  const merged = union.groups().reduce((sum, { members }) => sum + members.length - 1, 0);
  const relations = new Set<string>();
  for (const { source, target, type } of edges) {
    const [from, to] = [union.root(source), union.root(target)];
    if (from !== to) relations.add(`${from} ${type} ${to}`);
  }
  return {
    chunks: await one(`MATCH ()-[h:HAS_CHUNK]->() WHERE h.scope IN $scopes AND ${visible("h")} RETURN count(*) AS count`),
    entities: (await one(`MATCH (e:Entity) WHERE e.scope IN $scopes AND e.name IS NOT NULL AND ${mentioned("e")} RETURN count(*) AS count`)) - merged,
    relations: relations.size,
  };
}
