import { checkPlan } from "../../src/stores/check-plan.ts";
import type { DocumentWriter, Lease } from "../../src/stores/document-writer.ts";
import { leaseFence } from "../../src/stores/ledger/commit-plan.ts";
import type { StoreWriter } from "../../src/stores/store-writer.ts";
import type { openEmbedded } from "./embedded-stores.ts";

/** A server store beside the embedded ones: their transaction stands for the commit mark, `inFlight` for the ledger's intents. */
export function besideEmbedded(embedded: Awaited<ReturnType<typeof openEmbedded>>, writer: StoreWriter, inFlight: Map<string, number | null>): DocumentWriter {
  const revisions = new Map<string, number>();
  const committed = new Map<string, number>();
  const held = (lease: Lease) => async () => void (await embedded.database.write([leaseFence(lease)]));
  return {
    async replace(plans, lease) {
      plans.forEach(checkPlan);
      await held(lease)();
      const own = new Map(plans.map(({ documentId }) => [documentId, (revisions.get(documentId) ?? 0) + 1]));
      for (const [id, revision] of own) {
        inFlight.set(id, committed.get(id) ?? null);
        revisions.set(id, revision);
      }
      await writer.write(plans, own, held(lease));
      await embedded.writer.replace(plans, lease);
      for (const [id, revision] of own) {
        committed.set(id, revision);
        inFlight.set(id, revision);
        await writer.settle(id, revision);
        inFlight.delete(id);
      }
    },
    async erase(documentId, lease) {
      const erased = await embedded.writer.erase(documentId, lease);
      await writer.erase(erased.documentIds);
      return erased;
    },
    async raiseClass(documentId, value, lease) {
      await embedded.writer.raiseClass(documentId, value, lease);
      await writer.raiseClass([documentId], value);
    },
  };
}
