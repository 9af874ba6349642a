import type { Union } from "./union.ts";

/** By joined set: the lowest of its members that have a relation, and the sets at the other ends. A relation within a set is none. */
export function neighboursOf(edges: readonly { source: string; target: string }[], union: Union): Map<string, { id: string; neighbours: Set<string> }> {
  const found = new Map<string, { id: string; neighbours: Set<string> }>();
  const add = (member: string, one: string, other: string): void => {
    const known = found.get(one) ?? { id: member, neighbours: new Set() };
    known.neighbours.add(other);
    if (member < known.id) known.id = member;
    found.set(one, known);
  };
  for (const { source, target } of edges) {
    const [from, to] = [union.root(source), union.root(target)];
    if (from === to) continue;
    add(source, from, to);
    add(target, to, from);
  }
  return found;
}

/** Distinct relations between joined sets, by type. */
export function countRelations(edges: readonly { source: string; target: string; type: string }[], union: Union): number {
  const relations = new Set<string>();
  for (const { source, target, type } of edges) {
    const [from, to] = [union.root(source), union.root(target)];
    if (from !== to) relations.add(`${from} ${type} ${to}`);
  }
  return relations.size;
}
