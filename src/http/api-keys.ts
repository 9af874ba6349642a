import { createHash, randomBytes } from "node:crypto";
import { randomId } from "../data/identity.ts";
import { rank } from "../data/classification.ts";
import type { Principal } from "../data/principal.ts";
import { SluiceError } from "../errors.ts";
import type { KeyLedger } from "../stores/ledger/ledger.ts";
import type { KeyServices } from "./services.ts";

const hash = (secret: string): string => createHash("sha256").update(secret).digest("hex");

/** API keys on the ledger: 256 random bits, shown once; the ledger holds the SHA-256 and the first characters. */
export function openApiKeys(ledger: KeyLedger): KeyServices & { authenticate(bearer: string): Promise<Principal | null> } {
  return {
    async create(principal, { name, roles, classes }) {
      const above = [...roles.filter((role) => !principal.roles.includes(role)), ...classes.filter((each) => !principal.classes.includes(each))];
      if (above.length > 0) throw new SluiceError("forbidden", `a key gives no role or class its maker lacks: ${above.join(", ")}`);
      const secret = `sk_${randomBytes(32).toString("base64url")}`;
      const ordered = classes.toSorted((a, b) => rank(a) - rank(b));
      const key = await ledger.create({ id: randomId(), tenant: principal.tenant, name, prefix: secret.slice(0, 9), roles, classes: ordered }, hash(secret));
      return { ...key, secret };
    },
    list: (principal) => ledger.list(principal.tenant),
    revoke: (principal, id) => ledger.revoke(principal.tenant, id),
    async authenticate(bearer) {
      if (!/^sk_[\w-]{43}$/.test(bearer)) return null;
      const key = await ledger.find(hash(bearer));
      return key && { tenant: key.tenant, roles: key.roles, classes: key.classes, keyId: key.id };
    },
  };
}
