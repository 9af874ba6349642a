import { join } from "node:path";
import type { Config } from "../config.ts";
import { publicError } from "../errors.ts";
import type { Audit } from "../models/audit.ts";
import { openPrivacy } from "../privacy/open-privacy.ts";
import type { Privacy } from "../privacy/privacy.ts";
import { secretOf, type VaultKey } from "../privacy/vault-key.ts";
import type { Ledger } from "../stores/ledger/ledger.ts";
import type { Log } from "../telemetry.ts";
import { ownSecrets } from "./own-secrets.ts";

/**
 * The gate over the configuration: it seeks our own secrets in what leaves, lets released values pass, and puts what it
 * stopped on record. What an earlier key of the vault sealed is sealed anew before anything uses it.
 */
export async function openGatekeeper(config: Config, parts: { ledger: Pick<Ledger, "documents" | "releases">; audit: Audit; visionCloud: () => boolean; log: Log }): Promise<Privacy> {
  const { ledger, audit, visionCloud, log } = parts;
  const vaultKey: VaultKey = config.vault.key ?? { file: join(config.data.directory, "keys", "vault.key") };
  const { secondLook: _, ...privacyOptions } = config.privacy;
  const privacy = openPrivacy(
    { ...privacyOptions, collections: policies(config) },
    {
      vault: join(config.data.directory, "vault"),
      vaultKey,
      previousKeys: config.vault.previous,
      secrets: [...ownSecrets(config), secretOf(vaultKey), ...config.vault.previous.map((key) => secretOf(key, false))],
      visionCloud,
      log,
      released: ledger.releases.hashes,
      onBlocked(kinds, { scope, documentId }) {
        const record = { event: "privacy_blocked", tenant: scope.tenant, document_id: documentId, kinds: Object.fromEntries(kinds.map(({ kind, count }) => [kind, count])) };
        audit.event(record).catch((error: unknown) => log.error({ event: "audit_failed", code: publicError(error).code }, "a blocked request could not be put on record"));
      },
    },
  );
  if (config.vault.previous.length > 0) await resealAll(privacy, ledger, log);
  return privacy;
}

async function resealAll(privacy: Privacy, ledger: Pick<Ledger, "documents">, log: Log): Promise<void> {
  let sealed = 0;
  let failed = 0;
  for (let after = "", page = await ledger.documents.every(after, 200); page.length > 0; page = await ledger.documents.every(after, 200)) {
    for (const { id } of page) {
      try {
        if (await privacy.reseal(id)) sealed++;
      } catch {
        failed++;
      }
      after = id;
    }
  }
  const words = failed === 0 ? "the vault is sealed with its present key alone: the earlier ones can be taken out of vault.previous" : "part of the vault opens with none of its keys: name the missing one in vault.previous, or reprocess those documents";
  log[failed === 0 ? "warn" : "error"]({ event: "vault_resealed", sealed, failed }, words);
}

/** The list of the configuration, as the gate reads it: by `tenant/collection`. */
function policies(config: Config): Record<string, object> {
  return Object.fromEntries(config.collections.map(({ id, tenant, ...policy }) => [`${tenant}/${id}`, policy]));
}
