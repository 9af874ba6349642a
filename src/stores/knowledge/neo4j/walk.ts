import type { Entity } from "../../../data/entity.ts";
import type { GraphView } from "../knowledge-store.ts";
import { groupStatements } from "../show-relation.ts";
import type { Thing } from "../thing.ts";
import { describe } from "./entities.ts";
import { statementsTouching, statementsWithin, toRelations } from "./relations.ts";
import { thingsOf, type Reader } from "./things.ts";
import { mostNeighbours } from "./whole-graph.ts";

export const mostEdges = 5_000;

/** Things within `hops` of one, nearest and most often related first; with no entity, the most connected ones. */
export async function walkGraph(reader: Reader, scopes: string[], entityId: string | null, hops: number, limit: number): Promise<GraphView> {
  const nodes = new Map<string, Thing>();
  if (entityId === null) {
    const ids = (await mostNeighbours(reader, scopes, limit)).map(({ id }) => id);
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

export const inScopes = async ({ run }: Reader, scopes: string[], id: string): Promise<boolean> =>
  (await run("MATCH (e:Entity {id: $id}) WHERE e.scope IN $scopes RETURN e.id AS id", { id, scopes })).length > 0;

/** Most connected things: by number of distinct things that a visible statement ties them to. */
export async function mostConnected(reader: Reader, scopes: string[], limit: number): Promise<(Entity & { degree: number })[]> {
  const first = await mostNeighbours(reader, scopes, limit);
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
