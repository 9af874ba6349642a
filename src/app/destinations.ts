import type { Config } from "../config.ts";
import { placeFault, resolvedFault } from "../models/location.ts";
import { SluiceError } from "../errors.ts";

/** An address of the configuration: what is sent there stands in `sluice check`. */
export interface Destination {
  /** Path of its section, such as `stores.vectors` or `models.backends "ollama"`. */
  key: string;
  /** Without a password. */
  address: string;
  location: "local" | "cloud";
  trusted: string | null;
}

const amazon = "https://s3.amazonaws.com";

/**
 * Every address of the configuration that is in use: whatever section names a `url` or an `endpoint` is one, so that a new
 * store, collector or webhook is looked at without a word here. One that does not say is local.
 */
export function destinations(config: Config): Destination[] {
  const found: Destination[] = [];
  const walk = (value: unknown, key: string): void => {
    if (Array.isArray(value)) {
      for (const each of value) walk(each, `${key}${typeof each?.id === "string" ? ` "${each.id}"` : ""}`);
    } else if (value !== null && typeof value === "object") {
      const section = value as Record<string, unknown>;
      if (section.enabled === false) return;
      const address = section.url ?? (section.endpoint === "" ? amazon : section.endpoint);
      if (typeof address === "string") {
        found.push({ key, address: address.replace(/\/\/[^/@]*@/u, "//"), location: section.location === "cloud" ? "cloud" : "local", trusted: typeof section.trusted === "string" ? section.trusted : null });
      }
      for (const [name, each] of Object.entries(section)) walk(each, key ? `${key}.${name}` : name);
    }
  };
  walk(config, "");
  return found;
}

/** Refuses a public address that is to be local, by what its name resolves to now; the network is asked once for each. */
export async function checkDestinations(config: Config): Promise<void> {
  const faults = await Promise.all(
    destinations(config).map(async (each) => {
      const fault = placeFault({ ...each, url: each.address }) ?? (await resolvedFault({ ...each, url: each.address }));
      return fault ? `${each.key}: ${fault}` : null;
    }),
  );
  const wrong = faults.filter((fault) => fault !== null);
  if (wrong.length) throw new SluiceError("config", `private text would leave for an address that is not the operator's own:\n${wrong.map((each) => `  ${each}`).join("\n")}`);
}
