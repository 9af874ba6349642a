import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { randomId } from "../src/data/identity.ts";
import { openLedger } from "../src/stores/ledger/open-ledger.ts";
import { ledgerSchema } from "../src/stores/ledger/schema.ts";
import { openSqlite } from "../src/stores/sqlite/open-sqlite.ts";

/**
 * Callers at the edge of a budget: several processes on one ledger, all reserving and settling at once until the
 * budget is used up. Prints what was spent of it, the reservations a second, and how long one took.
 *
 *     node bench/budget.ts [--processes 4] [--callers 16] [--budget 5]
 */
const { values } = parseArgs({ options: { processes: { type: "string", default: "4" }, callers: { type: "string", default: "16" }, budget: { type: "string", default: "5" }, ledger: { type: "string" } } });
const dayUsd = Number(values.budget);
const at = (samples: number[], share: number): number => Math.round((samples.toSorted((a, b) => a - b)[Math.floor(samples.length * share)] ?? 0) * 100) / 100;

if (values.ledger) {
  const database = await openSqlite({ path: values.ledger, schemas: [ledgerSchema] });
  const { audit, spend } = openLedger(database);
  const chain = randomId();
  const line = (previous: string, length: number) => ({ line: String(length), hmac: createHash("sha256").update(previous).digest("hex") });
  const taken: number[] = [];
  const caller = async () => {
    for (;;) {
      const id = randomId();
      const usd = Math.ceil(Math.random() * 5000) / 1e6;
      const started = performance.now();
      const reservation = { id, tenant: "one", backend: "cloud", model: "m", usd, tokens: 1000, documentId: null, taskType: "extraction", expiresAt: new Date(Date.now() + 60_000).toISOString() };
      const held = await audit.reserve({ reservation, limits: { dayUsd, monthUsd: 1000 }, documents: null }, chain, line);
      taken.push(performance.now() - started);
      if (!held.ok) return;
      await spend.settle(id, { usd: usd * Math.random(), promptTokens: 700, outputTokens: 300 });
    }
  };
  await Promise.all(Array.from({ length: Number(values.callers) }, caller));
  process.stdout.write(`${JSON.stringify(taken)}\n`);
  await database.close();
} else {
  const folder = mkdtempSync(join(tmpdir(), "sluice-bench-"));
  const path = join(folder, "ledger.db");
  await (await openSqlite({ path, schemas: [ledgerSchema] })).close();
  const started = performance.now();
  const script = fileURLToPath(import.meta.url);
  const lists = await Promise.all(
    Array.from({ length: Number(values.processes) }, async () => {
      const child = spawn(process.execPath, [script, "--ledger", path, "--callers", values.callers, "--budget", values.budget], { stdio: ["ignore", "pipe", "inherit"] });
      for await (const line of createInterface(child.stdout)) return JSON.parse(line) as number[];
      throw new Error("a caller's process ended early");
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  const taken = lists.flat();
  const database = await openSqlite({ path, schemas: [ledgerSchema] });
  const spent = await openLedger(database).spend.totals(null, new Date().toISOString());
  await database.close();
  rmSync(folder, { recursive: true, force: true });
  console.log(JSON.stringify({ processes: Number(values.processes), callers: Number(values.callers), budgetUsd: dayUsd, spentUsd: spent.dayUsd, isWithin: spent.dayUsd + spent.reservedUsd <= dayUsd, reservations: taken.length, perSecond: Math.round(taken.length / seconds), reserveMs: { p50: at(taken, 0.5), p99: at(taken, 0.99) }, load: loadavg()[0] }));
}
