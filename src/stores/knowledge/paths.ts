import type { Connection } from "../sqlite/connection.ts";
import { scopesOf, snapshot, type Sight } from "../text/scope-filter.ts";
import { describe } from "./describe.ts";
import type { GraphView } from "./knowledge-store.ts";
import { statementsTouching, toRelations } from "./relate.ts";
import { PathSearch } from "./shortest-paths.ts";
import { groupStatements } from "./show-relation.ts";
import { thingsOf } from "./things.ts";
import { inScopes, mostEdges } from "./walk.ts";

/** How two things are joined: at most `limit` of the shortest paths of at most `hops` relations. */
export function findPaths(connection: Connection, question: Sight & { from: string; to: string; hops: number; limit: number }): GraphView {
  return snapshot(connection, () => {
    const scopes = scopesOf(connection, question);
    const ends = thingsOf(connection, question, [question.from, question.to]);
    const [start, end] = [ends.get(question.from), ends.get(question.to)];
    if (!start || !end || !inScopes(connection, scopes, start.id) || !inScopes(connection, scopes, end.id)) return { nodes: [], edges: [] };
    const search = new PathSearch(start, end);
    for (let hop = 0; hop < question.hops && search.goesOn; hop++) {
      const statements = statementsTouching(connection, question, search.frontier.flatMap((thing) => thing.members));
      search.round(groupStatements(statements, thingsOf(connection, question, statements.flatMap((row) => [row.source, row.target]))));
    }
    const { things, groups } = search.found(question.limit);
    return { nodes: describe(connection, question, things), edges: toRelations(connection, groups, mostEdges) };
  });
}
