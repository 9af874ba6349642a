import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localPrincipal } from "../../src/data/principal.ts";
import { rawZip } from "../parsers/sample-archives.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { killValues } from "./kill/kill-values.ts";
import { runKilledAt } from "./kill/run-killed.ts";
import { modelServers, openTestApp } from "./open-test-app.ts";

/** Two files, one that fails, one that nothing reads, and an archive. */
const archive = rawZip([
  { name: "cranes.md", bytes: "# Cranes\n\nHafenbau GmbH delivers a harbour crane to Ostwick Terminal." },
  { name: "broken.pdf", bytes: "%PDF-1.4 no PDF" },
  { name: "old.rtf", bytes: String.raw`{\rtf1 words}` },
  { name: "inner.zip", bytes: rawZip([{ name: "towns/list.txt", bytes: "Ostwick Terminal is based in Ostwick." }]), method: 0 },
]);

/** Every write: `SLUICE_TEST_KILLS=all`. CI has one of sixty each day, in turns. */
const kills = process.env["SLUICE_TEST_KILLS"] ?? "1";
const isChosen = (n: number): boolean => kills === "all" || n % 60 === Number(kills) % 60;

describe("a process that works on an archive and is killed at a durable write", () => {
  let work: string;
  let file: string;
  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), "sluice-archive-"));
    file = join(work, "port.zip");
    await writeFile(file, archive);
  });
  afterAll(() => rm(work, { recursive: true, force: true }));

  /** Opens the same data in this process, uploads the archive again and tells what has become of it. */
  async function finish(data: string, server: ModelServer) {
    const app = await openTestApp([modelServers(server.url), killValues], data);
    try {
      const { jobId } = await app.add(file);
      const job = await app.ended(jobId);
      const all = { collection: "default", limit: 100, cursor: null };
      const documents = (await app.documents.list(localPrincipal, all)).items.map(({ key, status, version, class: value, counts }) => `${key} ${status} ${version} ${value} ${counts.chunks}`);
      const jobs = (await app.jobs.list(localPrincipal, all)).items.map(({ name, kind, status, parentId }) => `${name} ${kind} ${status} ${parentId !== null}`);
      return { status: job.status, class: job.class, warnings: job.warnings.map(({ code }) => code).toSorted(), documents: documents.toSorted(), jobs: jobs.toSorted() };
    } finally {
      await app.end(true);
    }
  }

  const asked = (server: ModelServer): number => server.requests.filter((each) => each.path === "/api/chat").length;

  it("is followed by one that neither loses an entry nor has one twice", async () => {
    const undisturbed = join(work, "undisturbed");
    const server = await startModelServer({ role: "local" });
    expect(await runKilledAt(Infinity, undisturbed, file, server, work)).toBe(false);
    const expected = await finish(undisturbed, server);
    expect(expected).toMatchObject({ status: "done", warnings: ["attachment_unreadable", "entry_failed", "kept_local"] });
    expect(expected.jobs).toEqual(["broken.pdf ingest failed true", "cranes.md ingest done true", "inner.zip ingest done true", "list.txt ingest done true", "port.zip ingest done false"]);
    const calls = asked(server);
    const writes = (await readFile(`${undisturbed}.counter`)).length;
    await server.close();
    const wrong: unknown[] = [];
    for (let n = 1; n <= writes; n++) {
      if (!isChosen(n)) continue;
      const local = await startModelServer({ role: "local" });
      const data = join(work, String(n));
      // The last writes are not the same number in each run.
      await runKilledAt(n, data, file, local, work);
      const found = await finish(data, local);
      if (JSON.stringify(found) !== JSON.stringify(expected)) wrong.push({ n, found });
      // What was on its way when it was killed is asked for again: two documents, a call each.
      if (asked(local) > calls + 2) wrong.push({ n, asked: asked(local), calls });
      await local.close();
      await rm(data, { recursive: true, force: true });
    }
    expect(wrong).toEqual([]);
  }, 1_800_000);
});
