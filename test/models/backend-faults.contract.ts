import { afterEach, describe, expect, it } from "vitest";
import { faultKinds, type FaultKind } from "../servers/model-server/faults.ts";
import { openKind, type BackendKind, type KindWorld } from "./backend.contract.ts";

interface Row {
  /** Requests of one call on the local and on the cloud side. */
  requests: [local: number, cloud: number];
  code: "model_unavailable" | "model_failed" | null;
}

/** What one call makes of each fault where nobody else could answer; `rateLimitWaits` is 2. */
const rows: Record<Exclude<FaultKind, "malformed-json" | "wrong-schema" | "truncated" | "remote-host">, Row> = {
  "rate-limit": { requests: [3, 3], code: "model_unavailable" },
  "rate-limit-retry-after": { requests: [3, 3], code: "model_unavailable" },
  "usage-limit": { requests: [1, 1], code: "model_unavailable" },
  payment: { requests: [1, 1], code: "model_unavailable" },
  unauthorized: { requests: [1, 1], code: "model_unavailable" },
  forbidden: { requests: [1, 1], code: "model_unavailable" },
  "model-missing": { requests: [1, 1], code: "model_unavailable" },
  unavailable: { requests: [1, 2], code: "model_unavailable" },
  internal: { requests: [1, 2], code: "model_unavailable" },
  "slot-timeout": { requests: [3, 3], code: "model_unavailable" },
  "bad-request": { requests: [1, 1], code: "model_failed" },
  "error-mid-stream": { requests: [1, 2], code: "model_failed" },
  "cut-stream": { requests: [1, 2], code: "model_failed" },
  empty: { requests: [1, 2], code: "model_failed" },
  "empty-thinking": { requests: [2, 2], code: "model_failed" },
  redirect: { requests: [1, 1], code: "model_unavailable" },
  hang: { requests: [1, 2], code: "model_unavailable" },
  slow: { requests: [1, 1], code: null },
};

export function backendFaults(kind: BackendKind): void {
  describe(`${kind.name}: one call, and nobody else to ask`, () => {
    let world: KindWorld;
    afterEach(() => world.close());
    const asked = () => world.asked(world.server).length;

    it.each(Object.entries(rows))("%s", async (fault, { requests: [local, cloud], code }) => {
      world = await openKind(kind, { server: { faults: [{ kind: fault as FaultKind, retryAfter: 0.01, delayMs: 50 }] }, backend: { timeoutMs: fault === "hang" ? 100 : 30_000 } });
      world.server.setScript(Array.from({ length: 4 }, () => ({ content: "It was extended.", thinking: "The grid, then." })));
      const call = world.chat().invoke("hi");
      if (code) await expect(call).rejects.toMatchObject({ code, retryable: code === "model_unavailable" });
      else expect((await call).content).toBe("It was extended.");
      expect(asked()).toBe(kind.location === "local" ? local : cloud);
      const { reservedUsd } = await world.ledger.spend.totals(null, new Date().toISOString());
      expect(reservedUsd).toBe(0);
    });

    it("every fault of the server has a row, here or among the structured answers", () => {
      const elsewhere = ["malformed-json", "wrong-schema", "truncated", "remote-host"];
      expect([...Object.keys(rows), ...elsewhere].toSorted()).toEqual([...faultKinds].toSorted());
    });

    it.skipIf(kind.protocol === "openai" /* its protocol has no field for it */)("a reply that names a remote host: thrown away from a local server, of no account on a cloud", async () => {
      world = await openKind(kind, { server: { faults: [{ kind: "remote-host" }] } });
      const call = world.chat().invoke("It was extended.");
      if (kind.location === "local") await expect(call).rejects.toMatchObject({ code: "model_unavailable" });
      else expect((await call).content).toBe("It was extended.");
      expect(asked()).toBe(1);
    });

    it("a server that is gone is asked no more than the table says, and what it had promised is there again when it comes back", async () => {
      world = await openKind(kind);
      await world.server.close();
      await expect(world.chat().invoke("hi")).rejects.toMatchObject({ code: "model_unavailable", retryable: true });
      expect(world.models.tier("strong", "public")).not.toBe("ready");
    });
  });
}
