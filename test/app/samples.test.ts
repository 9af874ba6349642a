import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localPrincipal } from "../../src/data/principal.ts";
import { documentPath, sampleDocuments } from "../documents/sample-documents.ts";
import { openTestApp, type TestApp } from "./open-test-app.ts";

describe("the sample documents, read without a model", () => {
  let app: TestApp;
  const jobs = new Map<string, string>();

  beforeAll(async () => {
    app = await openTestApp();
    for (const name of sampleDocuments) jobs.set(name, (await app.add(documentPath(name))).jobId);
    for (const id of jobs.values()) await app.ended(id);
  }, 180_000);
  afterAll(() => app.end());

  it("are all ready, each with passages, and say that no model did the work", async () => {
    for (const [name, id] of jobs) {
      const job = (await app.jobs.get(localPrincipal, id))!;
      expect([name, job.status, job.error]).toEqual([name, "done", null]);
      expect(job.counts.chunks, name).toBeGreaterThan(0);
      expect(job.warnings.map((each) => each.code), name).toContain("built_in_extraction");
      expect(job.warnings.map((each) => each.code), name).toContain("vectors_off");
    }
  });

  it("uploaded again change nothing", async () => {
    const before = await app.mostConnected(localPrincipal, ["default"], 20);
    for (const name of sampleDocuments) {
      const again = await app.add(documentPath(name));
      expect([name, again.duplicate, again.jobId]).toEqual([name, true, jobs.get(name)]);
    }
    expect(await app.mostConnected(localPrincipal, ["default"], 20)).toEqual(before);
  });

  it("keep the contract confidential and the letter about a person private", async () => {
    const { items } = await app.documents.list(localPrincipal, { collection: "default", limit: 50, cursor: null });
    const classes = Object.fromEntries(items.map((each) => [each.name, each.class]));
    expect(classes).toMatchObject({ "contract.pdf": "confidential", "hr-letter.eml": "pii", "product.html": "public" });
  });

  it("answer with citations that stand in the cited document", async () => {
    const answer = await app.ask("When does the Supply Agreement end?");
    expect(answer.answer).toContain("31 December 2027");
    expect(answer.citations[0]).toMatchObject({ n: 1, document: "contract.pdf", page: 2 });
    const passage = answer.passages.find((each) => each.chunkId === answer.citations[0]!.chunkId)!;
    expect(passage.text).toContain(answer.citations[0]!.quote);
    expect(passage.boxes.length).toBeGreaterThan(0);
  });

  it("say so when they do not hold the answer", async () => {
    const answer = await app.ask("Which helicopter does the Cuxhaven fire brigade fly?");
    expect(answer).toMatchObject({ answer: "The documents do not say.", citations: [] });
  });

  it("show a reader only what is in its list of classes, as if the rest were not there", async () => {
    const reader = { tenant: "default", roles: ["reader" as const], classes: ["public" as const], keyId: "k" };
    const { items } = await app.documents.list(reader, { collection: "default", limit: 50, cursor: null });
    expect(items.every((each) => each.class === "public")).toBe(true);
    const answer = await app.query(reader, { question: "When does the Supply Agreement end?", collections: ["default"], limit: 8, retrieval: "hybrid", answer: true, filters: {} }, { signal: new AbortController().signal });
    expect(answer.passages.every((each) => each.class === "public")).toBe(true);
    expect(JSON.stringify(answer)).not.toContain("contract");
  });
});
