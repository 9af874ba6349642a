import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { assert, asyncProperty, constantFrom, integer } from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { Task } from "../../src/data/decision.ts";
import { randomId } from "../../src/data/identity.ts";
import { csvLine, exportAudit } from "../../src/models/audit-export.ts";
import { type AuditHead, verifyAudit } from "../../src/models/audit-verify.ts";
import { openAudit } from "../../src/models/audit.ts";
import { Secret } from "../../src/models/secret.ts";
import { openLedger } from "../../src/stores/ledger/open-ledger.ts";
import { ledgerSchema } from "../../src/stores/ledger/schema.ts";
import { openSqlite } from "../../src/stores/sqlite/open-sqlite.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-audit-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const key = new Secret("audit-key");
const decision = { location: "cloud" as const, backend: "ollama-cloud", model: "gpt-oss:20b", reason: "high_quality_extraction", confidence: 1, rule: "hybrid", considered: [] };
const task = (userId: string) => Task.parse({ taskType: "extraction", tier: "fast", classification: "public", tenant: "default", step: "s", requestId: "r", taskId: randomId(), userId });

/** A file with `chains` chains of `attempts` attempts each, two lines an attempt; every one paid for. */
async function record(chains = 1, attempts = 4) {
  const path = join(folder, `${randomId()}.db`);
  const database = await openSqlite({ path, schemas: [ledgerSchema] });
  const ledger = openLedger(database);
  for (let chain = 0; chain < chains; chain++) {
    const audit = openAudit(ledger.audit, key);
    for (let place = 0; place < attempts; place++) {
      const attempt = { attemptId: randomId(), task: task(`user-${place % 2}`), decision, releaseId: null, anonymised: false, payloadHmac: "00" };
      const reservation = { id: attempt.attemptId, tenant: "default", backend: "ollama-cloud", model: "gpt-oss:20b", usd: 0.5, tokens: 10, documentId: null, taskType: "extraction", expiresAt: new Date(Date.now() + 60_000).toISOString() };
      await audit.intent(attempt, { reservation, limits: { dayUsd: Infinity, monthUsd: Infinity }, documents: null });
      await audit.outcome(attempt, { outcome: "answered", charge: { usd: 0.25, promptTokens: 7, outputTokens: 3 }, latencyMs: 12.4 }, true);
    }
  }
  const heads: AuditHead[] = (await ledger.audit.chains()).map(({ chain, head, length }) => ({ at: "", chain, head: head!, length: length! }));
  await database.close();
  return { path, heads };
}

/** With somebody's SQL between writing and reading. */
async function verifyAfter(statements: string[], recorded: Awaited<ReturnType<typeof record>>, options: { anchor?: AuditHead[]; key?: Secret } = {}) {
  const tampered = new Database(recorded.path);
  for (const each of statements) tampered.exec(each);
  tampered.close();
  const database = await openSqlite({ path: recorded.path, schemas: [ledgerSchema] });
  const { audit, spend } = openLedger(database);
  const report = await verifyAudit({ audit, spend, key: options.key ?? key, anchor: options.anchor ?? null });
  await database.close();
  return { ...report, kinds: report.faults.map(({ kind, position }) => `${kind} ${position}`) };
}

const swap = (a: number, b: number) => [`UPDATE ledger_audit SET position = -1 WHERE position = ${a}`, `UPDATE ledger_audit SET position = ${a} WHERE position = ${b}`, `UPDATE ledger_audit SET position = ${b} WHERE position = -1`];
const renumber = "UPDATE ledger_audit SET position = (SELECT count(*) FROM ledger_audit AS before WHERE before.chain = ledger_audit.chain AND before.position < ledger_audit.position)";

