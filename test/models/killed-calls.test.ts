import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { exportAudit } from "../../src/models/audit-export.ts";
import { verifyAudit } from "../../src/models/audit-verify.ts";
import { Secret } from "../../src/models/secret.ts";
import { openLedger } from "../../src/stores/ledger/open-ledger.ts";
import { ledgerSchema } from "../../src/stores/ledger/schema.ts";
import { openSqlite } from "../../src/stores/sqlite/open-sqlite.ts";
import { bareCloud, startBareServer } from "./bare-server.ts";

const script = fileURLToPath(new URL("./pay-until-killed.ts", import.meta.url));

it.each([1, 20, 37])("after kill -9 at call %i every call that left is on record, and what was not settled is charged in full", async (last) => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-killed-"));
  const path = join(folder, "ledger.db");
  let left = 0;
  const answer = bareCloud("yes", { prompt_eval_count: 10, eval_count: 1 });
  const server = await startBareServer((asked) => {
    if (asked === "/api/chat" && ++left >= last) {
      child.kill("SIGKILL");
      return "hang-up";
    }
    return answer(asked);
  });
  const child = spawn(process.execPath, [script, server.url, path], { stdio: ["ignore", "ignore", "inherit"] });
  await once(child, "exit");
  await server.close();

  const database = await openSqlite({ path, schemas: [ledgerSchema] });
  const { audit, spend } = openLedger(database);
  const calls = [];
  for await (const call of exportAudit(audit, { tenant: "default" })) calls.push(call);
  const open = calls.filter((call) => call.outcome === null);
  expect(calls.length).toBeGreaterThanOrEqual(left);
  expect(open.length).toBeGreaterThan(0);
  expect((await verifyAudit({ audit, spend, key: new Secret("audit-key"), anchor: null })).faults).toEqual([]);
  expect(await spend.left("", 1000)).toEqual(calls.map((call) => call.attempt_id).toSorted());

  const later = new Date(Date.now() + 3_600_000).toISOString();
  const before = await spend.totals(null, new Date().toISOString());
  expect(await spend.expire(later)).toBe(open.length);
  const after = await spend.totals(null, new Date().toISOString());
  expect(after.reservedUsd).toBe(0);
  expect(after.dayUsd).toBeGreaterThan(before.dayUsd);
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});
