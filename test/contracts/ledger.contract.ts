import { afterAll, beforeAll, describe } from "vitest";
import type { Ledger } from "../../src/stores/ledger/ledger.ts";
import { auditContract } from "./ledger/audit.ts";
import { documentContract } from "./ledger/documents.ts";
import { entryContract } from "./ledger/entries.ts";
import { holdContract } from "./ledger/holds.ts";
import { intentContract } from "./ledger/intents.ts";
import { jobContract } from "./ledger/jobs.ts";
import { keyContract } from "./ledger/keys.ts";
import { memoContract } from "./ledger/memo.ts";
import { releaseContract } from "./ledger/releases.ts";
import { spendContract } from "./ledger/spend.ts";
import { termContract } from "./ledger/terms.ts";
import { usageContract } from "./ledger/usage.ts";
import type { Bench } from "./ledger/bench.ts";

/** One opened ledger; `clock` is the time it lives in. */
export type OpenLedgerForTest = (clock: () => number) => Promise<{ ledger: Ledger; reopen(): Promise<Ledger>; close(): Promise<void> }>;

/** What every driver of `Ledger` promises. */
export function ledgerContract(driver: string, open: OpenLedgerForTest): void {
  describe(`ledger: ${driver}`, () => {
    let opened: Awaited<ReturnType<OpenLedgerForTest>>;
    const bench: Bench = {
      now: Date.parse("2025-03-14T10:00:00Z"),
      get ledger() {
        return bench.current!;
      },
      current: null,
      async reopen() {
        bench.current = await opened.reopen();
      },
    };
    beforeAll(async () => {
      opened = await open(() => bench.now++);
      bench.current = opened.ledger;
    });
    afterAll(() => opened.close());

    documentContract(bench);
    jobContract(bench);
    entryContract(bench);
    releaseContract(bench);
    spendContract(bench);
    memoContract(bench);
    usageContract(bench);
    auditContract(bench);
    keyContract(bench);
    holdContract(bench);
    intentContract(bench);
    termContract(bench);
  });
}
