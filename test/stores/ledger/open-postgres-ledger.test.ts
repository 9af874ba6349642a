import { openPostgresLedger } from "../../../src/stores/ledger/open-postgres-ledger.ts";
import { PostgresOptions } from "../../../src/stores/postgres/options.ts";
import { ledgerContract } from "../../contracts/ledger.contract.ts";
import { describeOn, ownPostgres } from "../../servers/real-servers.ts";

describeOn("postgres", "on a real server", (server) => {
  ledgerContract("postgres", async (clock) => {
    const database = await ownPostgres(server);
    const options = PostgresOptions.parse({ driver: "postgres", url: database.url });
    let ledger = await openPostgresLedger(options, { clock });
    return {
      ledger,
      async reopen() {
        await ledger.close();
        return (ledger = await openPostgresLedger(options, { clock }));
      },
      async close() {
        await ledger.close();
        await database.close();
      },
    };
  });
});
