import type { Result } from "ioredis";

// Keys, all under the prefix: `value:<entry>` the answer; `about` entry → bytes, documents; `ends` and `uses` order the
// entries by expiry and by last use; `bytes` and `tick` count; `document:<id>` the entries made from it.
const drop = `
local prefix = KEYS[1]
local function drop(entry)
  redis.call('DEL', prefix .. 'value:' .. entry)
  redis.call('ZREM', prefix .. 'ends', entry)
  redis.call('ZREM', prefix .. 'uses', entry)
  local about = redis.call('HGET', prefix .. 'about', entry)
  if not about then return end
  redis.call('HDEL', prefix .. 'about', entry)
  local known = cjson.decode(about)
  redis.call('DECRBY', prefix .. 'bytes', known.bytes)
  for _, document in ipairs(known.documents) do redis.call('SREM', prefix .. 'document:' .. document, entry) end
end`;

/** ARGV: entry, now in ms. */
const get = `
local prefix, entry = KEYS[1], ARGV[1]
local ends = redis.call('ZSCORE', prefix .. 'ends', entry)
local value = redis.call('GET', prefix .. 'value:' .. entry)
if not value or not ends or tonumber(ends) <= tonumber(ARGV[2]) then return false end
redis.call('ZADD', prefix .. 'uses', redis.call('INCR', prefix .. 'tick'), entry)
return value`;

/** ARGV: entry, value, bytes, now in ms, life in ms, bound in bytes, documents. */
const set = `${drop}
local entry, bytes, now, most = ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[6])
drop(entry)
if bytes > most then return end
-- The server forgets it by itself as well, in case nobody asks any more.
redis.call('SET', prefix .. 'value:' .. entry, ARGV[2], 'PX', ARGV[5])
redis.call('HSET', prefix .. 'about', entry, cjson.encode({bytes = bytes, documents = {unpack(ARGV, 7)}}))
redis.call('ZADD', prefix .. 'ends', now + ARGV[5], entry)
redis.call('ZADD', prefix .. 'uses', redis.call('INCR', prefix .. 'tick'), entry)
for at = 7, #ARGV do redis.call('SADD', prefix .. 'document:' .. ARGV[at], entry) end
redis.call('INCRBY', prefix .. 'bytes', bytes)
for _, over in ipairs(redis.call('ZRANGEBYSCORE', prefix .. 'ends', '-inf', now, 'LIMIT', 0, 32)) do drop(over) end
while tonumber(redis.call('GET', prefix .. 'bytes')) > most do
  local oldest = redis.call('ZRANGE', prefix .. 'uses', 0, 0)[1]
  if not oldest then redis.call('SET', prefix .. 'bytes', 0) else drop(oldest) end
end`;

/** ARGV: documents. */
const erase = `${drop}
for _, document in ipairs(ARGV) do
  for _, entry in ipairs(redis.call('SMEMBERS', prefix .. 'document:' .. document)) do drop(entry) end
  redis.call('DEL', prefix .. 'document:' .. document)
end`;

declare module "ioredis" {
  interface RedisCommander<Context> {
    sluiceCacheGet(prefix: string, entry: string, now: number): Result<string | null, Context>;
    sluiceCacheSet(prefix: string, entry: string, value: string, bytes: number, now: number, life: number, most: number, ...documentIds: string[]): Result<null, Context>;
    sluiceCacheErase(prefix: string, ...documentIds: string[]): Result<null, Context>;
  }
}

export const cacheScripts: Record<string, [numberOfKeys: number, lua: string]> = { sluiceCacheGet: [1, get], sluiceCacheSet: [1, set], sluiceCacheErase: [1, erase] };
