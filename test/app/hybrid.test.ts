import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localPrincipal } from "../../src/data/principal.ts";
import { documentPath, sampleDocuments } from "../documents/sample-documents.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { modelServers, openTestApp, type TestApp } from "./open-test-app.ts";

const names = ["Reuter", "Brandl", "Voss", "Tolland", "Petersen"];

async function ingestSamples(app: TestApp) {
  const accepted = [];
  for (const name of sampleDocuments) accepted.push({ name, ...(await app.add(documentPath(name))) });
  return Promise.all(accepted.map(async ({ name, jobId }) => ({ name, job: await app.ended(jobId) })));
}

describe.each(["strict", "balanced"] as const)("the sample documents with a local and a cloud model server, policy %s", (policy) => {
  let local: ModelServer;
  let cloud: ModelServer;
  let app: TestApp;
  let results: Awaited<ReturnType<typeof ingestSamples>>;

  beforeAll(async () => {
    local = await startModelServer({ role: "local" });
    cloud = await startModelServer({ role: "cloud" });
    app = await openTestApp([modelServers(local.url, cloud.url), { privacy: { policy }, extraction: { quality: "high" } }]);
    results = await ingestSamples(app);
  }, 240_000);
  afterAll(async () => {
    await app.end();
    await Promise.all([local.close(), cloud.close()]);
  });

  it("end well, and the public ones ask the cloud", () => {
    expect(results.map(({ name, job }) => [name, job.status, job.error])).toEqual(sampleDocuments.map((name) => [name, "done", null]));
    const publicOnes = results.filter(({ job }) => job.class === "public");
    expect(publicOnes.length).toBeGreaterThanOrEqual(2);
    for (const { name, job } of publicOnes) expect([name, job.decisions.some((each) => each.location === "cloud")]).toEqual([name, true]);
  });

  it("never send a restricted document's own text", () => {
    const restricted = results.filter(({ job }) => job.class !== "public" && job.class !== "internal");
    for (const { name, job } of restricted) expect([name, job.decisions.filter((each) => each.location === "cloud")]).toEqual([name, []]);
    const sent = cloud.requests.map((each) => each.body.toString("utf8")).join("\n");
    for (const name of [...names, "strictly confidential", "DE89", "EUR 1.2 million"]) expect(sent.toLowerCase()).not.toContain(name.toLowerCase());
  });

  if (policy === "balanced") it("send an internal one under other names and get the real ones back", async () => {
    const internal = results.filter(({ job }) => job.class === "internal" && job.decisions.some((each) => each.location === "cloud"));
    expect(internal.length).toBeGreaterThanOrEqual(1);
    expect(cloud.requests.some((each) => each.body.toString("utf8").includes("[PERSON_1"))).toBe(true);
    const { items } = await app.entities.search(localPrincipal, { collection: "default", text: "Anna Reuter", type: "PERSON", limit: 5, cursor: null });
    expect(items.map((each) => each.name)).toContain("Anna Reuter");
    const { items: placeholders } = await app.entities.search(localPrincipal, { collection: "default", text: "PERSON_1", type: null, limit: 5, cursor: null });
    expect(placeholders).toEqual([]);
  });

  it("fill the vector side", async () => {
    const answer = await app.ask("Where are the blades of the turbine made?", { retrieval: "vector" });
    expect(answer.passages.length).toBeGreaterThan(0);
    expect(answer.passages[0]!.found).toEqual(["vector"]);
  });
});
