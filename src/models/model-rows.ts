import type { Location, Tier } from "../data/decision.ts";
import type { Registry } from "./registry.ts";

/** One model of one backend, as it was seen last. */
export interface ModelRow {
  backend: string;
  location: Location;
  name: string;
  /** Bytes on disk; 0 is unknown. */
  size: number;
  /** As the server says it: "8.2B". */
  parameters: string | null;
  family: string | null;
  /** Tokens. */
  context: number | null;
  capabilities: string[];
  /** In the server's memory. */
  resident: boolean;
  /** The server sends its calls elsewhere; a local one is not used. */
  forwards: boolean;
  /** What it is used for. */
  tiers: Tier[];
  /** When this process had an answer of it. */
  lastUsedAt: string | null;
}

export function modelRows(registry: Registry): ModelRow[] {
  return [...registry.local(), ...registry.cloud()].flatMap((entry) =>
    entry.offered.map((model) => ({
      backend: entry.backend.id,
      location: entry.backend.options.location,
      name: model.name,
      size: model.size,
      parameters: model.parameters,
      family: model.family,
      context: model.context,
      capabilities: model.capabilities,
      resident: model.resident,
      forwards: model.forwards,
      tiers: (Object.keys(entry.chosen) as Tier[]).filter((tier) => entry.chosen[tier]?.name === model.name),
      lastUsedAt: entry.lastUsed.get(model.name) ?? null,
    })),
  );
}
