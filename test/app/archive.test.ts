import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localPrincipal } from "../../src/data/principal.ts";
import { openTestApp, type TestApp } from "./open-test-app.ts";
import { untilStatus } from "./wait-for-job.ts";

const zip = (files: Record<string, string | Uint8Array>): Uint8Array => zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])));

describe("an uploaded archive", () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openTestApp();
  });
  afterAll(() => app.end());

  it("is answered from: each of its files is a document", async () => {
    const { jobId, documentId } = await app.add({ name: "port.zip", text: zip({ "cranes.md": "# Cranes\n\nHafenbau GmbH delivers a harbour crane to Ostwick Terminal.", "towns/list.txt": "Ostwick Terminal is based in Ostwick." }) });
    const job = await untilStatus(app, jobId, "done", "failed");
    expect(job).toMatchObject({ status: "done", error: null, class: "public", parentId: null });
    const { items } = await app.documents.list(localPrincipal, { collection: "default", parentId: documentId, limit: 10, cursor: null });
    expect(items.map(({ key, name, status, class: value }) => [key, name, status, value]).toSorted()).toEqual([["port.zip/cranes.md", "cranes.md", "ready", "public"], ["port.zip/towns/list.txt", "list.txt", "ready", "public"]]);
    const { items: jobs } = await app.jobs.list(localPrincipal, { collection: "default", parentId: jobId, limit: 10, cursor: null });
    expect(jobs.map(({ status, parentId }) => [status, parentId])).toEqual([["done", jobId], ["done", jobId]]);
    const { passages } = await app.ask("What does Hafenbau deliver?");
    expect(passages[0]).toMatchObject({ document: "cranes.md" });
  });
});
