import { randomId } from "../../../src/data/identity.ts";
import { openLedger } from "../../../src/stores/ledger/open-ledger.ts";
import { openPostgresLedger } from "../../../src/stores/ledger/open-postgres-ledger.ts";
import { ledgerSchema } from "../../../src/stores/ledger/schema.ts";
import { PostgresOptions } from "../../../src/stores/postgres/options.ts";
import { openSqlite } from "../../../src/stores/sqlite/open-sqlite.ts";
import { accepting, holder, reserve, upload } from "../../contracts/ledger/bench.ts";

// `reserve`: 40 reservations of one cent each, then the number of those made. `spend`: 16 callers at once that reserve,
// settle for less or forget, until they are turned down; their costs come from the seed after the colon. `claim`: claims every due job, then the
// claimed ids. `accept`: uploads until the end of the process.
const [, , place, task] = process.argv;
const { ledger, close } = await open(place!);

async function open(at: string) {
  if (at.startsWith("postgres://")) {
    const postgres = await openPostgresLedger(PostgresOptions.parse({ driver: "postgres", url: at }));
    return { ledger: postgres, close: () => postgres.close() };
  }
  const database = await openSqlite({ path: at, schemas: [ledgerSchema] });
  return { ledger: openLedger(database), close: () => database.close() };
}

/** Mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

if (task === "reserve") {
  const expiresAt = new Date(Date.now() + 600_000).toISOString();
  const one = () => reserve(ledger, { id: randomId(), tenant: "one", backend: "cloud", model: "m", usd: 0.01, tokens: 1, documentId: null, taskType: "extraction", expiresAt }, { dayUsd: 0.5, monthUsd: 100 }, null);
  const results = await Promise.all(Array.from({ length: 40 }, one));
  process.stdout.write(`${results.filter(({ ok }) => ok).length}\n`);
  await close();
} else if (task!.startsWith("spend:")) {
  const random = seeded(Number(task!.slice(6)));
  const caller = async () => {
    for (let refused = 0; refused < 3; ) {
      const usd = Math.ceil(random() * 20_000) / 1e6;
      const id = randomId();
      const held = await reserve(ledger, { id, tenant: "one", backend: "cloud", model: "m", usd, tokens: 1, documentId: null, taskType: "extraction", expiresAt: new Date().toISOString() }, { dayUsd: 0.5, monthUsd: 100 }, null);
      if (!held.ok) {
        refused++;
        continue;
      }
      const fate = random();
      if (fate > 0.3) await ledger.spend.settle(id, { usd: usd * random(), promptTokens: 1, outputTokens: 1 });
    }
  };
  await Promise.all(Array.from({ length: 16 }, caller));
  process.stdout.write("spent\n");
  await close();
} else if (task === "claim") {
  const leases = await Promise.all((await ledger.jobs.due(1_000)).map(({ id }) => ledger.jobs.claim(id, `process ${process.pid}`, 60_000)));
  process.stdout.write(leases.flatMap((lease) => (lease ? [`${lease.jobId}\n`] : [])).join(""));
  await close();
} else {
  for (let count = 1; ; count++) {
    const { job } = await ledger.documents.accept(holder("one"), upload("one", `words ${count}`, { key: String(count) }), { ...accepting, idempotencyKey: String(count) });
    process.stdout.write(`${job.id}\n`);
  }
}
