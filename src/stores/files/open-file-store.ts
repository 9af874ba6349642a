import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, chmod, open, readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { adoptDurably, makeFolder, moveDurably, syncFolder, writeSynced } from "./durable-write.ts";
import { orNull, toFileError } from "./file-error.ts";
import { checkFileId, checkFileName } from "./file-names.ts";
import type { FileStore } from "./file-store.ts";
import { openTemporaryFolder } from "./temporary-folder.ts";

export const FileStoreOptions = z.strictObject({ directory: z.string().min(1) });
export type FileStoreOptions = z.infer<typeof FileStoreOptions>;

/** Files on the local disk: `documents/ab/ab12…/NAME`, and `temporary/` for what is not finished. */
export async function openFileStore(options: FileStoreOptions): Promise<FileStore> {
  const directory = resolve(options.directory);
  const documents = join(directory, "documents");
  const temporary = await guarded("(none)", async () => {
    await makeFolder(documents);
    await chmod(directory, 0o700);
    return openTemporaryFolder(join(directory, "temporary"));
  });
  const fresh = (): string => join(temporary.folder, randomUUID());

  const folderOf = (documentId: string): string => join(documents, checkFileId(documentId).slice(0, 2), documentId);
  const pathOf = (documentId: string, name: string): string => join(folderOf(documentId), checkFileName(documentId, name));

  return {
    put: (documentId, name, bytes) =>
      guarded(documentId, async () => {
        const path = pathOf(documentId, name);
        const unfinished = fresh();
        try {
          await writeSynced(unfinished, bytes);
          await moveDurably(unfinished, path);
        } catch (error) {
          await rm(unfinished, { force: true });
          throw error;
        }
      }),
    adopt: (documentId, name, path) => guarded(documentId, () => adoptDurably(path, pathOf(documentId, name), fresh())),
    get: (documentId, name) => guarded(documentId, () => orNull(readFile(pathOf(documentId, name)))),
    has: (documentId, name) => guarded(documentId, async () => (await orNull(access(pathOf(documentId, name)).then(() => true))) === true),
    // Opened before it is handed out, so that an absent file is an error here and not in the middle of an answer.
    stream: (documentId, name) => guarded(documentId, async () => createReadStream("", { fd: await open(pathOf(documentId, name), "r") })),
    localPath: (documentId, name) =>
      guarded(documentId, async () => {
        const path = pathOf(documentId, name);
        await access(path);
        return path;
      }),
    list: (documentId) => guarded(documentId, async () => ((await orNull(readdir(folderOf(documentId)))) ?? []).toSorted()),
    remove: (documentId, names) =>
      guarded(documentId, async () => {
        for (const name of names) await rm(pathOf(documentId, name), { force: true });
        await orNull(syncFolder(folderOf(documentId)));
      }),
    removeAll: (documentId) =>
      guarded(documentId, async () => {
        const folder = folderOf(documentId);
        await rm(folder, { recursive: true, force: true });
        await orNull(syncFolder(dirname(folder)));
      }),
    temporary: async () => fresh(),
    async *documents() {
      for (const shard of (await readdir(documents)).toSorted()) yield* (await readdir(join(documents, shard))).toSorted();
    },
    changedAt: (documentId) => guarded(documentId, async () => (await orNull(stat(folderOf(documentId))))?.mtimeMs ?? null),
    close: () => temporary.close(),
  };
}

async function guarded<T>(documentId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toFileError(error, documentId);
  }
}
