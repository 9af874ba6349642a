import { chmod, mkdir, readdir, readFile, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import Database from "better-sqlite3";
import { extract } from "tar";
import type { Config } from "../config.ts";
import { SluiceError } from "../errors.ts";
import { exists } from "./backup.ts";
import { BackupManifest, databases, plainFolders } from "./backup-format.ts";

const known = new Set(["manifest.json", "files", ...databases, ...plainFolders]);

/**
 * A backup as a new data folder: it appears whole or not at all. Throws `conflict` when the folder holds something,
 * `not_found` without the file, `unreadable` when the file is no backup or is damaged.
 */
export async function restore({ data: { directory } }: Config, file: string): Promise<BackupManifest & { directory: string }> {
  const source = resolve(file);
  if (!(await exists(source))) throw new SluiceError("not_found", `there is no file ${source}`);
  const there = await readdir(directory).catch(() => []);
  if (there.length > 0) throw new SluiceError("conflict", `${directory} holds something; restore into an empty folder (--data)`);
  const unfinished = join(dirname(directory), `.${basename(directory)}.restoring-${process.pid}`);
  try {
    await mkdir(unfinished, { recursive: true, mode: 0o700 });
    const manifest = await unpack(source, unfinished);
    await rm(join(unfinished, "manifest.json"));
    if (await exists(directory)) await rmdir(directory);
    await rename(unfinished, directory);
    return { ...manifest, directory };
  } finally {
    // Of an archive that is cut off, files may still be on their way.
    await rm(unfinished, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

async function unpack(source: string, folder: string): Promise<BackupManifest> {
  try {
    await extract({ file: source, cwd: folder, strict: true, noChmod: true, filter: (path, entry) => known.has(path.split("/")[0]!) && "type" in entry && (entry.type === "File" || entry.type === "Directory") });
    const manifest = BackupManifest.parse(JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")));
    for (const name of databases) if (await exists(join(folder, name))) checkDatabase(join(folder, name));
    await makePrivate(folder);
    return manifest;
  } catch (cause) {
    throw new SluiceError("unreadable", `${source} is no backup of sluice, or it is damaged; nothing was restored`, { cause });
  }
}

function checkDatabase(path: string): void {
  const database = new Database(path);
  try {
    // A copy made while others write is complete, but says that a log belongs to it.
    database.pragma("journal_mode = WAL");
    const [{ integrity_check: result }] = database.pragma("integrity_check(1)") as [{ integrity_check: string }];
    if (result !== "ok") throw new Error("a database of the backup is damaged");
    if (path.endsWith(databases[0]!)) freeJobs(database);
  } finally {
    database.close();
  }
}

/** Nobody works on the copy: whoever held a job of the original does not hold this one. */
function freeJobs(database: Database.Database): void {
  database.prepare("UPDATE ledger_jobs SET lease_until = ? WHERE lease_owner IS NOT NULL").run(new Date(0).toISOString());
}

async function makePrivate(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o700 : 0o600);
}
