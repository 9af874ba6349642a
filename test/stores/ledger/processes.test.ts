import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { assert, asyncProperty, integer } from "fast-check";
import { expect, test } from "vitest";
import { openLedger } from "../../../src/stores/ledger/open-ledger.ts";
import { ledgerSchema } from "../../../src/stores/ledger/schema.ts";
import { openSqlite } from "../../../src/stores/sqlite/open-sqlite.ts";
import { holder } from "../../contracts/ledger/bench.ts";
import { freshFolder } from "../folder.ts";

const script = fileURLToPath(new URL("./other-process.ts", import.meta.url));
const start = (path: string, task: string) => spawn(process.execPath, [script, path, task], { stdio: ["ignore", "pipe", "inherit"] });

test("two processes that reserve at once stay inside one budget and use all of it", async () => {
  const path = join(freshFolder(), "sluice.db");
  const counts = await Promise.all([start(path, "reserve"), start(path, "reserve")].map((child) => text(child.stdout)));
  expect(Number(counts[0]) + Number(counts[1])).toBe(50);
  const database = await openSqlite({ path, schemas: [ledgerSchema] });
  expect((await openLedger(database).spend.totals("one", new Date().toISOString())).reservedUsd).toBe(0.5);
  await database.close();
});

test("64 callers in four processes, one of them killed, end at or below the budget, with what was left behind charged in full", async () => {
  await assert(
    asyncProperty(integer({ min: 0, max: 2 ** 31 }), async (seed) => {
      const path = join(freshFolder(), "sluice.db");
      const children = [1, 2, 3, 4].map((each) => start(path, `spend:${seed + each}`));
      const ended = children.map((child) => text(child.stdout));
      const database = await openSqlite({ path, schemas: [ledgerSchema] });
      const { spend } = openLedger(database);
      const total = async () => {
        const { dayUsd } = await spend.used("one", new Date().toISOString());
        return dayUsd;
      };
      await expect.poll(total, { timeout: 20_000 }).toBeGreaterThan(0.1);
      children[0]!.kill("SIGKILL");
      expect((await Promise.all(ended)).slice(1)).toEqual(["spent\n", "spent\n", "spent\n"]);
      expect(await total()).toBeLessThanOrEqual(0.5);
      await spend.expire(new Date(Date.now() + 1000).toISOString());
      const { dayUsd, reservedUsd } = await spend.totals("one", new Date().toISOString());
      expect(reservedUsd).toBe(0);
      expect(dayUsd).toBeLessThanOrEqual(0.5);
      // Nobody was turned down while there was room for the dearest call of all.
      expect(dayUsd).toBeGreaterThan(0.3);
      await database.close();
    }),
    { numRuns: 2 },
  );
});

test("after kill -9 every upload that was answered is there, and none by half", async () => {
  const path = join(freshFolder(), "sluice.db");
  const child = start(path, "accept");
  const answered: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    answered.push(line);
    if (answered.length === 40) child.kill("SIGKILL");
  }
  const database = await openSqlite({ path, schemas: [ledgerSchema] });
  const ledger = openLedger(database);
  const due = await ledger.jobs.due(10_000);
  expect(due.map(({ id }) => id)).toEqual(expect.arrayContaining(answered));
  for (const { documentId } of due) expect(await ledger.documents.get(holder("one"), documentId)).toMatchObject({ version: 1, status: "queued" });
  const counts = ["ledger_documents", "ledger_versions", "ledger_jobs", "ledger_idempotency_keys"].map((table) => database.read<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)[0]!.n);
  expect(new Set(counts)).toEqual(new Set([due.length]));
  await database.close();
});
