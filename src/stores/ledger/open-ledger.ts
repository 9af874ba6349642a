import { Kysely } from "kysely";
import type { SqliteDatabase } from "../sqlite/database.ts";
import { openAlertLedger } from "./alerts.ts";
import { openAuditLedger } from "./audit.ts";
import { openDocumentLedger } from "./documents.ts";
import { openEntryLedger } from "./entries.ts";
import { openHoldLedger } from "./holds.ts";
import { openJobLedger } from "./jobs.ts";
import { openKeyLedger } from "./keys.ts";
import type { Ledger } from "./ledger.ts";
import { openMemoLedger } from "./memo.ts";
import { openIntentLedger } from "./open-intents.ts";
import { openReleaseLedger } from "./releases.ts";
import { openSpendLedger } from "./spend.ts";
import type { Clock, Sql } from "./sql.ts";
import type { LedgerTables } from "./tables.ts";
import { openTermCounts } from "./term-counts.ts";
import { openTierLedger } from "./tiers.ts";
import { openUsageLedger } from "./usage.ts";

/** The ledger in the shared file, whose schemas hold `ledgerSchema`; closing the file ends it. */
export function openLedger(database: SqliteDatabase, options: { clock?: Clock } = {}): Ledger {
  const { clock = Date.now } = options;
  return {
    ...ledgerOn(new Kysely<LedgerTables>({ dialect: database.dialect() }), clock, database.write),
    async engine() {
      const [row] = database.read<{ version: string }>("SELECT sqlite_version() AS version");
      return { name: "sqlite", version: row!.version };
    },
  };
}

/** The same operations on either engine; `write` where one can write a plan at once. */
export const ledgerOn = (sql: Sql, clock: Clock, write?: SqliteDatabase["write"]): Omit<Ledger, "engine"> => ({
  documents: openDocumentLedger(sql, clock),
  releases: openReleaseLedger(sql, clock),
  jobs: openJobLedger(sql, clock),
  entries: openEntryLedger(sql, clock),
  keys: openKeyLedger(sql, clock),
  spend: openSpendLedger(sql, clock),
  memo: openMemoLedger(sql, clock),
  audit: openAuditLedger(sql, clock, write),
  usage: openUsageLedger(sql, clock),
  alerts: openAlertLedger(sql, clock),
  tiers: openTierLedger(sql, clock),
  holds: openHoldLedger(sql, clock),
  intents: openIntentLedger(sql, clock),
  terms: openTermCounts(sql),
});
