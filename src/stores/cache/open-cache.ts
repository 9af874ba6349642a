import { z } from "zod";
import { toStoreError } from "../sqlite/store-error.ts";
import { tryTruncate, truncateLog } from "../sqlite/truncate-log.ts";
import { openCacheFile } from "./cache-file.ts";
import type { Cache } from "./cache.ts";

export const CacheOptions = z.strictObject({
  /** A file of its own, or null for memory. */
  path: z.string().min(1).nullable().default(null),
  /** Most bytes of keys and values; the least recently used go first. */
  maxBytes: z.number().int().positive().default(256 * 1024 * 1024),
});
export type CacheOptions = z.infer<typeof CacheOptions>;

/** Nothing here is worth waiting for: writes need no sync, and a file of another version or a damaged one is begun anew. */
export async function openCache(options: z.input<typeof CacheOptions> = {}, clock: () => number = Date.now): Promise<Cache> {
  const { path, maxBytes } = CacheOptions.parse(options);
  const database = openCacheFile(path);
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw toStoreError(error, path ?? ":memory:");
    }
  };

  const find = database.prepare<[string, string, number], { value: string }>("SELECT value FROM answers WHERE tenant = ? AND key = ? AND expires_at > ?");
  const nextUse = database.prepare("UPDATE size SET uses = uses + 1 RETURNING uses").pluck();
  const touch = database.prepare("UPDATE answers SET used = ? WHERE tenant = ? AND key = ?");
  const drop = database.prepare<[string, string], { bytes: number }>("DELETE FROM answers WHERE tenant = ? AND key = ? RETURNING bytes");
  const insert = database.prepare("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?)");
  const source = database.prepare("INSERT OR IGNORE INTO sources VALUES (?, ?, ?)");
  const addBytes = database.prepare("UPDATE size SET bytes = bytes + ? RETURNING bytes").pluck();
  const leastUsed = database.prepare<[], { tenant: string; key: string }>("SELECT tenant, key FROM answers ORDER BY used LIMIT 1");
  const expired = database.prepare<[number], { tenant: string; key: string }>("SELECT tenant, key FROM answers WHERE expires_at <= ? LIMIT 32");
  const fromDocument = database.prepare<[string], { tenant: string; key: string }>("SELECT tenant, key FROM sources WHERE document_id = ?");

  function remove(tenant: string, key: string): void {
    for (const { bytes } of drop.all(tenant, key)) addBytes.get(-bytes);
  }

  const store = database.transaction((tenant: string, key: string, value: string, ttlSeconds: number, documentIds: string[]) => {
    remove(tenant, key);
    const bytes = Buffer.byteLength(key) + Buffer.byteLength(value);
    if (bytes > maxBytes) return;
    insert.run(tenant, key, value, bytes, clock() + ttlSeconds * 1000, nextUse.get());
    for (const id of documentIds) source.run(id, tenant, key);
    addBytes.get(bytes);
    for (const each of expired.all(clock())) remove(each.tenant, each.key);
    while ((addBytes.get(0) as number) > maxBytes) {
      const { tenant: owner, key: oldest } = leastUsed.get()!;
      remove(owner, oldest);
    }
  });

  const erase = database.transaction((documentIds: string[]) => {
    for (const id of documentIds) for (const { tenant, key } of fromDocument.all(id)) remove(tenant, key);
  });

  return {
    get: async (tenant, key) =>
      guarded(() => {
        const found = find.get(tenant, key, clock());
        if (!found) return null;
        touch.run(nextUse.get(), tenant, key);
        return found.value;
      }),
    set: async (tenant, key, value, { ttlSeconds, documentIds }) => guarded(() => store.immediate(tenant, key, value, ttlSeconds, documentIds)),
    async eraseDocuments(documentIds) {
      guarded(() => erase.immediate(documentIds));
      if (path !== null) await truncateLog(path, () => tryTruncate(database, path));
    },
    close: async () => void database.close(),
  };
}
