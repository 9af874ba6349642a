import type { Redis, Result } from "ioredis";
import type { QueueItem } from "../queue/queue.ts";
import type { RedisServer } from "./connect.ts";

/** What waits for each document: `items` (job → document), and per document its jobs by priority, then by order of adding. */
export interface DocumentItems {
  /** Kept once; named again it keeps its place, and a higher urgency counts. Says what is now the document's most urgent priority, and whether that rose. */
  add(item: QueueItem): Promise<{ priority: number; rose: boolean }>;
  /** Takes the document's next item out. */
  next(documentId: string): Promise<QueueItem | null>;
  /** The priority of the document's next item. */
  priority(documentId: string): Promise<number | null>;
  remove(jobId: string): Promise<void>;
  count(): Promise<number>;
}

// A score is the priority times 2^32 and a counter: exact in a double for priorities below 2^20.
const add = `
local known = redis.call('ZSCORE', KEYS[2], ARGV[1])
local before = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2]
if not known or math.floor(known / 4294967296) > tonumber(ARGV[3]) then
  redis.call('ZADD', KEYS[2], ARGV[3] * 4294967296 + redis.call('INCR', KEYS[3]) % 4294967296, ARGV[1])
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end
local now = math.floor(redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2] / 4294967296)
return {now, (before and now < math.floor(before / 4294967296)) and 1 or 0}`;

const next = `
local found = redis.call('ZPOPMIN', KEYS[2])
if not found[1] then return false end
redis.call('HDEL', KEYS[1], found[1])
return {found[1], math.floor(found[2] / 4294967296)}`;

const remove = `
local document = redis.call('HGET', KEYS[1], ARGV[1])
if not document then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
return redis.call('ZREM', KEYS[1] .. ':' .. document, ARGV[1])`;

declare module "ioredis" {
  interface RedisCommander<Context> {
    sluiceAddItem(items: string, waiting: string, order: string, jobId: string, documentId: string, priority: number): Result<[number, number], Context>;
    sluiceNextItem(items: string, waiting: string): Result<[string, number] | null, Context>;
    sluiceRemoveItem(items: string, jobId: string): Result<number, Context>;
  }
}

export function openDocumentItems({ client, run }: RedisServer, prefix: string): DocumentItems {
  const items = `${prefix}:items`;
  const waiting = (documentId: string): string => `${items}:${documentId}`;
  define(client, { sluiceAddItem: [3, add], sluiceNextItem: [2, next], sluiceRemoveItem: [1, remove] });
  return {
    async add({ jobId, documentId, priority }) {
      const [now, rose] = await run((each) => each.sluiceAddItem(items, waiting(documentId), `${prefix}:order`, jobId, documentId, priority));
      return { priority: now, rose: rose === 1 };
    },
    async next(documentId) {
      const found = await run((each) => each.sluiceNextItem(items, waiting(documentId)));
      return found && { jobId: found[0], documentId, priority: found[1] };
    },
    async priority(documentId) {
      const [, score] = await run((each) => each.zrange(waiting(documentId), 0, 0, "WITHSCORES"));
      return score === undefined ? null : Math.floor(Number(score) / 2 ** 32);
    },
    remove: async (jobId) => void (await run((each) => each.sluiceRemoveItem(items, jobId))),
    count: () => run((each) => each.hlen(items)),
  };
}

/** Scripts by name, with how many keys each takes. */
export function define(client: Redis, scripts: Record<string, [numberOfKeys: number, lua: string]>): void {
  for (const [name, [numberOfKeys, lua]] of Object.entries(scripts)) client.defineCommand(name, { numberOfKeys, lua });
}
