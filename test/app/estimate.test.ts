import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { sha256 } from "../../src/data/identity.ts";
import { localPrincipal } from "../../src/data/principal.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { modelServers, noModelServer, openTestApp, type TestApp } from "./open-test-app.ts";

let folder: string;
let local: ModelServer;
let cloud: ModelServer;
let app: TestApp;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-estimate-"));
  local = await startModelServer({ role: "local" });
  cloud = await startModelServer({ role: "cloud" });
});
afterEach(() => app.end());
afterAll(async () => {
  await Promise.all([local.close(), cloud.close(), rm(folder, { recursive: true, force: true })]);
});

const section = (place: number) => `# Part ${place}\n\n${"The grid of the town was extended in that year, and the works went on until the end of the next. ".repeat(60)}\n\n`;
const report = Array.from({ length: 12 }, (_each, place) => section(place)).join("");

async function estimateOf(texts: Record<string, string>, options: { class?: "internal" | "pii" } = {}) {
  const files = [];
  for (const [name, text] of Object.entries(texts)) {
    const path = join(folder, name);
    await writeFile(path, text);
    files.push({ path, name });
  }
  return app.documents.estimate(localPrincipal, files, { collection: "default", class: options.class ?? null, signal: new AbortController().signal });
}

/** Calls for an answer or a vector; what a backend has may be asked. */
const asked = () => [local, cloud].flatMap((server) => server.requests.filter(({ path }) => path === "/api/chat" || path === "/api/embed")).length;
const toCloud = { routing: { strategy: "quality_optimized" }, extraction: { quality: "high" } };

describe("an estimate", () => {
  it("says documents, passages, tokens, calls and money by where they would go, and asks no model", async () => {
    app = await openTestApp([modelServers(local.url, cloud.url), toCloud]);
    const found = await estimateOf({ "report.md": report, "note.txt": "Call Anna Bergmann at +49 30 901820 or write to anna.bergmann@example.org.", "broken.pdf": "%PDF-1.7 nothing" });
    expect(found).toMatchObject({ documents: 2, unreadable: [{ file: 2 }] });
    expect(found.chunks).toBeGreaterThan(5);
    expect(found.tokens).toBeGreaterThan(5000);
    const places = found.stages.map(({ stage, location }) => `${stage} ${location}`).toSorted();
    expect(places).toEqual(["extractEntities cloud", "extractEntities local", "extractRelations cloud", "extractRelations local"]);
    expect(found.usd.low).toBeGreaterThan(0);
    expect(found.usd.high).toBeGreaterThan(found.usd.low);
    expect(found.ms.high).toBeGreaterThan(found.ms.low);
    expect(found.stages.filter(({ location }) => location === "local").every(({ usd }) => usd.high === 0)).toBe(true);
    const [open, personal] = ["public", "pii"].map((value) => found.classes.find((each) => each.class === value)!);
    expect(open).toMatchObject({ documents: 1, local: 0, anonymised: 0, builtIn: 0, cloud: (found.chunks - 1) * 2 });
    expect(personal).toMatchObject({ documents: 1, chunks: 1, local: 2, cloud: 0 });
    expect(asked()).toBe(0);
    expect((await app.documents.list(localPrincipal, { collection: "default", limit: 10, cursor: null })).items).toEqual([]);
  });

  it("takes what the ingestion then costs between its bounds", async () => {
    app = await openTestApp([modelServers(local.url, cloud.url), toCloud]);
    const found = await estimateOf({ "report.md": report });
    const { jobId } = await app.add({ name: "report.md", text: report });
    const job = await app.ended(jobId);
    const calls = job.decisions.reduce((sum, each) => sum + each.calls, 0);
    expect(calls).toBeLessThanOrEqual(found.calls.high);
    expect(job.cost.usd).toBeLessThanOrEqual(found.usd.high);
    expect(job.cost.promptTokens).toBeLessThanOrEqual(found.promptTokens.high);
  });

  it("does not count what an upload would pass over, and says where its times are guesses", async () => {
    app = await openTestApp([modelServers(local.url, cloud.url), toCloud]);
    const { jobId } = await app.add({ name: "report.md", text: report });
    await app.ended(jobId);
    const path = join(folder, "same.md");
    await writeFile(path, report);
    const options = { collection: "default", class: null, signal: new AbortController().signal };
    const of = (key: string, text: string) => ({ path, name: "same.md", key, sha256: sha256(text) });
    const found = await app.documents.estimate(localPrincipal, [of("report.md", report), of("broken.pdf", report), of("report.md", "other bytes")], options);
    expect(found).toMatchObject({ documents: 2, unchanged: 1 });
    const same = await app.documents.estimate(localPrincipal, [of("report.md", report)], options);
    expect(same).toMatchObject({ documents: 0, unchanged: 1, calls: { low: 0, high: 0 }, usd: { low: 0, high: 0 }, warnings: [] });
    // With a stricter class it would be worked on again; elsewhere it is another document.
    expect(await app.documents.estimate(localPrincipal, [of("report.md", report)], { ...options, class: "pii" })).toMatchObject({ unchanged: 0 });
    expect(await app.documents.estimate(localPrincipal, [of("report.md", report)], { ...options, collection: "another" })).toMatchObject({ unchanged: 0 });
    const guessed = await estimateOf({ "note.txt": "The crane was delivered to Lisbon in May." });
    expect(guessed.ms.high).toBeGreaterThan(guessed.ms.low * 5);
    expect(guessed.warnings.map(({ code }) => code)).toContain("not_measured");
  });

  it("counts internal text as leaving under other names, and its cost as not certain", async () => {
    app = await openTestApp([modelServers(local.url, cloud.url), toCloud, { privacy: { policy: "balanced" } }]);
    const found = await estimateOf({ "report.md": report }, { class: "internal" });
    const internal = found.classes.find((each) => each.class === "internal")!;
    expect([internal.cloud, internal.anonymised]).toEqual([0, found.chunks * 2]);
    expect(found.usd.low).toBe(0);
    expect(found.usd.high).toBeGreaterThan(0);
  });

  it("warns where it may not fit the budget, and takes no call where no model has ever answered", async () => {
    app = await openTestApp([modelServers(local.url, cloud.url), toCloud, { budgets: { dayUsd: 0.02 } }]);
    expect((await estimateOf({ "report.md": report })).warnings.map(({ code }) => code)).toContain("budget_may_end");
    await app.end();
    app = await openTestApp([noModelServer]);
    const found = await estimateOf({ "report.md": report });
    expect(found).toMatchObject({ calls: { low: 0, high: 0 }, usd: { low: 0, high: 0 } });
    expect(found.stages.every(({ location }) => location === "built-in")).toBe(true);
    expect(found.classes).toMatchObject([{ class: "public", builtIn: found.chunks * 2 }]);
  });
});
