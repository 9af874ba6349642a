import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { localPrincipal } from "../../src/data/principal.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { modelServers, openTestApp, type TestApp } from "./open-test-app.ts";

let local: ModelServer;
let app: TestApp;
beforeAll(async () => void (local = await startModelServer({ role: "local" })));
afterEach(() => app.end());
afterAll(() => local.close());

const text = "Anna Bergmann joined Nordlicht Energie in Hamburg. ".repeat(30);
const asked = () => local.requests.filter(({ path }) => path === "/api/chat").length;
const eventsOf = async (id: string) => {
  const stop = new AbortController();
  const events = [];
  for await (const event of (await app.jobs.events(localPrincipal, id, 0, stop.signal)) ?? []) {
    events.push(event);
    if (event.type === "waiting" || event.type === "done") break;
  }
  stop.abort();
  return events;
};

describe("with approve: always", () => {
  it("a job waits with its estimate, asks no model, and goes on when it is approved, over a restart", async () => {
    app = await openTestApp([modelServers(local.url), { approve: "always" }]);
    const before = asked();
    const { jobId } = await app.add({ name: "note.txt", text });
    expect(await app.ended(jobId)).toMatchObject({ status: "waiting", waitingFor: "approval" });
    expect(asked()).toBe(before);
    const waiting = (await eventsOf(jobId)).at(-1)!;
    expect(waiting).toMatchObject({ type: "waiting", data: { waitingFor: "approval", estimate: { documents: 1, usd: { high: 0 } } } });
    expect((waiting.data.estimate as { calls: { high: number } }).calls.high).toBeGreaterThan(0);
    expect(JSON.stringify(waiting)).not.toContain("note.txt");
    const { folder } = app;
    await app.end(true);
    app = await openTestApp([modelServers(local.url), { approve: "always" }], folder);
    expect(await app.jobs.get(localPrincipal, jobId)).toMatchObject({ status: "waiting", waitingFor: "approval" });
    expect(await app.jobs.approve(localPrincipal, jobId)).toMatchObject({ id: jobId, waitingFor: null });
    await expect.poll(async () => (await app.jobs.get(localPrincipal, jobId))!.status, { timeout: 30_000 }).toBe("done");
    expect(asked()).toBeGreaterThan(before);
    await expect(app.jobs.approve(localPrincipal, jobId)).rejects.toMatchObject({ code: "conflict" });
    expect(await app.jobs.approve(localPrincipal, "absent")).toBeNull();
  });

  it("a job that was approved before it began does not wait; one that waits can be cancelled; what cannot be read fails at once", async () => {
    app = await openTestApp([modelServers(local.url), { approve: "always" }]);
    const first = await app.add({ name: "one.txt", text });
    await app.jobs.approve(localPrincipal, first.jobId);
    await expect.poll(async () => (await app.jobs.get(localPrincipal, first.jobId))!.status, { timeout: 30_000 }).toBe("done");
    const second = await app.add({ name: "two.txt", text: `${text} More.` });
    await app.ended(second.jobId);
    expect(await app.jobs.cancel(localPrincipal, second.jobId)).toMatchObject({ status: "cancelled" });
    const broken = await app.add({ name: "broken.pdf", text: "%PDF-1.7 nothing" });
    expect(await app.ended(broken.jobId)).toMatchObject({ status: "failed" });
  });
});
