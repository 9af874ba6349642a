import { afterEach, describe, expect, it } from "vitest";
import type { Class } from "../../src/data/classification.ts";
import type { Task } from "../../src/data/decision.ts";
import { SluiceError } from "../../src/errors.ts";
import { makeClearedRequest } from "../../src/privacy/cleared-request.ts";
import type { ModelsInput } from "../../src/models/options.ts";
import { metrics } from "../../src/telemetry.ts";
import type { FaultKind } from "../servers/model-server/faults.ts";
import { startModelServer } from "../servers/model-server/model-server.ts";
import { waitFor } from "../app/wait-for-job.ts";
import { askPerson, openWorld, Person, personAnswer, personInputs, task, type World, type WorldOptions } from "./open-test-models.ts";

let world: World;
afterEach(() => world.close());

const signal = new AbortController().signal;

async function open(options: WorldOptions = {}): Promise<World> {
  world = await openWorld(options);
  world.local.setScript(Array.from({ length: 20 }, () => personAnswer));
  world.cloud.setScript(Array.from({ length: 20 }, () => personAnswer));
  return world;
}

const ask = (changes: Partial<Task> = {}, models = world.models) => askPerson(models, changes);
const counts = () => [world.asked(world.cloud).length, world.asked(world.local).length];

describe("a cloud that fails never fails a call, and is asked no oftener than the table says", () => {
  const rows: [FaultKind, number, string[]][] = [
    ["unavailable", 2, []],
    ["internal", 2, []],
    ["error-mid-stream", 2, []],
    ["cut-stream", 2, []],
    ["empty", 2, []],
    ["usage-limit", 1, []],
    ["payment", 1, []],
    ["unauthorized", 1, ["degraded"]],
    ["forbidden", 1, ["degraded"]],
    ["model-missing", 1, ["degraded"]],
    ["bad-request", 1, []],
    ["redirect", 1, ["degraded"]],
  ];
  it.each(rows)("%s: %i requests, then local", async (kind, requests, events) => {
    await open({ cloud: { faults: [{ kind }] } });
    const asked = await ask();
    expect(asked.value).toEqual({ name: "Ann", age: 3 });
    expect(asked.decision).toMatchObject({ location: "local", reason: "fallback_used" });
    expect(asked.warnings.map((each) => each.code)).toContain("fallback_used");
    expect(counts()).toEqual([requests, 1]);
    expect(world.events.map((each) => each.type)).toEqual([...events, "fallback"]);
    expect((await world.ledger.spend.totals(null, new Date().toISOString())).reservedUsd).toBe(0);
  });

  it("a cloud that hangs: its deadline, one retry, then local", async () => {
    await open({ cloud: { faults: [{ kind: "hang" }] } });
    const models = await world.reopen({ backends: [{ id: "ollama", location: "local", url: world.local.url }, { id: "ollama-cloud", location: "cloud", url: world.cloud.url, apiKey: "test-key", timeoutMs: 150 }] });
    expect((await ask({}, models)).decision.location).toBe("local");
    expect(counts()).toEqual([2, 1]);
  });

  it("a cloud that is gone: local, and nothing is charged, since nothing left", async () => {
    await open({ ownLedger: true });
    await world.cloud.close();
    await new Promise((resolve) => setTimeout(resolve, 20)); // until the kept connections are seen to be closed
    expect((await ask()).decision.location).toBe("local");
    expect(await world.ledger.spend.totals(null, new Date().toISOString())).toEqual({ dayUsd: 0, monthUsd: 0, reservedUsd: 0 });
  });

  it("an answer that is all thinking: once more with more room", async () => {
    await open({ cloud: { faults: [{ kind: "empty-thinking", times: 1 }] } });
    world.cloud.setScript([{ content: personAnswer, thinking: "Ann, three years." }, personAnswer]);
    expect((await ask()).decision.location).toBe("cloud");
    const rooms = world.asked(world.cloud).map((body) => (JSON.parse(body) as { options: { num_predict: number } }).options.num_predict);
    expect(rooms).toEqual([4096, 8192]);
  });

  it("a rate limit is waited for in the queue, and the answer stays with the cloud", async () => {
    await open({ cloud: { faults: [{ kind: "rate-limit", requests: [1, 2] }] } });
    expect((await ask()).decision.location).toBe("cloud");
    expect(counts()).toEqual([3, 0]);
  });

  it("a rate limit goes local at once where that is configured, or where the caller cannot wait", async () => {
    await open({ cloud: { faults: [{ kind: "rate-limit" }] }, models: { routing: { onRateLimit: "local" } } });
    expect((await ask()).decision.location).toBe("local");
    expect(counts()).toEqual([1, 1]);
  });

  it("a rate limit that stays ends in a local answer", async () => {
    await open({ cloud: { faults: [{ kind: "slot-timeout" }] }, models: { routing: { rateLimitWaits: 2 } } });
    expect((await ask()).decision.location).toBe("local");
    expect(counts()).toEqual([3, 1]);
  });

  it("a usage limit holds the cloud back until its period ends", async () => {
    await open({ cloud: { faults: [{ kind: "usage-limit", times: 1 }] } });
    await ask();
    const next = await ask();
    expect(next.decision).toMatchObject({ location: "local", reason: "circuit_open" });
    expect(counts()).toEqual([1, 2]);
  });

  it("five failures in a row open the breaker; then the cloud is left alone", async () => {
    await open({ cloud: { faults: [{ kind: "internal" }] } });
    for (let call = 0; call < 4; call++) await ask();
    const [cloudCalls] = counts();
    expect(cloudCalls).toBe(5);
    expect((await ask()).decision.reason).toBe("circuit_open");
    expect(counts()[0]).toBe(5);
  });

  it("after the pause one probe goes out, and its success closes the breaker", async () => {
    const [arrived, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let isProbe = false;
    const gate = async (body: string) => {
      if (isProbe) arrived.resolve();
      if (isProbe) await goOn.promise;
      return makeClearedRequest(Buffer.from(body), "");
    };
    await open({ cloud: { faults: [{ kind: "internal" }] }, models: { routing: { breaker: { failures: 5, halfOpenMs: 200 } } }, parts: { gate } });
    const breakers = () => world.models.status()[1]!.load!.breakers;
    for (let call = 0; call < 5; call++) await ask();
    expect(breakers()).toHaveLength(1);
    world.cloud.setFaults([]);
    await waitFor(breakers, ([state]) => state?.state === "half_open");
    isProbe = true;
    const probe = ask();
    await arrived.promise; // and waits at the gate while the others ask
    for (const { decision } of await Promise.all([ask(), ask()])) expect(decision).toMatchObject({ location: "local", reason: "circuit_open" });
    goOn.resolve();
    expect((await probe).decision.location).toBe("cloud");
    expect((await ask()).decision.location).toBe("cloud");
  });

  it("an answer of the wrong form: one re-ask with what was wrong, then local", async () => {
    await open();
    world.cloud.setScript(['{"name":"Ann","age":"three"}', "I am sorry."]);
    const asked = await ask();
    expect(asked.decision).toMatchObject({ location: "local", reason: "fallback_used" });
    expect(counts()).toEqual([2, 1]);
    expect(world.asked(world.cloud)[1]).toContain("age");
    expect(asked.cost.usd).toBeGreaterThan(0);
    expect(asked.warnings.map((each) => each.code)).toContain("asked_again");
  });

  it("a wrong answer with nobody else to ask is model_failed, not an outage", async () => {
    await open({ withoutLocal: true });
    world.cloud.setScript(["no", "no"]);
    await expect(ask()).rejects.toMatchObject({ code: "model_failed" });
    expect(counts()).toEqual([2, 0]);
  });

  it("a blocked request stays here, is told of, and is answered locally", async () => {
    const gate = async (body: string) => {
      if (body.includes("messages")) throw new SluiceError("privacy_blocked", "names (1)");
      return makeClearedRequest(Buffer.from(body), "");
    };
    await open({ parts: { gate }, ownLedger: true });
    expect((await ask()).decision.location).toBe("local");
    expect(counts()).toEqual([0, 1]);
    expect(world.events.map((each) => each.type)).toEqual(["blocked", "fallback"]);
    expect((await world.ledger.audit.chains()).length).toBe(0);
  });
});

describe("a local server that fails", () => {
  const pii = { classification: "pii" as Class };

  it.each<FaultKind>(["internal", "unavailable", "model-missing", "cut-stream", "empty", "redirect"])("%s: never to a cloud with sensitive text, even where localToCloud is on", async (kind) => {
    await open({ local: { faults: [{ kind, path: "/api/chat" }] }, models: { routing: { localToCloud: true } } });
    await expect(ask(pii)).rejects.toMatchObject({ code: kind === "cut-stream" || kind === "empty" ? "model_failed" : "model_unavailable" });
    expect(counts()).toEqual([0, 1]);
  });

  it("a public call goes to the cloud through all guards, where localToCloud is on", async () => {
    await open({ local: { faults: [{ kind: "internal" }] }, models: { routing: { localToCloud: true } } });
    const asked = await ask({ quality: "low" });
    expect(asked.decision).toMatchObject({ location: "cloud", reason: "local_unavailable" });
    expect(counts()).toEqual([1, 1]);
  });

  it.each<[FaultKind, number]>([["unavailable", 1], ["model-missing", 1], ["cut-stream", 1], ["error-mid-stream", 1], ["empty", 1], ["empty-thinking", 2], ["redirect", 1], ["usage-limit", 1], ["payment", 1], ["unauthorized", 1], ["remote-host", 1]])(
    "%s: a public call goes on in the cloud after %i requests",
    async (kind, requests) => {
      await open({ local: { faults: [{ kind, path: "/api/chat" }] }, models: { routing: { localToCloud: true } } });
      world.local.setScript(Array.from({ length: 3 }, () => ({ content: personAnswer, thinking: "So." })));
      const asked = await ask({ quality: "low" });
      expect(asked.decision).toMatchObject({ location: "cloud", reason: "local_unavailable" });
      expect(asked.warnings.map((each) => each.code)).toContain("fallback_used");
      expect(counts()).toEqual([1, requests]);
    },
  );

  it("a local server that hangs: its deadline, then the cloud", async () => {
    await open({ local: { faults: [{ kind: "hang", path: "/api/chat" }] }, backend: { local: { timeoutMs: 150 } }, models: { routing: { localToCloud: true } } });
    expect((await ask({ quality: "low" })).decision.location).toBe("cloud");
    expect(counts()).toEqual([1, 1]);
  });

  it("and ends in a clear, retryable error where it is off", async () => {
    await open({ local: { faults: [{ kind: "internal" }] } });
    await expect(ask({ quality: "low" })).rejects.toMatchObject({ code: "model_unavailable", retryable: true, message: expect.stringContaining('local "ollama": it failed with 500') });
    expect(counts()).toEqual([0, 1]);
  });

  it("both sides failing: the error names both causes", async () => {
    await open({ local: { faults: [{ kind: "internal" }] }, cloud: { faults: [{ kind: "payment" }] } });
    await expect(ask()).rejects.toMatchObject({ code: "model_unavailable", message: expect.stringMatching(/cloud "ollama-cloud": it asks for payment; local "ollama": it failed with 500/) });
  });

  it("the next local instance takes over", async () => {
    await open({ local: { faults: [{ kind: "internal", path: "/api/chat" }] } });
    const second = await startModelServer({ role: "local" });
    second.setScript([personAnswer]);
    const backends: ModelsInput["backends"] = [{ id: "ollama", location: "local", url: world.local.url, slots: 8 }, { id: "rack", location: "local", url: second.url, slots: 1 }];
    const models = await world.reopen({ backends });
    const asked = await ask(pii, models);
    expect(asked.backend).toBe("rack");
    await second.close();
  });

  it("a request that it refuses is refused everywhere: a clear error, no second request", async () => {
    await open({ local: { faults: [{ kind: "bad-request" }] } });
    await expect(ask(pii)).rejects.toMatchObject({ code: "model_failed", retryable: false });
    expect(counts()).toEqual([0, 1]);
  });

  it("a text longer than the context is refused, never cut silently", async () => {
    await open();
    const models = await world.reopen({ backends: [{ id: "ollama", location: "local", url: world.local.url, numCtx: 512 }] });
    const long = { ...personInputs, text: "word ".repeat(3000) };
    await expect(models.ask({ prompt: "extract-entities", inputs: long, schema: Person, task: task(pii), signal })).rejects.toMatchObject({ code: "model_failed" });
  });

  it("a reply that a vendor gave is thrown away, an alarm is given and the server never asked again", async () => {
    await open({ local: { faults: [{ kind: "remote-host", target: "https://ollama.com", path: "/api/chat" }] } });
    await expect(ask(pii)).rejects.toMatchObject({ code: "model_unavailable" });
    expect(world.models.status()[0]).toMatchObject({ state: "quarantined", models: {} });
    expect(world.events).toContainEqual({ type: "quarantined", backend: "ollama", model: "llama3.2:3b", forwarded: true });
    await world.models.refresh();
    expect(world.models.status()[0]!.state).toBe("quarantined");
    expect(await metrics.metrics()).toContain('llm_quarantined{backend="ollama"} 1');
    expect(counts()[0]).toBe(0);
  });
});

describe("a model that forwards is cloud, whatever the address", () => {
  const forwarded = { name: "helper", capabilities: ["completion"], parameterSize: "8B", size: 5e9, contextLength: 8192 };

  it("an alias with a remote host, and names ending in cloud, are no local models", async () => {
    world = await openWorld({ local: { models: [{ ...forwarded, remoteHost: "https://ollama.com" }, { ...forwarded, name: "gpt-oss:120b-cloud" }, { ...forwarded, name: "kimi:cloud" }] } });
    expect(world.models.status()[0]).toMatchObject({ models: {}, detail: "3 models; 3 of them forward to a cloud and are not used" });
    await expect(world.models.ask({ prompt: "extract-entities", inputs: personInputs, schema: Person, task: task({ classification: "pii" }), signal })).rejects.toMatchObject({ code: "model_unavailable" });
    expect(world.asked(world.local)).toEqual([]);
  });

  it("restricted text names the model with :local, public text as it is", async () => {
    await open();
    await ask({ classification: "confidential" });
    await ask({ quality: "low" });
    expect(world.asked(world.local).map((body) => (JSON.parse(body) as { model: string }).model)).toEqual(["llama3.2:3b:local", "llama3.2:3b"]);
  });
});
