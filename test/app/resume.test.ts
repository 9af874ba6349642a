import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { killValues } from "./kill/kill-values.ts";
import { letterWithPicture } from "./kill/letter-with-picture.ts";
import { runKilledAt } from "./kill/run-killed.ts";
import { modelServers, openTestApp } from "./open-test-app.ts";
import { documentFiles, tablesOf } from "./store-contents.ts";

/** Every write takes ten minutes: `SLUICE_TEST_KILLS=all`. CI has one tenth each day, in turns. */
const kills = process.env["SLUICE_TEST_KILLS"] ?? "1";
const isChosen = (n: number): boolean => kills === "all" || n % 10 === Number(kills) % 10;

let work: string;
let letter: string;

/** Opens the same data in this process, uploads the same file again and waits for the end, as its user would. */
async function finish(data: string, server: ModelServer) {
  const app = await openTestApp([modelServers(server.url), killValues], data);
  try {
    const { jobId } = await app.add(letter);
    const job = await app.ended(jobId);
    return { status: job.status, error: job.error };
  } finally {
    await app.end(true);
  }
}

const calls = (server: ModelServer, path: string): number => server.requests.filter((each) => each.path === path).length;

/** Answers that had reached the memo when the process was killed. */
function remembered(data: string): number {
  try {
    const database = new Database(join(data, "sluice.sqlite"), { readonly: true, fileMustExist: true });
    try {
      return database.prepare("SELECT count(*) FROM ledger_memo").pluck().get() as number;
    } finally {
      database.close();
    }
  } catch {
    return 0; // killed before the tables were there
  }
}

describe("a process that is killed at a durable write", () => {
  let undisturbed: { tables: Record<string, string[]>; files: string[]; chat: number; embed: number; writes: number };

  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), "sluice-resume-"));
    letter = join(work, "letter.eml");
    await writeFile(letter, await letterWithPicture());
    const server = await startModelServer({ role: "local" });
    const data = join(work, "undisturbed");
    expect(await runKilledAt(Infinity, data, letter, server, work)).toBe(false);
    undisturbed = { tables: tablesOf(data), files: await documentFiles(data), chat: calls(server, "/api/chat"), embed: calls(server, "/api/embed"), writes: (await readFile(`${data}.counter`)).length };
    await server.close();
  }, 60_000);
  afterAll(() => rm(work, { recursive: true, force: true }));

  it("has a letter with a picture to work on that goes the whole way", () => {
    expect(undisturbed.writes).toBeGreaterThan(80);
    const rows = Object.fromEntries(Object.entries(undisturbed.tables).map(([name, each]) => [name, each.length]));
    for (const table of ["chunks", "mentions", "statements", "postings", "term_counts", "vectors", "pictures", "ledger_documents", "ledger_memo"]) expect([table, rows[table]! > 0]).toEqual([table, true]);
  });

  it("is taken up where it was by the next, which stores the same and asks nothing twice but what was on its way", async () => {
    const points = Array.from({ length: undisturbed.writes }, (_, index) => index + 1).filter(isChosen);
    const found: unknown[] = [];
    async function lane(): Promise<void> {
      for (let n = points.shift(); n !== undefined; n = points.shift()) {
        const wrong = await survive(n);
        if (wrong.length) console.error(JSON.stringify(wrong).slice(0, 2000));
        found.push(...wrong);
      }
    }
    await Promise.all([lane(), lane()]);
    expect(found).toEqual([]);
  }, 1_800_000);

  /** Kills at write n, finishes, and says what differs from the undisturbed run. */
  async function survive(n: number): Promise<unknown[]> {
    const server = await startModelServer({ role: "local" });
    const data = join(work, String(n));
    try {
      const killed = await runKilledAt(n, data, letter, server, work);
      const onTheWay = calls(server, "/api/chat") - remembered(data);
      const embeddedBefore = calls(server, "/api/embed");
      const { status, error } = await finish(data, server);
      const wrong: unknown[] = [];
      if (!killed) wrong.push("was not killed");
      if (status !== "done") wrong.push({ status, error });
      const tables = tablesOf(data);
      for (const [name, rows] of Object.entries(undisturbed.tables)) if (JSON.stringify(tables[name]) !== JSON.stringify(rows)) wrong.push({ table: name, is: tables[name], was: rows });
      const files = await documentFiles(data);
      if (JSON.stringify(files) !== JSON.stringify(undisturbed.files)) wrong.push({ files: files.filter((each) => !undisturbed.files.includes(each)), missing: undisturbed.files.filter((each) => !files.includes(each)) });
      const again = calls(server, "/api/chat") - undisturbed.chat;
      if (again > onTheWay || onTheWay > 4) wrong.push({ again, onTheWay });
      // Vectors have no memo: the step that was interrupted embeds its own texts again, one call for each of two documents.
      if (calls(server, "/api/embed") - undisturbed.embed > Math.min(2, embeddedBefore)) wrong.push({ embedded: calls(server, "/api/embed"), before: embeddedBefore });
      return wrong.map((each) => ({ n, wrong: each }));
    } finally {
      await server.close();
      await rm(data, { recursive: true, force: true });
    }
  }
});
