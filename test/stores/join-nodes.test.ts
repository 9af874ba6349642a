import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareQualifiers, qualifierOf } from "../../src/data/qualifier.ts";
import { joinNodes, type Link, type Named } from "../../src/stores/knowledge/join-nodes.ts";

const node = (id: string, qualifier: string, name = "anna berger"): Named => ({ id, scope: 1, type: "PERSON", name, qualifier });
const groups = (nodes: Named[], merges: Link[] = []): string[] =>
  joinNodes(nodes.map((each) => each.id), new Map(nodes.map((each) => [each.id, each])), merges).groups().map(({ members }) => members.toSorted().join("+")).toSorted();

describe("what a document sets a name apart by", () => {
  it.each([
    ["kraus llp", "kraus llp; tidal se", "same"],
    ["kraus llp", "kraus", "same"],
    ["northern straits energy plc", "nse", "same"],
    ["university of graz", "graz university", "same"],
    ["st anna krankenhaus", "st anna krankenhauses", "same"],
    ["kraus llp", "st anna hospital", "different"],
    ["kraus llp", "kranz llp", "different"],
    ["@graz", "@graz umgebung", "same"],
    ["@graz", "@hamburg", "different"],
    ["@graz", "kraus llp", "unknown"],
    ["", "kraus llp", "unknown"],
    ["", "", "same"],
  ])("%j and %j: %s", (a, b, expected) => {
    expect(compareQualifiers(a, b)).toBe(expected);
    expect(compareQualifiers(b, a)).toBe(expected);
  });

  it("is a place only where there is no organisation, and written in one order", () => {
    expect(qualifierOf(["tidal se", "kraus llp", "tidal se"], ["graz"])).toBe("kraus llp; tidal se");
    expect(qualifierOf([], ["wien", "graz"])).toBe("@graz; @wien");
    expect(qualifierOf([], [])).toBe("");
  });
});

describe("nodes of one name", () => {
  it("are as many things as there are organisations that no document links", () => {
    expect(groups([node("a", "kraus llp"), node("b", "st anna hospital")])).toEqual(["a", "b"]);
    expect(groups([node("a", "kraus llp"), node("b", "st anna hospital"), node("c", "kraus llp; st anna hospital")])).toEqual(["a+b+c"]);
  });

  it("without a qualifier are the one thing they could be, and apart when they could be two", () => {
    expect(groups([node("a", "kraus llp"), node("b", "")])).toEqual(["a+b"]);
    expect(groups([node("a", "kraus llp"), node("b", ""), node("c", "st anna hospital")])).toEqual(["a", "b", "c"]);
    expect(groups([node("a", "kraus llp"), node("b", ""), node("c", "@graz")])).toEqual(["a+b+c"]);
    expect(groups([node("a", "kraus llp"), node("b", "@hamburg"), node("c", "@graz")])).toEqual(["a", "b", "c"]);
  });

  it("are not joined through another name that could be either", () => {
    const nodes = [node("a", "kraus llp"), node("b", "st anna hospital"), node("c", "", "dr anna berger")];
    const merges = [{ a: "a", b: "c", class: 0 }, { a: "b", b: "c", class: 0 }];
    expect(groups(nodes, merges)).toEqual(["a", "b", "c"]);
    expect(groups(nodes, merges.slice(1))).toEqual(["a", "b+c"]);
    expect(groups(nodes, [...merges.slice(1), { a: "a", b: "b", class: 0 }])).toEqual(["a+b+c"]);
  });

  it("are the same things in whatever order they and their merges come, and never two employers in one that nobody linked", () => {
    const parts = fc.subarray(["kraus llp", "st anna hospital", "tidal se", "kraus"], { maxLength: 2 });
    const given = fc.array(fc.record({ organisations: parts, places: fc.subarray(["graz", "hamburg"]), name: fc.constantFrom("anna berger", "dr anna berger") }), { maxLength: 7 });
    fc.assert(
      fc.property(given, fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { maxLength: 4 }), fc.infiniteStream(fc.nat()), (drawn, pairs, keys) => {
        const nodes = drawn.map(({ organisations, places, name }, id) => node(String(id), qualifierOf(organisations, places), name));
        const merges = pairs.filter(([a, b]) => a < b && b < nodes.length && compareQualifiers(nodes[a]!.qualifier, nodes[b]!.qualifier) !== "different").map(([a, b]) => ({ a: String(a), b: String(b), class: 0 }));
        const mixed = <T>(items: T[]): T[] => items.map((item) => [keys.next().value as number, item] as const).toSorted(([a], [b]) => a - b).map(([, item]) => item);
        const expected = groups(nodes, merges);
        expect(groups(mixed(nodes), mixed(merges).map(({ a, b, class: value }) => ({ a: b, b: a, class: value })))).toEqual(expected);
        const links = nodes.filter((each) => each.qualifier.includes("; "));
        if (links.length === 0) for (const group of expected) expect(new Set(group.split("+").map((id) => nodes[Number(id)]!.qualifier.replace(" llp", "")).filter((each) => each && !each.startsWith("@"))).size).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });
});
