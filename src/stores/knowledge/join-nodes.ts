import { compareQualifiers, evidenceOf, partsOf } from "../../data/qualifier.ts";
import { Union } from "./union.ts";

/** A node of a name that some node has a qualifier for. */
export interface Named {
  id: string;
  scope: number | string;
  type: string;
  name: string;
  qualifier: string;
}

/** A recorded merge; `class` is a rank. */
export interface Link {
  a: string;
  b: string;
  class: number;
}

type Nodes = ReadonlyMap<string, Named>;

/**
 * Which nodes are one thing: those that a merge joins, and those of one scope, type and name that nothing sets apart.
 * Homonyms stay apart. A node without a qualifier joins the one thing it could be, and none when it could be two; what
 * has only a place likewise joins what has an organisation. The result depends on nodes and merges alone, in whatever
 * order they came.
 *
 * @param ids nodes that are there even when nothing joins them.
 * @param named by id, all nodes of every name of which one has a qualifier.
 */
export function joinNodes(ids: Iterable<string>, named: Nodes, merges: readonly Link[]): Union {
  const union = new Union();
  // All nodes of a name are weighed, also those nobody asked for: what is one thing must not depend on the question.
  for (const id of [...ids, ...named.keys()]) union.add(id);
  const open: Link[] = [];
  const compare = (a: string, b: string) => compareQualifiers(named.get(a)?.qualifier ?? "", named.get(b)?.qualifier ?? "");
  for (const merge of merges) {
    if (compare(merge.a, merge.b) === "unknown") open.push(merge);
    // Against the qualifiers too: somebody said that they are one.
    else union.join(merge.a, merge.b, merge.class);
  }
  for (const { a, b } of pairs(named)) {
    const compared = compare(a, b);
    if (compared === "same") union.join(a, b);
    else if (compared === "unknown") open.push({ a, b, class: 0 });
  }
  settle(union, named, open, "place");
  settle(union, named, open, "none");
  return union;
}

/** All pairs of one scope, type and name. */
function* pairs(named: Nodes): Iterable<{ a: string; b: string }> {
  for (const members of Map.groupBy(named.values(), ({ scope, type, name }) => `${scope} ${type} ${name}`).values()) {
    for (const [place, { id: a }] of members.entries()) for (const { id: b } of members.slice(place + 1)) yield { a, b };
  }
}

const order = { none: 0, place: 1, organisation: 2 };

/** Joins each set of this evidence to the one set of better evidence that open links lead to; of places that differ none joins the same set. */
function settle(union: Union, named: Nodes, open: readonly Link[], evidence: "place" | "none"): void {
  if (open.length === 0) return;
  const best = new Map(union.groups().map(({ members }) => [union.root(members[0]!), Math.max(...members.map((id) => order[evidenceOf(named.get(id)?.qualifier ?? "")]))]));
  const rankOf = (root: string): number => best.get(root) ?? 0;
  const wanted = new Map<string, Map<string, Link[]>>();
  const suitors = new Map<string, Set<string>>();
  for (const link of open) {
    const [a, b] = [union.root(link.a), union.root(link.b)];
    for (const [from, to] of [[a, b], [b, a]] as const) {
      if (from === to || rankOf(from) !== order[evidence] || rankOf(to) <= order[evidence]) continue;
      const targets = wanted.get(from) ?? new Map<string, Link[]>();
      wanted.set(from, targets.set(to, [...(targets.get(to) ?? []), link]));
      suitors.set(to, (suitors.get(to) ?? new Set<string>()).add(from));
    }
  }
  for (const targets of wanted.values()) {
    const [[target, links]] = [...targets] as [[string, Link[]]];
    if (targets.size > 1 || (evidence === "place" && suitors.get(target)!.size > 1)) continue;
    for (const link of links) union.join(link.a, link.b, link.class);
  }
}

/**
 * What tells a thing from its homonyms: the organisation or place of its most mentioned member that has one, normalised;
 * null when no other thing of its name and type is there, or nothing tells.
 *
 * @param members of the thing, the most mentioned first.
 */
export function apartBy(members: readonly string[], named: Nodes): { scope: number | string; name: string } | null {
  const head = named.get(members[0]!);
  if (!head) return null;
  const own = new Set(members);
  const homonym = [...named.values()].some((node) => !own.has(node.id) && node.name === head.name && node.type === head.type && node.scope === head.scope);
  const qualifier = members.map((id) => named.get(id)).find((node) => node?.name === head.name && node.qualifier !== "")?.qualifier;
  return homonym && qualifier ? { scope: head.scope, name: partsOf(qualifier)[0]! } : null;
}
