import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBareServer } from "../models/bare-server.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { openTestApp, type TestApp } from "./open-test-app.ts";

/** A key of the configuration that reads like ordinary words: nothing but the last gate knows it. */
const ownSecret = "yellow harbour crane of Ostwick";

describe("a request that the last gate stops", () => {
  let local: ModelServer;
  let cloud: ModelServer;
  let hook: Awaited<ReturnType<typeof startBareServer>>;
  let app: TestApp;

  beforeAll(async () => {
    local = await startModelServer({ role: "local" });
    cloud = await startModelServer({ role: "cloud", apiKey: ownSecret });
    hook = await startBareServer(() => ({ body: "ok" }));
    const backends = [{ id: "ollama", url: local.url }, { id: "ollama-cloud", url: cloud.url, apiKey: ownSecret, enabled: true }];
    app = await openTestApp([{ models: { backends }, extraction: { quality: "high" }, budgets: { webhook: { url: `${hook.url}/alerts`, location: "cloud" } } }]);
  });
  afterAll(async () => {
    await app.end();
    await Promise.all([local.close(), cloud.close(), hook.close()]);
  });

  it("is told to the webhook once, by its document and kinds, without a value", async () => {
    const twin = await app.add({ name: "twin.txt", text: "Hafenbau GmbH delivers the green harbour crane to Ostwick Terminal." });
    await app.ended(twin.jobId);
    expect(cloud.requests.some((each) => each.body.includes("Hafenbau"))).toBe(true);
    expect(hook.received).toEqual([]);

    const { jobId, documentId } = await app.add({ name: "note.txt", text: `Kranwerk GmbH delivers the ${ownSecret} Terminal. Kranwerk GmbH is based in Rostock.` });
    expect((await app.ended(jobId)).status).toBe("done");
    await expect.poll(() => hook.received.length).toBe(1);
    expect(hook.received[0]!.path).toBe("/alerts");
    expect(JSON.parse(hook.received[0]!.body)).toEqual({ event: "privacy_blocked", documentId, kinds: { own_secret: expect.any(Number) }, scope: "tenant" });
    expect(cloud.requests.filter((each) => each.body.includes("Kranwerk"))).toEqual([]);
    expect(local.requests.some((each) => each.body.includes("Kranwerk"))).toBe(true);
    expect(hook.received[0]!.body).not.toMatch(/crane|Kranwerk|note/);
  });
});
