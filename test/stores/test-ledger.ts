import { join } from "node:path";
import { openLedger } from "../../src/stores/ledger/open-ledger.ts";
import { ledgerSchema } from "../../src/stores/ledger/schema.ts";
import { openSqlite } from "../../src/stores/sqlite/open-sqlite.ts";
import type { Ledger } from "../../src/stores/ledger/ledger.ts";
import { freshFolder } from "./folder.ts";

/** A ledger on a file of its own whose clock says `now`. */
export async function openTestLedger(): Promise<{ now: number; readonly ledger: Ledger; close(): Promise<void> }> {
  const database = await openSqlite({ path: join(freshFolder(), "sluice.db"), schemas: [ledgerSchema] });
  const time = { now: Date.now() };
  return Object.assign(time, { ledger: openLedger(database, { clock: () => time.now }), close: () => database.close() });
}
