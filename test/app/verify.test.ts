import { readdir, rm, unlink } from "node:fs/promises";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, describe, expect, it } from "vitest";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { modelServers, openTestApp, type TestApp } from "./open-test-app.ts";
import { tablesOf } from "./store-contents.ts";
import { untilStatus } from "./wait-for-job.ts";

let server: ModelServer;
const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function filled(): Promise<{ app: TestApp; ids: string[] }> {
  server = await startModelServer({ role: "local" });
  closing.push(() => server.close());
  const app = await openTestApp([modelServers(server.url), { privacy: { threads: 1 } }]);
  closing.push(() => app.end());
  const ids = [];
  for (const town of ["Kiel", "Bremen"]) {
    const { jobId, documentId } = await app.add({ name: `${town}.txt`, text: `Velden Marine GmbH delivers a crane to ${town} Terminal. ${town} Terminal is based in ${town}.` });
    await untilStatus(app, jobId, "done");
    ids.push(documentId);
  }
  return { app, ids };
}

/** As a fault would: past every interface. */
function damage(app: TestApp, ...statements: [sql: string, ...parameters: unknown[]][]): void {
  const database = new Database(join(app.folder, "sluice.sqlite"), { timeout: 10_000 });
  for (const [sql, ...parameters] of statements) database.prepare(sql).run(...parameters);
  database.close();
}
const folderOf = (app: TestApp, id: string) => join(app.folder, "files", "documents", id.slice(0, 2), id);
const nobody = "0f000000-0000-8000-8000-000000000001";
const signal = new AbortController().signal;
const calls = () => server.requests.filter((each) => each.path === "/api/chat").length;

describe("verification", () => {
  it("of stores that nothing happened to finds nothing", async () => {
    const { app } = await filled();
    expect(await app.verify({ repair: true, signal })).toEqual({ documents: 2, differences: [], repaired: { jobIds: [], removed: [] } });
  }, 60_000);

  it("names every record that is gone or that nobody knows, and repairs it without asking a model again", async () => {
    const { app, ids } = await filled();
    const before = tablesOf(app.folder);
    const [kiel] = ids as [string, string];
    damage(app,
      ["DELETE FROM vectors WHERE chunk IN (SELECT key FROM chunks WHERE document = ?)", kiel],
      ["DELETE FROM mentions WHERE document = ?", kiel],
      ["INSERT INTO pictures (id, scope, document, page, description, class) VALUES ('p', 1, ?, 1, 'stray', 0)", kiel],
      ["INSERT INTO pictures (id, scope, document, page, description, class) VALUES ('q', 1, ?, 1, 'stray', 0)", nobody],
    );
    const found = await app.verify({ repair: false, signal });
    expect(found.differences.map(({ documentId, store, kind }) => [documentId, store, kind])).toEqual([[kiel, "sqlite", "vectors"], [kiel, "sqlite", "mentions"], [kiel, "sqlite", "pictures"], [nobody, "sqlite", "document"]]);
    expect(await app.metrics()).toMatch(/sluice_verify_differences\{store="sqlite"\} [1-9]/);

    const asked = calls();
    const { repaired } = await app.verify({ repair: true, signal });
    expect([repaired.jobIds.length, repaired.removed]).toEqual([1, [nobody]]);
    expect(await app.settled(repaired.jobIds[0]!, signal)).toMatchObject({ status: "done" });
    expect(calls()).toBe(asked);
    expect((await app.verify({ repair: false, signal })).differences).toEqual([]);
    const { ledger_jobs: _jobs, ...after } = tablesOf(app.folder);
    for (const [table, rows] of Object.entries(after)) expect([table, rows]).toEqual([table, before[table]]);
    expect(await app.metrics()).toContain('sluice_verify_differences{store="sqlite"} 0');
  }, 60_000);

  it("makes again what a document's files have lost, and says when the original is gone", async () => {
    const { app, ids } = await filled();
    const [kiel, bremen] = ids as [string, string];
    for (const name of await readdir(folderOf(app, kiel))) if (name.startsWith("work-") && name.includes("chunks")) await unlink(join(folderOf(app, kiel), name));
    await rm(folderOf(app, bremen), { recursive: true });
    const { differences, repaired } = await app.verify({ repair: true, signal });
    expect(differences.map(({ documentId, kind }) => [documentId, kind]).toSorted()).toEqual([[kiel, "artifacts"], [bremen, "artifacts"], [bremen, "original"]].toSorted());
    const jobs = await Promise.all(repaired.jobIds.map((id) => app.settled(id, signal)));
    expect(jobs.map(({ documentId, status }) => [documentId, status]).toSorted()).toEqual([[kiel, "done"], [bremen, "failed"]].toSorted());
    expect((await app.verify({ repair: false, signal })).differences.map(({ documentId }) => documentId).every((id) => id === bremen)).toBe(true);
  }, 60_000);
});
