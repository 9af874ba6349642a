import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
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
