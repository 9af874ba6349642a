import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPrivacy, type PrivacyParts } from "../../src/privacy/open-privacy.ts";
import type { PrivacyOptions } from "../../src/privacy/options.ts";
import { silentLog } from "../../src/telemetry.ts";

export const scope = { tenant: "default", collection: "reports" };

/** A privacy part with a vault folder of its own; `end` closes it and removes the folder. */
export function openForTest(options: Partial<PrivacyOptions> = {}, parts: Partial<PrivacyParts> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "privacy-"));
  const privacy = openPrivacy({ threads: 1, ...options }, { vault: join(folder, "vault"), vaultKey: { file: join(folder, "key") }, secrets: [], log: silentLog, ...parts });
  return {
    privacy,
    folder,
    async end() {
      await privacy.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
