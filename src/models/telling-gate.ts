import { LRUCache } from "lru-cache";
import { SluiceError } from "../errors.ts";
import type { AlertWebhook } from "./alert-webhook.ts";
import type { Gate } from "./dispatch.ts";

/** The gate, which also tells the webhook what it stopped: once a minute for a document, and for what a tenant asks without one. */
export function tellingGate(gate: Gate, webhook: AlertWebhook): Gate {
  const told = new LRUCache<string, true>({ max: 1000, ttl: 60_000 });
  return async (body, clearance) => {
    try {
      return await gate(body, clearance);
    } catch (error) {
      if (error instanceof SluiceError && error.code === "privacy_blocked") {
        const { scope: { tenant }, documentId } = clearance;
        const subject = JSON.stringify([tenant, documentId]);
        if (!told.has(subject)) void webhook.send({ event: "privacy_blocked", tenant, documentId, kinds: error.kinds ?? {} });
        told.set(subject, true);
      }
      throw error;
    }
  };
}
