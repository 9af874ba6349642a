import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localPrincipal } from "../../src/data/principal.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { modelServers, openTestApp, type TestApp } from "./open-test-app.ts";

const filler = "The harbour stands by the water, and the machine lifts heavy cargo in all weathers of the year. ";
const section = (company: string, number: number): string => `# Part ${number}\n\n${company} GmbH delivers a harbour crane to Ostwick Terminal. It is number ${number} of six. ${filler.repeat(30)}\n`;
const report = (company: string): string => Array.from({ length: 6 }, (_, index) => section(company, index + 1)).join("\n");

describe("a document whose class rises while it is worked on", () => {
  let local: ModelServer;
  let cloud: ModelServer;
  let app: TestApp;
  const calls = (company: string): number => cloud.requests.filter((each) => each.body.includes(company)).length;
  const untilCalled = async (company: string, times: number): Promise<void> => {
    for (let waited = 0; calls(company) < times; waited += 20) {
      if (waited > 10_000) throw new Error(`${calls(company)} calls`);
      await sleep(20);
    }
  };

  beforeAll(async () => {
    local = await startModelServer({ role: "local" });
    cloud = await startModelServer({ role: "cloud", faults: [{ kind: "slow", delayMs: 250 }] });
    app = await openTestApp([modelServers(local.url, cloud.url), { extraction: { quality: "high" }, routing: { retryDelayMs: 2 }, jobs: { waitMs: 200 }, models: { backends: [{ id: "ollama-cloud", slots: 1 }] } }]);
  }, 60_000);
  afterAll(async () => {
    await app.end();
    await Promise.all([local.close(), cloud.close()]);
  });

  it("makes no further cloud call after that; a twin that stays public does", async () => {
    const company = "Hafenbauflip";
    const twin = "Hafenbautwin";
    const { jobId } = await app.add({ name: "report.md", text: report(company) });
    await untilCalled(company, 2);
    const again = await app.add({ name: "report.md", text: report(company) }, { class: "confidential" });
    const left = calls(company);
    const other = await app.add({ name: "twin.md", text: report(twin) });
    for (const id of [jobId, again.jobId, other.jobId]) await app.ended(id);
    expect(left).toBeLessThan(6);
    expect(calls(company)).toBe(left);
    expect(calls(twin)).toBeGreaterThanOrEqual(6);
    expect((await app.documents.get(localPrincipal, again.documentId))!.class).toBe("confidential");
  });
});
