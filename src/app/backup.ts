import { constants } from "node:fs";
import { access, copyFile, cp, link, mkdir, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import Database from "better-sqlite3";
import { create } from "tar";
import type { Config } from "../config.ts";
import { SluiceError } from "../errors.ts";
import { openTemporaryFolder } from "../stores/files/temporary-folder.ts";
import { type BackupManifest, backupFormat, databases, plainFolders } from "./backup-format.ts";

/**
 * Everything of an embedded data folder but the cache in one file (tar, gzip), while other processes go on. Files are
 * replaced and never changed, so they are linked first; the ledger is copied after them, then the files that came
 * meanwhile are linked, and those of documents erased meanwhile left out. It holds texts and keys: guard it as the folder itself. Throws `config` when stores are servers, `conflict`
 * when `file` exists, `not_found` without data.
 */
export async function backup({ data: { directory }, stores }: Config, file: string, signal: AbortSignal): Promise<BackupManifest & { bytes: number }> {
  const server = Object.entries(stores).find(([, { driver }]) => driver !== "embedded" && driver !== "local");
  if (server) throw new SluiceError("config", `stores.${server[0]} is ${server[1].driver}: sluice backup is for embedded stores; docs/servers.md says how to back up servers`);
  const target = resolve(file);
  if (await exists(target)) throw new SluiceError("conflict", `${target} is there already; name a new file`);
  if (!(await exists(join(directory, databases[0]!)))) throw new SluiceError("not_found", `there is no data in ${directory}; --data names the folder`);

  const temporary = await openTemporaryFolder(join(directory, "files", "temporary"));
  const unfinished = `${target}.part`;
  try {
    const staged = join(temporary.folder, "backup");
    await linkFiles(directory, staged);
    for (const name of plainFolders) await cp(join(directory, name), join(staged, name), { recursive: true }).catch(unlessAbsent);
    for (const name of databases.toReversed()) await copyDatabase(join(directory, name), join(staged, name));
    signal.throwIfAborted();
    await linkFiles(directory, staged);
    const ids = documentIds(join(staged, databases[0]!));
    await removeErased(join(staged, "files", "documents"), ids);
    const manifest: BackupManifest = { format: backupFormat, createdAt: new Date().toISOString(), documents: ids.size };
    await writeFile(join(staged, "manifest.json"), JSON.stringify(manifest));
    await create({ file: unfinished, cwd: staged, gzip: { level: 1 }, portable: true, mode: 0o600 }, (await readdir(staged)).toSorted());
    signal.throwIfAborted();
    await finish(unfinished, target);
    return { ...manifest, bytes: (await stat(target)).size };
  } finally {
    await rm(unfinished, { force: true });
    await temporary.close();
  }
}

/** A file that is erased while this runs is gone from the list, and from the ledger that is copied later. */
async function linkFiles(directory: string, staged: string): Promise<void> {
  const from = join(directory, "files", "documents");
  for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const place = join(entry.parentPath, entry.name);
    const copy = join(staged, "files", "documents", place.slice(from.length));
    if (await exists(copy)) continue;
    await mkdir(dirname(copy), { recursive: true, mode: 0o700 });
    // Some file systems know no links.
    await link(place, copy).catch((error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? undefined : copyFile(place, copy, constants.COPYFILE_EXCL).catch(unlessAbsent)));
  }
}

async function copyDatabase(from: string, to: string): Promise<void> {
  if (!(await exists(from))) return;
  const database = new Database(from, { readonly: true, timeout: 30_000 });
  try {
    await database.backup(to);
  } finally {
    database.close();
  }
}

function documentIds(path: string): Set<string> {
  const database = new Database(path, { readonly: true });
  try {
    return new Set(database.prepare("SELECT id FROM ledger_documents").pluck().all() as string[]);
  } finally {
    database.close();
  }
}

/** What was erased between the first look at the files and the copy of the ledger must not live on in the backup. */
async function removeErased(folder: string, kept: ReadonlySet<string>): Promise<void> {
  for (const shard of await readdir(folder).catch(() => [])) {
    for (const id of await readdir(join(folder, shard))) if (!kept.has(id)) await rm(join(folder, shard, id), { recursive: true });
  }
}

async function finish(unfinished: string, target: string): Promise<void> {
  const handle = await open(unfinished, "r+");
  await handle.chmod(0o600);
  await handle.sync();
  await handle.close();
  await rename(unfinished, target);
}

export const exists = (path: string): Promise<boolean> => access(path).then(() => true, () => false);

function unlessAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
