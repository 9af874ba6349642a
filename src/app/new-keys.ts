import { SluiceError } from "../errors.ts";
import type { Gate } from "../models/dispatch.ts";
import { openSecretSearch } from "../privacy/own-secrets.ts";

/** The gate, which also stops keys that came by a change of the configuration: those of the start it knows itself. */
export function guardNewKeys(gate: Gate): { gate: Gate; know(secrets: string[]): void } {
  let secretsIn = openSecretSearch([]);
  return {
    async gate(body, clearance) {
      if ([body, ...clearance.texts].some((text) => secretsIn(text) > 0)) throw new SluiceError("privacy_blocked", "a cloud request held a key of the configuration; it is answered locally", { kinds: { own_secret: 1 } });
      return gate(body, clearance);
    },
    know: (secrets) => (secretsIn = openSecretSearch(secrets)),
  };
}
