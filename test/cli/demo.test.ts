import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import type { Entity } from "../../src/data/entity.ts";
import { fillQuestions, readSamples } from "../../src/cli/demo-questions.ts";
import { decisionsByReason, modelsWords } from "../../src/cli/demo-report.ts";
import { emptyAnswer, sampleJob } from "../http/memory-services.ts";
import { sampleDocuments } from "../documents/sample-documents.ts";
import { freshApp, sluice } from "./memory-app.ts";

const fresh = freshApp();

const entity = (id: string, name: string, type: string): Entity & { degree: number } => ({ id, name, type, description: "", aliases: [], class: "public", mentionCount: 2, documentCount: 2, degree: 3 });
const relation = (source: string, target: string) => ({ source, target, type: "WORKS_WITH", description: "", strength: 5, class: "public" as const, evidence: [] });

it("shows documents, decisions, entities and answers made from what it found, and nothing new the second time", async () => {
  await writeFile(join(fresh.folder, "a.txt"), "Ada works at Orion.");
  const [ada, orion, lyra] = [entity("1", "Ada", "PERSON"), entity("2", "Orion", "ORGANIZATION"), entity("3", "Lyra", "ORGANIZATION")];
  fresh.memory.connected.push(ada, orion, lyra);
  fresh.memory.outcome.decisions = [{ task: "extraction", location: "local", backend: "ollama", model: "qwen3:8b", reason: "default_local", rule: "hybrid", calls: 4 }];
  fresh.memory.app.entities.graph = async () => ({ nodes: [ada, orion, lyra], edges: [relation("1", "2"), relation("3", "2")] });
  const asked: string[] = [];
  fresh.memory.state.query = async ({ question }) => {
    asked.push(question);
    return { ...emptyAnswer, answer: "So it is [1].", citations: [{ n: 1, chunkId: "c", documentId: "d", document: "a.txt", page: 1, boxes: [], quote: "Ada works at Orion." }] };
  };
  const first = await sluice(fresh.memory, ["demo", "."], { cwd: fresh.folder });
  expect(first.code).toBe(0);
  expect(asked).toEqual(["Who is Ada?", "How are Ada and Orion connected?", "Which organization connects Ada with Lyra?"]);
  expect(first.stdout).toMatch(/a\.txt\s+1\s+0\s+public\s+nothing private found/);
  expect(first.stdout).toMatch(/default_local\s+local\s+qwen3:8b\s+4\s+1/);
  expect(first.stdout).toMatch(/Orion\s+ORGANIZATION\s+3\s+2\s+2\s+public/);
  expect(first.stdout).toContain("Q: Who is Ada?\nSo it is [1].\n  [1] a.txt, page 1: “Ada works at Orion.”");
  expect(first.stdout).toContain("the built-in language processing did the work");
  expect(first.stdout).toContain("ollama pull bge-m3");
  expect(fresh.memory.opened[0]).toMatchObject({ data: "data/demo", workers: true, overlay: {} });
  const second = await sluice(fresh.memory, ["demo", "."], { cwd: fresh.folder });
  expect(second.stdout).toContain("Nothing has changed: 1 document already here.");
});

it("keeps runs that read differently in folders of their own", async () => {
  await sluice(fresh.memory, ["demo", ".", "--policy", "balanced"], { cwd: fresh.folder });
  await sluice(fresh.memory, ["demo", ".", "--policy", "balanced", "--data", "mine"], { cwd: fresh.folder });
  expect(fresh.memory.opened.map(({ data }) => data)).toEqual(["data/demo-balanced", "mine"]);
  expect(fresh.memory.opened[0]!.overlay).toEqual({ privacy: { policy: "balanced" } });
});

it("says that there was nothing to read in an empty folder", async () => {
  expect(await sluice(fresh.memory, ["demo", "."], { cwd: fresh.folder })).toMatchObject({ code: 1, stderr: expect.stringContaining("nothing to read") });
});

it("asks the samples' questions about the company that was found", () => {
  expect(fillQuestions(["Who leads {company}?"], [entity("1", "Ada", "PERSON"), entity("2", "Orion", "ORGANIZATION")])).toEqual(["Who leads Orion?"]);
});

it("reads the sample documents, every one of them", async () => {
  const samples = await readSamples();
  expect(samples!.paths.map((path) => basename(path)).toSorted()).toEqual([...sampleDocuments].toSorted());
  expect(samples!.questions).toHaveLength(3);
});

it("counts decisions with the same reason, place and model together", () => {
  const decision = { task: "extraction", location: "local" as const, backend: "o", model: "m", reason: "default_local", rule: "r", calls: 2 };
  const rows = decisionsByReason([{ ...sampleJob, documentId: "a", decisions: [decision, { ...decision, task: "vision", calls: 1 }] }, { ...sampleJob, documentId: "b", decisions: [decision, { ...decision, location: "cloud" }] }]);
  expect(rows).toEqual([
    { reason: "default_local", location: "local", model: "m", calls: 5, documents: 2 },
    { reason: "default_local", location: "cloud", model: "m", calls: 2, documents: 1 },
  ]);
});

it("names the models that did the work and asks for none that are there", () => {
  const words = modelsWords([{ backend: "ollama", location: "local", url: "", state: "up", models: { fast: "llama3.2:3b", strong: "qwen3:8b", embedding: "bge-m3" }, detail: "", degraded: false, hint: null }]);
  expect(words).toBe("Models: ollama (local: llama3.2:3b, qwen3:8b, bge-m3).");
});
