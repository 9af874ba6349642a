import { assert, array, constantFrom, integer, property, record, stringMatching } from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { byType } from "../../src/steps/extraction-task.ts";
import { occurrences } from "../../src/steps/quotes.ts";
import { boundWarnings } from "../../src/steps/work.ts";
import { modelServers, openTestApp, type TestApp } from "../app/open-test-app.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";

const name = stringMatching(/^[A-Z][a-z]{1,12}( [A-Z0-9][a-z0-9]{0,8})?$/);
const named = array(record({ name, type: constantFrom("PERSON", "PRODUCT", "DATE_TIME", "QUANTITY") }), { maxLength: 40 });

describe("a list of names in a prompt", () => {
  it("has a line for each type and each name once", () => {
    const names = [{ name: "Ann Lee", type: "PERSON" }, { name: "Otter 40", type: "PRODUCT" }, { name: "Bo;\nReid", type: "PERSON" }, { name: "Ann Lee", type: "PERSON" }];
    expect(byType(names, 200)).toEqual({ list: "\nPERSON: Ann Lee; Bo Reid\nPRODUCT: Otter 40", rest: [] });
    expect(byType([], 200)).toEqual({ list: "none", rest: [] });
  });

  it("never has more characters than it may, and says of every name whether it is in it", () => {
    assert(
      property(named, integer({ min: 20, max: 400 }), (names, characters) => {
        const { list, rest } = byType(names, characters);
        expect(list === "none" ? 0 : list.length).toBeLessThanOrEqual(characters);
        const listed = new Set(list.split("\n").flatMap((line) => (line.split(": ")[1] ?? "").split("; ").map((each) => `${line.split(": ")[0]}|${each}`)));
        for (const each of names) expect(listed.has(`${each.type}|${each.name}`)).toBe(!rest.includes(each));
      }),
    );
  });

  it("leaves out dates and amounts before names", () => {
    const names = [{ name: "3 March 2025", type: "DATE_TIME" }, { name: "40 tonnes", type: "QUANTITY" }, { name: "Otter 40", type: "PRODUCT" }];
    expect(byType(names, 22)).toEqual({ list: "\nPRODUCT: Otter 40", rest: names.slice(0, 2) });
  });
});

describe("a passage with more names than its prompt has room for", () => {
  let server: ModelServer;
  let app: TestApp;
  beforeAll(async () => {
    server = await startModelServer({ role: "local" });
    app = await openTestApp([modelServers(server.url), { privacy: { threads: 1 } }]);
  });
  afterAll(async () => {
    await app.end();
    await server.close();
  });
  const prompts = (opening: string) => server.requests.map((each) => each.body.toString("utf8")).filter((body) => body.includes(opening));

  it("keeps what the recogniser saw and the model was not asked about", async () => {
    const years = Array.from({ length: 60 }, (_, index) => 1900 + index * 2);
    const { jobId } = await app.add({ name: "years.md", text: years.map((year) => `Velden Marine GmbH built crane ${year} in ${year + 1}.`).join(" ") });
    const job = await app.ended(jobId);
    expect(job.status).toBe("done");
    const [prompt] = prompts("Read the entities");
    const listed = /Candidates: (.*?)\\nKnown/su.exec(prompt!)![1]!;
    expect(listed.length).toBeLessThan(400);
    const graph = await app.entities.search({ tenant: "default", roles: ["reader"], classes: ["public", "internal", "confidential", "pii"], keyId: null }, { collection: "default", text: "1999", type: null, limit: 5, cursor: null });
    expect(graph.items.map((each) => each.name)).toContain("1999");
  });

  it("is told known names that a candidate may be a form of, and not what it shows itself", async () => {
    for (const [file, text] of Object.entries({ "a.md": "Harrow Lock Shipping Ltd is based in Hull. Harrow Lock 12 is a crane.", "b.md": "Harrow Lock Shipping delivered a crane. Harrow Lock 14 is a crane, and Tolland Shipping Ltd bought it." })) {
      const { jobId } = await app.add({ name: file, text });
      expect((await app.ended(jobId)).status).toBe("done");
    }
    const prompt = prompts("Read the entities").find((each) => each.includes("Tolland"))!;
    const known = /Known: (.*?)\\nHeading/su.exec(prompt)![1]!;
    expect(known).toContain("Harrow Lock Shipping Ltd");
    expect(known).not.toContain("Harrow Lock 12");
  });
});

describe("places of a name", () => {
  const piece = constantFrom("a", "A b", "b", " ", "  ", "\n", "ä", "1", "-", ".", "𝒜", "Ann", "é", "é", "$", "a a");
  const text = array(piece, { maxLength: 30 }).map((each) => each.join(""));

  it("are those that a pattern with its words, blanks between them and no letter beside them finds", () => {
    assert(
      property(text, array(piece, { minLength: 1, maxLength: 4 }).map((each) => each.join("")), (whole, one) => {
        const words = one.trim().split(/\s+/u).filter(Boolean).map((word) => word.replace(/[$.]/g, "\\$&"));
        const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${words.join("\\s+")}(?![\\p{L}\\p{N}])`, "gu");
        const wanted = words.length ? [...whole.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length })) : [];
        expect(occurrences(whole, one)).toEqual(wanted);
      }),
    );
  });
});

describe("warnings that a state keeps", () => {
  it("are the first 20 of each code and the number of the others", () => {
    const codes = array(constantFrom("chunk_failed", "items_dropped", "no_entities"), { maxLength: 200 });
    assert(
      property(codes, (all) => {
        const warnings = all.map((code, index) => ({ code, message: "m", chunkId: String(index) }));
        const kept = boundWarnings(warnings, "extractEntities");
        for (const code of new Set(all)) {
          const given = warnings.filter((each) => each.code === code);
          const more = given.length > 20 ? [{ code, message: `and ${given.length - 20} more of this kind in extractEntities` }] : [];
          expect(kept.filter((each) => each.code === code)).toEqual([...given.slice(0, 20), ...more]);
        }
      }),
    );
  });
});
