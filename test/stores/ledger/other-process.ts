import { randomId } from "../../../src/data/identity.ts";
import { openLedger } from "../../../src/stores/ledger/open-ledger.ts";
import { ledgerSchema } from "../../../src/stores/ledger/schema.ts";
import { openSqlite } from "../../../src/stores/sqlite/open-sqlite.ts";
import { accepting, holder, upload } from "../../contracts/ledger/bench.ts";

// `reserve`: 40 reservations of one cent each, then the number of those made. `accept`: uploads until the end of the process.
const [, , path, task] = process.argv;
const database = await openSqlite({ path: path!, schemas: [ledgerSchema] });
const ledger = openLedger(database);

if (task === "reserve") {
  const expiresAt = new Date(Date.now() + 600_000).toISOString();
  const reserve = () => ledger.spend.reserve({ id: randomId(), tenant: "one", backend: "cloud", model: "m", usd: 0.01, tokens: 1, documentId: null, expiresAt }, { dayUsd: 0.5, monthUsd: 100 }, null);
  const results = await Promise.all(Array.from({ length: 40 }, reserve));
  process.stdout.write(`${results.filter(({ ok }) => ok).length}\n`);
  await database.close();
} else {
  for (let count = 1; ; count++) {
    const { job } = await ledger.documents.accept(holder("one"), upload("one", `words ${count}`, { key: String(count) }), { ...accepting, idempotencyKey: String(count) });
    process.stdout.write(`${job.id}\n`);
  }
}
