import type { GraphView } from "../knowledge-store.ts";
import { PathSearch } from "../shortest-paths.ts";
import { groupStatements } from "../show-relation.ts";
import { describe } from "./entities.ts";
import { statementsTouching, toRelations } from "./relations.ts";
import { thingsOf, type Reader } from "./things.ts";
import { inScopes, mostEdges } from "./walk.ts";

/** How two things are joined: at most `limit` of the shortest paths of at most `hops` relations. A thing has several nodes, so it is not `shortestPath`. */
export async function findPaths(reader: Reader, scopes: string[], { from, to, hops, limit }: { from: string; to: string; hops: number; limit: number }): Promise<GraphView> {
  const ends = await thingsOf(reader, [from, to]);
  const [start, end] = [ends.get(from), ends.get(to)];
  if (!start || !end || !(await inScopes(reader, scopes, start.id)) || !(await inScopes(reader, scopes, end.id))) return { nodes: [], edges: [] };
  const search = new PathSearch(start, end);
  for (let hop = 0; hop < hops && search.goesOn; hop++) {
    const statements = await statementsTouching(reader, search.frontier.flatMap((thing) => thing.members));
    search.round(groupStatements(statements, await thingsOf(reader, statements.flatMap((row) => [row.source, row.target]))));
  }
  const { things, groups } = search.found(limit);
  return { nodes: await describe(reader, things), edges: await toRelations(reader, groups, mostEdges) };
}
