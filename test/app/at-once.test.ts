import { afterEach, describe, expect, it } from "vitest";
import { localPrincipal } from "../../src/data/principal.ts";
import type { Principal } from "../../src/data/principal.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { modelServers, openTestApp, type TestApp } from "./open-test-app.ts";

let server: ModelServer;
let app: TestApp;
afterEach(async () => {
  await app.end();
  await server.close();
});

const full = "Brill Marine Pumps Ltd makes the Otter pump in Hull.";
const other = "Brill Marine Pumps Limited operates a crane in Hull.";

async function open(latencyMs: number): Promise<void> {
  server = await startModelServer({ role: "local", latencyMs });
  app = await openTestApp([modelServers(server.url), { privacy: { threads: 1 } }]);
}

/** What is shown as one thing, by the names of its organisations. */
async function organisations(principal: Principal = localPrincipal): Promise<string[][]> {
  const { items } = await app.entities.search(principal, { collection: "default", text: "Brill Marine Pumps", type: "ORGANIZATION", limit: 10, cursor: null });
  return items.map((each) => [...new Set([each.name, ...each.aliases])].toSorted());
}

describe("two names of one company in two documents are one thing", () => {
  it("when both documents are read at the same time", async () => {
    await open(150);
    const jobs = await Promise.all([full, other].map((text, index) => app.add({ name: `${index}.md`, text })));
    for (const { jobId } of jobs) expect((await app.ended(jobId)).status).toBe("done");
    expect(await organisations()).toEqual([["Brill Marine Pumps Limited", "Brill Marine Pumps Ltd"]]);
  }, 60_000);

  it("when the more private one came first, and only for those who see both", async () => {
    await open(0);
    for (const [text, value] of [[other, "confidential"], [full, undefined]] as const) {
      const { jobId } = await app.add({ name: `${value}.md`, text }, value ? { class: value } : {});
      expect((await app.ended(jobId)).status).toBe("done");
    }
    expect(await organisations()).toEqual([["Brill Marine Pumps Limited", "Brill Marine Pumps Ltd"]]);
    expect(await organisations({ ...localPrincipal, classes: ["public"] })).toEqual([["Brill Marine Pumps Ltd"]]);
  }, 60_000);
});
