import type { Class } from "../data/classification.ts";
import type { Tier } from "../data/decision.ts";
import type { TierLedger } from "../stores/ledger/ledger.ts";
import type { TierState } from "./models.ts";
import type { Registry } from "./registry.ts";

/** How each tier stands: `absent` until an enabled backend once answered with a model of it, from then on `down` when none does. */
export interface Tiers {
  state(tier: Tier, classification?: Class | null): TierState;
  answered(tier: Tier, backend: string, model: string): Promise<void>;
  refresh(): Promise<void>;
}

export async function openTiers(ledger: TierLedger, registry: Registry): Promise<Tiers> {
  let seen = await ledger.seen();
  const written = new Set<string>();

  return {
    state(tier, classification) {
      // Text that may not leave has only the local backends.
      const localOnly = classification === null || classification === "confidential" || classification === "pii" || tier === "embedding";
      const entries = localOnly ? registry.local() : [...registry.local(), ...registry.cloud()];
      if (entries.some((entry) => entry.state === "up" && !entry.degraded && entry.chosen[tier])) return "ready";
      return seen.some((row) => row.tier === tier && entries.some((entry) => entry.backend.id === row.backend)) ? "down" : "absent";
    },
    async answered(tier, backend, model) {
      const key = JSON.stringify([tier, backend, model]);
      if (written.has(key)) return;
      await ledger.answered(tier, backend, model);
      written.add(key);
      seen = [...seen, { tier, backend, model, at: new Date().toISOString() }];
    },
    async refresh() {
      seen = await ledger.seen();
      // What was forgotten by another process is written again by the next answer.
      written.clear();
    },
  };
}
