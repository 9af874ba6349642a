import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { LRUCache } from "lru-cache";
import { SluiceError } from "../../errors.ts";
import { checkFileId, checkFileName } from "./file-names.ts";
import type { FileStore } from "./file-store.ts";
import { isAbsent, toS3Error } from "./s3-error.ts";
import type { S3FileStoreOptions } from "./s3-options.ts";
import { openTemporaryFolder } from "./temporary-folder.ts";

/** Local copies that child processes read; more than this many parses at once do not happen on one machine. */
const localCopies = 64;

/** Objects `PREFIXdocuments/ID/NAME` of one bucket, each sent with its SHA-256; unfinished uploads lie in `temporary` on the local disk. */
export async function openS3FileStore(options: S3FileStoreOptions, { temporary: parent }: { temporary: string }): Promise<FileStore & { engine(): Promise<{ name: string; version: string }> }> {
  const { DeleteObjectsCommand, GetObjectCommand, HeadBucketCommand, HeadObjectCommand, ListObjectsV2Command, S3Client } = await import("@aws-sdk/client-s3");
  const { Upload } = await import("@aws-sdk/lib-storage");
  const { bucket: Bucket, prefix, region, accessKeyId, secretAccessKey, forcePathStyle, timeoutMs, endpoint } = options;
  const client = new S3Client({
    region, forcePathStyle, credentials: { accessKeyId, secretAccessKey }, ...(endpoint && { endpoint }), maxAttempts: 3,
    requestHandler: { connectionTimeout: Math.min(5_000, timeoutMs), requestTimeout: timeoutMs, throwOnRequestTimeout: true },
  });
  const guarded = async <T>(documentId: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw toS3Error(error, documentId);
    }
  };
  // With all its attempts: a service that accepts and says nothing is told as soon as any other.
  const ask = () => guarded("(none)", () => client.send(new HeadBucketCommand({ Bucket }), { abortSignal: AbortSignal.timeout(8_000) }));
  await ask().catch((error: SluiceError) => {
    client.destroy();
    throw error.code === "not_found" ? new SluiceError("config", "stores.files.bucket: the service has no such bucket; make it or correct the name", { cause: error.cause }) : error;
  });
  const temporary = await openTemporaryFolder(parent);
  const fresh = (): string => join(temporary.folder, randomUUID());
  const copies = new LRUCache<string, string>({ max: localCopies, dispose: (path) => void rm(path, { force: true }) });

  const root = `${prefix}documents/`;
  const folderOf = (documentId: string): string => `${root}${checkFileId(documentId)}/`;
  const keyOf = (documentId: string, name: string): string => `${folderOf(documentId)}${checkFileName(documentId, name)}`;
  /** Resolves when no local copy is left: what is erased lies nowhere. */
  const forget = async (documentId: string, names: readonly string[]): Promise<void> => {
    for (const key of names.map((name) => keyOf(documentId, name))) {
      const path = copies.peek(key);
      copies.delete(key);
      if (path !== undefined) await rm(path, { force: true });
    }
  };
  const upload = (Key: string, Body: Readable | Uint8Array | string): Promise<unknown> => new Upload({ client, params: { Bucket, Key, Body, ChecksumAlgorithm: "SHA256" }, queueSize: 2 }).done();
  const read = async (documentId: string, name: string): Promise<Readable> => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: keyOf(documentId, name), ChecksumMode: "ENABLED" }));
    return Body as Readable;
  };

  async function* objects(documentId: string): AsyncIterable<{ name: string; changed: number }> {
    const Prefix = folderOf(documentId);
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }));
      for (const { Key = "", LastModified } of page.Contents ?? []) yield { name: Key.slice(Prefix.length), changed: LastModified?.getTime() ?? 0 };
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
  }

  async function removeNames(documentId: string, names: string[]): Promise<void> {
    for (let from = 0; from < names.length; from += 1000) {
      const Objects = names.slice(from, from + 1000).map((name) => ({ Key: keyOf(documentId, name) }));
      const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
      const failed = Errors.filter((each) => each.Code !== "NoSuchKey");
      if (failed.length > 0) throw new SluiceError("store", `[files] document ${documentId}: ${failed.length} files could not be removed (${failed[0]!.Code}); trying again removes the rest`, { retryable: true });
    }
  }

  return {
    put: (documentId, name, bytes) => guarded(documentId, async () => void (await upload(keyOf(documentId, name), typeof bytes === "string" ? Buffer.from(bytes) : bytes))),
    adopt: (documentId, name, path) =>
      guarded(documentId, async () => {
        await upload(keyOf(documentId, name), createReadStream(path));
        await rm(path, { force: true });
      }),
    get: (documentId, name) => guarded(documentId, () => orAbsent(async () => Buffer.concat(await Array.fromAsync(await read(documentId, name))), null)),
    has: (documentId, name) => guarded(documentId, () => orAbsent(async () => client.send(new HeadObjectCommand({ Bucket, Key: keyOf(documentId, name) })).then(() => true), false)),
    stream: (documentId, name) => guarded(documentId, () => read(documentId, name)),
    localPath: (documentId, name) =>
      guarded(documentId, async () => {
        const key = keyOf(documentId, name);
        const known = copies.get(key);
        if (known && (await stat(known).catch(() => null))) return known;
        const path = fresh();
        await pipeline(await read(documentId, name), createWriteStream(path, { mode: 0o600 }));
        copies.set(key, path);
        return path;
      }),
    list: (documentId) => guarded(documentId, async () => (await Array.fromAsync(objects(documentId), ({ name }) => name)).toSorted()),
    remove: (documentId, names) =>
      guarded(documentId, async () => {
        await forget(documentId, names);
        await removeNames(documentId, names);
      }),
    removeAll: (documentId) =>
      guarded(documentId, async () => {
        const names = await Array.fromAsync(objects(documentId), ({ name }) => name);
        await forget(documentId, names);
        await removeNames(documentId, names);
      }),
    temporary: async () => fresh(),
    async *documents() {
      let ContinuationToken: string | undefined;
      do {
        const page = await guarded("(none)", () => client.send(new ListObjectsV2Command({ Bucket, Prefix: root, Delimiter: "/", ContinuationToken })));
        for (const { Prefix = "" } of page.CommonPrefixes ?? []) yield Prefix.slice(root.length, -1);
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken);
    },
    changedAt: (documentId) =>
      guarded(documentId, async () => {
        const times = await Array.fromAsync(objects(documentId), ({ changed }) => changed);
        return times.length > 0 ? Math.max(...times) : null;
      }),
    async engine() {
      await ask();
      return { name: "s3", version: new URL(endpoint || `https://s3.${region}.amazonaws.com`).host };
    },
    async close() {
      copies.clear();
      client.destroy();
      await temporary.close();
    },
  };
}

async function orAbsent<T, D>(work: () => Promise<T>, absent: D): Promise<T | D> {
  try {
    return await work();
  } catch (error) {
    if (isAbsent(error)) return absent;
    throw error;
  }
}
