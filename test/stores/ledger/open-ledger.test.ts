import { join } from "node:path";
import type { SqliteDatabase } from "../../../src/stores/sqlite/database.ts";
import { openSqlite } from "../../../src/stores/sqlite/open-sqlite.ts";
import { openLedger } from "../../../src/stores/ledger/open-ledger.ts";
import { ledgerSchema } from "../../../src/stores/ledger/schema.ts";
import { ledgerContract } from "../../contracts/ledger.contract.ts";
import { freshFolder } from "../folder.ts";

ledgerContract("sqlite", async (clock) => {
  const path = join(freshFolder(), "sluice.db");
  let database: SqliteDatabase;
  const open = async () => {
    database = await openSqlite({ path, schemas: [ledgerSchema] });
    return openLedger(database, { clock });
  };
  return {
    ledger: await open(),
    async reopen() {
      await database.close();
      return open();
    },
    close: () => database.close(),
  };
});
