import { access } from "node:fs/promises";
import { exportAudit, type AuditFilter, type AuditRecord } from "../models/audit-export.ts";
import { type AuditHead, type AuditReport, verifyAudit } from "../models/audit-verify.ts";
import type { Secret } from "../models/secret.ts";
import type { Ledger } from "../stores/ledger/ledger.ts";
import { auditHeads, readAnchor } from "./audit-anchor.ts";

export interface AuditServices {
  /** `anchor` is a file of heads; null takes the configured one, where there is one. */
  verify(options: { anchor: string | null; signal: AbortSignal }): Promise<AuditReport>;
  export(filter: AuditFilter): AsyncIterable<AuditRecord>;
  heads(): Promise<AuditHead[]>;
}

export function auditServices(ledger: Pick<Ledger, "audit" | "spend">, key: Secret, configured: string | null): AuditServices {
  const { audit, spend } = ledger;
  return {
    async verify({ anchor, signal }) {
      // Configured and not written yet is no fault: nothing has left so far.
      const file = anchor ?? (configured !== null && (await access(configured).then(() => true, () => false)) ? configured : null);
      return verifyAudit({ audit, spend, key, anchor: file === null ? null : await readAnchor(file) }, signal);
    },
    export: (filter) => exportAudit(audit, filter),
    heads: () => auditHeads(audit),
  };
}
