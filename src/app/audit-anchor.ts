import { access, appendFile, readFile } from "node:fs/promises";
import { SluiceError } from "../errors.ts";
import { AuditHead } from "../models/audit-verify.ts";
import type { AuditLedger } from "../stores/ledger/paid-calls.ts";
import type { Log } from "../telemetry.ts";

/** How long every chain is now, and the HMAC of its last line. */
export async function auditHeads(audit: Pick<AuditLedger, "chains">): Promise<AuditHead[]> {
  const at = new Date().toISOString();
  return (await audit.chains()).flatMap(({ chain, head, length }) => (head === null || length === null ? [] : [{ at, chain, head, length }]));
}

/** Heads that were written down, one JSON value a line. Throws `config` for a file that holds something else. */
export async function readAnchor(file: string): Promise<AuditHead[]> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new SluiceError("config", `the anchor ${file} cannot be read; give the file that audit.anchor or \`sluice audit heads\` wrote`, { cause });
  });
  return text.split("\n").flatMap((line, place) => {
    if (line.trim() === "") return [];
    const head = AuditHead.safeParse(parsed(line));
    if (head.success) return [head.data];
    throw new SluiceError("config", `line ${place + 1} of the anchor ${file} is no head of a chain`);
  });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

async function readWritten(file: string): Promise<Map<string, string>> {
  const isThere = await access(file).then(() => true, () => false);
  return new Map(isThere ? (await readAnchor(file)).map(({ chain, head }) => [chain, head]) : []);
}

/** Appends the heads that have changed to a file in another place, every minute and at the end. */
export function keepAnchor(file: string, audit: Pick<AuditLedger, "chains">, log: Log): { stop(): Promise<void> } {
  let written: Map<string, string> | null = null;
  let writing = Promise.resolve();

  async function write(): Promise<void> {
    try {
      written ??= await readWritten(file);
      const changed = (await auditHeads(audit)).filter((each) => written!.get(each.chain) !== each.head);
      if (changed.length === 0) return;
      await appendFile(file, changed.map((each) => `${JSON.stringify(each)}\n`).join(""), { mode: 0o600 });
      for (const each of changed) written.set(each.chain, each.head);
    } catch (error) {
      log.error({ event: "audit_anchor_failed", cause: (error as { code?: string }).code ?? (error as Error).name }, "the heads of the audit chains could not be written to audit.anchor");
    }
  }

  const next = () => (writing = writing.then(write));
  const timer = setInterval(() => void next(), 60_000).unref();
  return {
    async stop() {
      clearInterval(timer);
      await next();
    },
  };
}
