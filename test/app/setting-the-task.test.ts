import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Task } from "../../src/data/decision.ts";
import { randomId } from "../../src/data/identity.ts";
import { localPrincipal } from "../../src/data/principal.ts";
import { compareByMeaning } from "../../src/steps/compare-by-meaning.ts";
import type { ExtractParts } from "../../src/steps/extract-parts.ts";
import { extractionTask } from "../../src/steps/extraction-task.ts";
import type { Run, WorkDocument } from "../../src/steps/work.ts";
import { listen } from "../models/listen.ts";
import { openWorld } from "../models/open-test-models.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { letterWithPicture } from "./kill/letter-with-picture.ts";
import { modelServers, openTestApp, type TestApp } from "./open-test-app.ts";

type Line = { step: string; task: Task; reason: string };
const routed = (decisions: () => string[]): Line[] => decisions().map((line) => JSON.parse(line) as Line);

const section = (name: string): string => `# The ${name} yard\n\n${`${name} Marine GmbH delivers a harbour crane to Ostwick Terminal. `.repeat(40)}\n`;

describe("what the router is asked for (one row a step)", () => {
  let server: ModelServer;
  let app: TestApp;
  let lines: Line[];
  const of = (step: string) => lines.filter((line) => line.step === step).map((line) => line.task);

  beforeAll(async () => {
    server = await startModelServer({ role: "local" });
    const { log, decisions } = listen();
    app = await openTestApp([modelServers(server.url), { privacy: { secondLook: { when: "always" } }, chunks: { target: 300, hard: 600, join: 0 }, extraction: { quality: "low", concurrency: 1 }, answer: { quality: "high" }, summaries: { above: 100 } }], undefined, log);
    for (const { jobId } of [await app.add({ name: "letter.eml", text: await letterWithPicture() }), await app.add({ name: "yards.md", text: ["Velden", "Sunde", "Halver"].map(section).join("\n") })]) await app.ended(jobId);
    await app.ask("What does Velden Marine deliver?");
    await app.ask("Compare the cranes of Velden Marine and Sunde Marine.");
    const { items } = await app.entities.search(localPrincipal, { collection: "default", text: "Ostwick Terminal", type: null, limit: 1, cursor: null });
    expect((await app.entities.get(localPrincipal, items[0]!.id))!.summarised).toBe(true);
    lines = routed(decisions);
  }, 60_000);
  afterAll(async () => {
    await app?.end();
    await server.close();
  });

  it.each<[string, Partial<Task>]>([
    ["extractEntities", { taskType: "extraction", quality: "low", latencyMs: null, localOnly: false }],
    ["extractRelations", { taskType: "extraction", quality: "low", latencyMs: null, localOnly: false }],
    ["describePicture", { taskType: "vision", quality: "high", complexity: "medium", latencyMs: null, batchSize: 1 }],
    ["secondLook", { taskType: "classification", quality: "medium", complexity: "low", latencyMs: null, batchSize: 1, localOnly: true }],
    ["summariseEntity", { taskType: "enrichment", quality: "medium", complexity: "medium", latencyMs: null, batchSize: 1, classification: "public", localOnly: false }],
    ["answer", { taskType: "generation", quality: "high", latencyMs: 1000, batchSize: 1, localOnly: false }],
  ])("%s", (step, row) => {
    expect(of(step).length).toBeGreaterThan(0);
    for (const task of of(step)) expect(task).toMatchObject(row);
  });

  it("counts the passages of a document once: all of them go the same way", () => {
    for (const step of ["extractEntities", "extractRelations"]) {
      const counts = of(step).map((task) => task.batchSize).filter((count) => count > 1);
      expect(counts.length).toBeGreaterThan(2);
      expect(new Set(counts)).toEqual(new Set([counts.length]));
    }
  });

  it("takes the complexity of an answer from its question", () => expect(of("answer").map((task) => task.complexity)).toEqual(["low", "high"]));

  it("understands a question and makes vectors without asking for a decision", () => {
    expect(new Set(lines.map((line) => line.step))).toEqual(new Set(["extractEntities", "extractRelations", "describePicture", "secondLook", "summariseEntity", "answer"]));
    expect(server.requests.some((each) => each.path === "/api/embed")).toBe(true);
  });
});

const text = (words: number): string => `${"The grid was extended by the people of the town ".repeat(20).split(" ").slice(0, words).join(" ")}. `.repeat(5);
const run = { scope: { tenant: "default", collection: "default" }, jobId: randomId(), userId: null, generation: 0, signal: new AbortController().signal, progress: () => undefined } as unknown as Run;
const document = (pages: number) => ({ id: randomId(), pages, class: "public" }) as WorkDocument;

describe("the complexity of an extraction", () => {
  it.each([
    [10, text(8), "low"],
    [10, text(20), "medium"],
    [10, text(30), "high"],
    [11, text(8), "high"],
  ])("of a passage of a document of %i pages", (pages, words, complexity) => {
    const chunk = { id: randomId(), text: words, class: "internal" } as never;
    expect(extractionTask({ chunk, batch: 3, document: document(pages), run, parts: { options: { quality: "medium" } as never } }, "extractEntities")).toMatchObject({ taskType: "extraction", complexity, classification: "internal", batchSize: 3 });
  });

  it.each([[10, "low"], [11, "high"]])("of the grey zone of a document of %i pages, whose class is the strictest of the pairs", async (pages, complexity) => {
    const { log, decisions } = listen();
    const world = await openWorld({ parts: { log }, ownLedger: true });
    const entity = (name: string, value: "public" | "internal") => ({ id: randomId(), type: "ORGANIZATION", name, qualifier: "", aliases: [], description: "operates the container harbour of the old town and its long quays.", class: value });
    const parts = { models: world.models, options: { quality: "medium" } } as unknown as ExtractParts;
    await compareByMeaning([entity("ostwick harbour works", "internal")], [entity("ostwick harbour company", "public")], [], document(pages), run, parts);
    const asked = routed(decisions);
    await world.close();
    expect(asked.map((line) => [line.step, line.task])).toEqual([["deduplicate", expect.objectContaining({ taskType: "extraction", quality: "medium", complexity, latencyMs: null, batchSize: 1, classification: "internal", localOnly: false })]]);
  });
});