describe("the record of what left", () => {
  it("is whole when nobody touched it", async () => {
    const recorded = await record(3);
    expect(await verifyAfter([], recorded, { anchor: recorded.heads })).toMatchObject({ chains: 3, lines: 24, attempts: 12, open: 0, faults: [], unproven: [expect.stringContaining("has the key")] });
  });

  it.each<[string, string[], string[]]>([
    ["a changed word", ["UPDATE ledger_audit SET line = replace(line, 'gpt-oss:20b', 'local') WHERE position = 3"], ["changed 3"]],
    ["a changed HMAC", ["UPDATE ledger_audit SET hmac = '00' WHERE position = 3"], ["changed 3", "changed 4"]],
    ["a line that is none", ["UPDATE ledger_audit SET line = '{}' WHERE position = 3"], ["changed 3"]],
    ["a removed line", ["DELETE FROM ledger_audit WHERE position = 3"], ["removed 3"]],
    ["a removed line, the others moved up and the head counted anew", ["DELETE FROM ledger_audit WHERE position = 3", renumber, "UPDATE ledger_audit_chains SET length = 7"], ["removed 3"]],
    ["the first line gone", ["DELETE FROM ledger_audit WHERE position = 0"], ["removed 0"]],
    ["two lines in another order", swap(2, 5), ["reordered 2"]],
    ["the last two lines cut off", ["DELETE FROM ledger_audit WHERE position > 5"], ["truncated 6"]],
    ["the head gone", ["DELETE FROM ledger_audit_chains"], ["truncated 8"]],
    ["a head of another line", ["UPDATE ledger_audit_chains SET head = '00'"], ["changed 7"]],
    ["a line that stands there twice", ["INSERT INTO ledger_audit SELECT chain, 8, line, hmac FROM ledger_audit WHERE position = 2", "UPDATE ledger_audit_chains SET length = 9, head = (SELECT hmac FROM ledger_audit WHERE position = 8)"], ["reordered 2"]],
  ])("shows %s", async (_what, statements, kinds) => {
    const report = await verifyAfter(statements, await record());
    expect(report.kinds.filter((each) => !each.startsWith("unrecorded"))).toEqual(kinds);
  });

  const cut = ["DELETE FROM ledger_audit WHERE position > 5", "UPDATE ledger_audit_chains SET length = 6, head = (SELECT hmac FROM ledger_audit WHERE position = 5)"];
  it("cut together with its head it shows by the payments; and by the anchor, when those are gone too", async () => {
    expect((await verifyAfter(cut, await record())).kinds).toEqual(["unrecorded null"]);
    const recorded = await record();
    const all = [...cut, "DELETE FROM ledger_spend WHERE id NOT IN (SELECT json_extract(line, '$.attempt_id') FROM ledger_audit)"];
    const unseen = await verifyAfter(all, recorded);
    expect(unseen.kinds).toEqual([]);
    expect(unseen.unproven[0]).toContain("no chain was removed whole, or cut together with its head");
    expect((await verifyAfter([], recorded, { anchor: recorded.heads })).kinds).toEqual(["truncated 6"]);
  });

  it("removed whole, it shows by the anchor", async () => {
    const recorded = await record(2);
    const { chain } = recorded.heads[0]!;
    const report = await verifyAfter([`DELETE FROM ledger_audit WHERE chain = '${chain}'`, `DELETE FROM ledger_audit_chains WHERE chain = '${chain}'`, "DELETE FROM ledger_spend"], recorded, { anchor: recorded.heads });
    expect(report.kinds).toEqual(["chain_removed null"]);
  });

  it("of another key is named, and not taken for proven", async () => {
    const report = await verifyAfter([], await record(), { key: new Secret("another") });
    expect(report.faults).toEqual([]);
    expect(report.unproven[0]).toMatch(/was written with another key \([0-9a-f]{12}\)/);
  });

  it("shows an attempt that was never ended", async () => {
    const recorded = await record();
    const report = await verifyAfter(["DELETE FROM ledger_audit WHERE position = 7", "UPDATE ledger_audit_chains SET length = 7, head = (SELECT hmac FROM ledger_audit WHERE position = 6)"], recorded);
    expect(report).toMatchObject({ attempts: 4, open: 1, faults: [] });
  });

  it("never passes for whole after any one change to any one line", async () => {
    const changes = {
      remove: (at: number) => [`DELETE FROM ledger_audit WHERE position = ${at}`, renumber],
      change: (at: number) => [`UPDATE ledger_audit SET line = replace(line, '"tenant":"default"', '"tenant":"another"') WHERE position = ${at}`],
      swap: (at: number) => swap(at, at === 0 ? 1 : at - 1),
      cut: (at: number) => [`DELETE FROM ledger_audit WHERE position >= ${at}`],
      copy: (at: number) => [`UPDATE ledger_audit SET (line, hmac) = (SELECT line, hmac FROM ledger_audit WHERE position = ${(at + 1) % 8}) WHERE position = ${at}`],
    };
    await assert(
      asyncProperty(constantFrom(...(Object.keys(changes) as (keyof typeof changes)[])), integer({ min: 0, max: 7 }), async (change, at) => {
        expect((await verifyAfter(changes[change](at), await record())).faults.length).toBeGreaterThan(0);
      }),
      { numRuns: 12 },
    );
  });
});

describe("an export", () => {
  it("has one line for each attempt, of the period, user, class and model that were asked for", async () => {
    const { path } = await record(2);
    const database = await openSqlite({ path, schemas: [ledgerSchema] });
    const { audit } = openLedger(database);
    const all = await Array.fromAsync(exportAudit(audit, {}));
    expect(all).toHaveLength(8);
    expect(all[0]).toMatchObject({ user_id: "user-0", data_classification: "public", model: "gpt-oss:20b", prompt_tokens: 7, output_tokens: 3, cost_usd: 0.25, latency_ms: 12, outcome: "answered" });
    expect(await Array.fromAsync(exportAudit(audit, { user: "user-1" }))).toHaveLength(4);
    expect(await Array.fromAsync(exportAudit(audit, { class: "internal" }))).toHaveLength(0);
    expect(await Array.fromAsync(exportAudit(audit, { model: "gpt-oss:20b", tenant: "default", from: all[0]!.timestamp }))).toHaveLength(8);
    expect(await Array.fromAsync(exportAudit(audit, { to: all[0]!.timestamp }))).toHaveLength(0);
    await database.close();
  });

  it("as CSV quotes what needs it, and gives a spreadsheet no formula", () => {
    expect(csvLine(["a", 1, null, true, 'x"y,z', "=1+1", "two\nlines"])).toBe('a,1,,true,"x""y,z",\'=1+1,"two\nlines"\r\n');
  });
});
