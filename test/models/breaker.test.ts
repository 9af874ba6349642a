import { afterEach, describe, expect, it } from "vitest";
import { SluiceError } from "../../src/errors.ts";
import { Failure } from "../../src/models/failure.ts";
import { type Breakers, openBreakers } from "../../src/models/breaker.ts";
import { silentLog } from "../../src/telemetry.ts";
import { setWallClock } from "../app/wall-clock.ts";
import { waitFor } from "../app/wait-for-job.ts";
import { askPerson, openWorld, personAnswer, type World } from "./open-test-models.ts";

const hours = 3_600_000;
let world: World | null = null;
afterEach(async () => {
  setWallClock(0);
  await world?.close();
  world = null;
});

const nothingHeld = { put: async () => {}, list: async () => [], end: async () => {} };
const openOne = (halfOpenMs: number): Promise<Breakers> => openBreakers({ failures: 2, halfOpenMs }, { holds: nothingHeld, accounts: new Map([["a", "account"]]), log: silentLog });
const fails = async (breakers: Breakers): Promise<void> => {
  await breakers.run("a", "m", async () => { throw new Failure("server", "it failed with 500"); }).catch(() => undefined);
};

describe("a breaker", () => {
  it("lets one probe out when its pause is over, whatever the clock on the wall says meanwhile", async () => {
    for (const jump of [-30 * hours, 0, 30 * hours]) {
      const breakers = await openOne(50);
      setWallClock(0);
      await fails(breakers);
      await fails(breakers);
      setWallClock(jump);
      if (jump > 0) expect(breakers.list()).toMatchObject([{ state: "open" }]);
      await waitFor(async () => breakers.list(), ([state]) => state?.state === "half_open", 5000);
      const probe = Promise.withResolvers<string>();
      const first = breakers.run("a", "m", () => probe.promise);
      await expect(breakers.run("a", "m", async () => "second")).rejects.toMatchObject({ kind: "circuit_open", sent: false });
      probe.resolve("first");
      expect(await first).toBe("first");
      expect(await breakers.run("a", "m", async () => "third")).toBe("third");
      expect(breakers.list()).toEqual([]);
    }
  });

  it("opens again when the probe fails", async () => {
    const breakers = await openOne(20);
    for (let call = 0; call < 2; call++) await fails(breakers);
    await waitFor(async () => breakers.list(), ([state]) => state?.state === "half_open", 5000);
    await fails(breakers);
    expect(breakers.list()).toMatchObject([{ model: "m" }]);
  });

  it.each([
    ["the ledger refused it", new Failure("refused", "budget_exceeded", { sent: false })],
    ["the last gate stopped it", new Failure("blocked", "person (1)", { sent: false })],
    ["its caller left", new SluiceError("cancelled", "the call to a model was cancelled")],
  ])("is not closed by a probe that never asked the backend: %s", async (_, error) => {
    const breakers = await openOne(300);
    for (let call = 0; call < 2; call++) await fails(breakers);
    await waitFor(async () => breakers.list(), ([state]) => state?.state === "half_open", 5000);
    await expect(breakers.run("a", "m", () => Promise.reject(error))).rejects.toBe(error);
    expect(breakers.list()).toHaveLength(1);
    await waitFor(async () => breakers.list(), ([state]) => state?.state === "half_open", 5000);
    const answered = new Failure("bad_request", "it refused the request (400)", { status: 400 });
    await expect(breakers.run("a", "m", () => Promise.reject(answered))).rejects.toBe(answered);
    expect(breakers.list()).toEqual([]);
  });

  it("a clock that goes back leaves no hold longer than it was", async () => {
    const breakers = await openOne(20);
    breakers.hold("a", 100);
    setWallClock(-30 * hours);
    expect(breakers.isOpen("a", "m")).toBe(true);
    await waitFor(async () => breakers.isOpen("a", "m"), (open) => !open, 5000);
  });
});

describe("a usage limit", () => {
  it("holds the cloud back over a restart, until its time is over or it is reset", async () => {
    world = await openWorld({ cloud: { faults: [{ kind: "usage-limit", times: 1 }] }, ownLedger: true });
    world.local.setScript(Array.from({ length: 5 }, () => personAnswer));
    world.cloud.setScript([personAnswer]);
    await askPerson(world.models);
    await waitFor(() => world!.ledger.holds.list(), (held) => held.length === 1, 5000);
    const restarted = await world.reopen();
    expect(restarted.status()[1]!.load!.breakers).toMatchObject([{ model: null, state: "held" }]);
    expect((await askPerson(restarted)).decision).toMatchObject({ location: "local", reason: "circuit_open" });
    expect(world.asked(world.cloud)).toHaveLength(1);
    await restarted.resetBreakers("ollama-cloud");
    expect((await askPerson(await world.reopen())).decision.location).toBe("cloud");
  });

  it("is the account's: at another address, as with another key, the cloud is asked again", async () => {
    world = await openWorld({ cloud: { faults: [{ kind: "usage-limit", times: 1 }] }, ownLedger: true });
    world.local.setScript([personAnswer]);
    world.cloud.setScript([personAnswer]);
    await askPerson(world.models);
    await waitFor(() => world!.ledger.holds.list(), (held) => held.length === 1, 5000);
    const changed = await world.reopen({ backends: [{ id: "cloud", location: "cloud", url: `${world.cloud.url}/`, apiKey: "test-key" }] });
    expect(changed.status()[0]!.load!.breakers).toEqual([]);
  });
});
