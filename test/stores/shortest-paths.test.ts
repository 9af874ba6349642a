import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PathSearch } from "../../src/stores/knowledge/shortest-paths.ts";
import type { Group } from "../../src/stores/knowledge/show-relation.ts";
import type { Thing } from "../../src/stores/knowledge/thing.ts";

const thing = (id: number): Thing => ({ id: String(id), members: [String(id)], joinedClass: 0, apart: "" });
const relation = ([one, other]: readonly [number, number]): Group => ({ source: thing(one), target: thing(other), type: "USES", statements: [] });

function search(edges: readonly (readonly [number, number])[], from: number, to: number, limit: number): { things: number[]; relations: number } {
  const found = new PathSearch(thing(from), thing(to));
  while (found.goesOn) {
    const ids = new Set(found.frontier.map((each) => Number(each.id)));
    found.round(edges.filter(([one, other]) => ids.has(one) || ids.has(other)).map(relation));
  }
  const { things, groups } = found.found(limit);
  return { things: things.map((each) => Number(each.id)), relations: groups.length };
}

describe("the shortest paths", () => {
  it("take every way of the least length, up to the limit", () => {
    const edges = [[1, 2], [2, 4], [3, 1], [4, 3], [1, 5], [5, 6], [6, 4]] as const;
    expect(search(edges, 1, 4, 10)).toEqual({ things: [1, 2, 3, 4], relations: 4 });
    expect(search(edges, 1, 4, 1)).toEqual({ things: [1, 2, 4], relations: 2 });
    expect(search(edges, 4, 4, 1)).toEqual({ things: [4], relations: 0 });
    expect(search(edges, 1, 9, 1)).toEqual({ things: [], relations: 0 });
  });

  it("are as long as counting says, whatever the graph", () => {
    const edge = fc.tuple(fc.nat(9), fc.nat(9)).filter(([one, other]) => one !== other);
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 25 }), fc.nat(9), fc.nat(9), (edges, from, to) => {
        expect(search(edges, from, to, 1).things.length).toBe(distance(edges, from, to) + 1);
      }),
    );
  });
});

/** By Bellman and Ford's rounds; -1 where there is no way. */
function distance(edges: [number, number][], from: number, to: number): number {
  const far = new Map([[from, 0]]);
  for (let round = 0; round < 10; round++) {
    for (const [one, other] of [...edges, ...edges.map(([a, b]) => [b, a] as const)]) if (far.has(one)) far.set(other, Math.min(far.get(one)! + 1, far.get(other) ?? Infinity));
  }
  return far.get(to) ?? -1;
}
