import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { backup } from "../../src/app/backup.ts";
import { restore } from "../../src/app/restore.ts";
import { loadConfig } from "../../src/config.ts";
import { localPrincipal } from "../../src/data/principal.ts";
import { startModelServer } from "../servers/model-server/model-server.ts";
import { modelServers, noModelServer, openTestApp, type TestApp } from "./open-test-app.ts";
import { documentFiles, tablesOf } from "./store-contents.ts";
import { untilStatus, waitFor } from "./wait-for-job.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});
const never = new AbortController().signal;

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), "sluice-backup-"));
  closing.push(() => rm(made, { recursive: true, force: true }));
  return made;
}

async function open(values: unknown[], data?: string): Promise<TestApp> {
  const app = await openTestApp([...values, { privacy: { threads: 1 } }], data);
  closing.push(() => app.end());
  return app;
}
const configOf = (data: string, values: unknown[] = []) => loadConfig({ data, values, environment: {} });
const note = (town: string) => ({ name: `${town}.txt`, text: `Velden Marine GmbH delivers a crane to ${town} Terminal. ${town} Terminal is based in ${town}.` });
const names = async (app: TestApp) => (await app.documents.list(localPrincipal, { collection: "default", limit: 100, cursor: null })).items.map((each) => each.name).toSorted();

describe("a backup", () => {
  it("made while others work holds what was accepted, nothing that was erased, and goes on where it was", async () => {
    const server = await startModelServer({ role: "local", latencyMs: 300 });
    closing.push(() => server.close());
    const app = await open([modelServers(server.url)]);
    const done = await app.add(note("Kiel"));
    const gone = await app.add(note("Zwerxport"));
    for (const { jobId } of [done, gone]) await untilStatus(app, jobId, "done");
    const erasing = (await app.documents.erase(localPrincipal, gone.documentId))!;
    await untilStatus(app, erasing.id, "done");
    const running = await app.add(note("Bremen"));
    await waitFor(() => server.requests.some((each) => each.body.includes("Bremen")), Boolean);

    const file = join(await folder(), "backup.tgz");
    expect(await backup(configOf(app.folder), file, never)).toMatchObject({ documents: 2 });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const unpacked = await buffer(createReadStream(file).pipe(createGunzip()));
    expect([unpacked.includes("Kiel"), unpacked.includes("Zwerxport")]).toEqual([true, false]);
    await untilStatus(app, running.jobId, "done");

    const data = join(await folder(), "restored");
    expect(await restore(configOf(data), file)).toMatchObject({ documents: 2, directory: data });
    const again = await open([modelServers(server.url)], data);
    expect(await untilStatus(again, running.jobId, "done", "failed")).toMatchObject({ status: "done" });
    expect(await names(again)).toEqual(["Bremen.txt", "Kiel.txt"]);
    expect((await again.ask("Where is Kiel Terminal based?", { answer: false })).passages[0]).toMatchObject({ document: "Kiel.txt" });
  }, 60_000);

  it("of a folder at rest is that folder again, row by row and file by file", async () => {
    const app = await open([noModelServer]);
    const { jobId } = await app.add(note("Kiel"));
    await untilStatus(app, jobId, "done");
    await app.close();
    const [file, data] = [join(await folder(), "backup.tgz"), join(await folder(), "restored")];
    await backup(configOf(app.folder), file, never);
    await restore(configOf(data), file);
    expect(tablesOf(data)).toEqual(tablesOf(app.folder));
    expect(await documentFiles(data)).toEqual(await documentFiles(app.folder));
    expect(await readFile(join(data, "keys", "vault.key"))).toEqual(await readFile(join(app.folder, "keys", "vault.key")));
    expect((await stat(join(data, "sluice.sqlite"))).mode & 0o777).toBe(0o600);
  }, 60_000);

  it("never writes over a file or into a folder that holds something, and says what is wrong with what is no backup", async () => {
    const app = await open([noModelServer]);
    const made = await folder();
    const file = join(made, "backup.tgz");
    await backup(configOf(app.folder), file, never);
    await expect(backup(configOf(app.folder), file, never)).rejects.toMatchObject({ code: "conflict" });
    await expect(backup(configOf(join(made, "absent")), join(made, "other.tgz"), never)).rejects.toMatchObject({ code: "not_found" });
    await expect(restore(configOf(app.folder), file)).rejects.toMatchObject({ code: "conflict" });
    await expect(restore(configOf(join(made, "data")), join(made, "absent.tgz"))).rejects.toMatchObject({ code: "not_found" });
    await writeFile(join(made, "text.tgz"), "no archive");
    await writeFile(join(made, "cut.tgz"), (await readFile(file)).subarray(0, 2000));
    await mkdir(join(made, "empty"));
    for (const wrong of ["text.tgz", "cut.tgz"]) await expect(restore(configOf(join(made, "empty")), join(made, wrong))).rejects.toMatchObject({ code: "unreadable" });
  }, 60_000);
});
