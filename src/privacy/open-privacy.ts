import { strictest } from "../data/classification.ts";
import type { Log } from "../telemetry.ts";
import { openAnonymise } from "./anonymise.ts";
import { openClassifier } from "./classify.ts";
import { type Blocked, openGate } from "./gate.ts";
import { PrivacyOptions } from "./options.ts";
import { classUnder, policyOf, readPolicyTable } from "./policy.ts";
import { checkPrompts } from "./prompt-check.ts";
import { openReleaseHash, type ReleasedValues } from "./released-values.ts";
import { openVault } from "./vault.ts";
import { openKeys, type VaultKey } from "./vault-key.ts";
import type { Clearance, Privacy } from "./privacy.ts";

export interface PrivacyParts {
  /** Folder of the vault files, one a document, encrypted. */
  vault: string;
  vaultKey: VaultKey;
  /** Keys that were in force before. */
  previousKeys?: readonly VaultKey[];
  /** Values of our own configuration (keys, passwords) that must never leave; shorter than 6 characters they are not sought. */
  secrets: readonly string[];
  /** `vision.cloud` as it is now: whether pictures of public documents may leave. */
  visionCloud?: () => boolean;
  log: Log;
  /** Told of every blocked request: kinds and counts. */
  onBlocked?: (kinds: Blocked[], clearance: Clearance) => void;
  /** Keyed hashes of the values that were released in these documents. */
  released?: (documentIds: string[]) => Promise<ReleasedValues>;
  /** URLs of modules that export `detectors: Detector[]`, run after our own in the same thread. */
  moreDetectors?: string[];
}

/** Throws `config` when the policy table or the vault's key is wrong. The vault's key and file are kept with the data. */
export function openPrivacy(input: Partial<PrivacyOptions>, parts: PrivacyParts): Privacy {
  const options = PrivacyOptions.parse(input);
  const table = readPolicyTable();
  const keys = openKeys(parts.vaultKey);
  const previous = (parts.previousKeys ?? []).map((key) => openKeys(key, false));
  const vault = openVault(parts.vault, keys("vault"), previous.map((each) => each("vault")));
  const releaseHash = openReleaseHash(keys("release"), previous.map((each) => each("release")));
  const classifier = openClassifier(options, table, { log: parts.log, moreDetectors: parts.moreDetectors ?? [], releaseHash });
  const released = parts.released ?? (async () => new Set<string>());
  const anonymise = openAnonymise({ options, table, vault, scan: classifier.scan, released });
  const gate = openGate({
    options,
    scan: classifier.scan,
    released,
    hmacKey: keys("payload"),
    secrets: parts.secrets,
    visionCloud: parts.visionCloud ?? (() => false),
    log: parts.log,
    onBlocked: parts.onBlocked ?? (() => {}),
  });
  return {
    scan: classifier.scan,
    releaseHash: releaseHash.of,
    isReleased: releaseHash.isIn,
    add: classifier.add,
    policy(scope) {
      const { policy, scope: reach, clean, floor } = policyOf(options, scope);
      return { policy, scope: reach, clean, floor };
    },
    under(verdicts, policy, scope) {
      const { clean, floor } = policyOf(options, scope);
      return strictest(clean, floor, ...verdicts.map((verdict) => (verdict.complete ? classUnder(table, verdict.reasons, policy) : "pii")));
    },
    anonymise,
    gate,
    checkPrompts: (prompts) => checkPrompts(prompts, classifier.scan),
    forget: (documentId) => anonymise.forget(documentId),
    reseal: (documentId) => anonymise.reseal(documentId),
    warm: () => classifier.warm(),
    close: () => classifier.close(),
  };
}
