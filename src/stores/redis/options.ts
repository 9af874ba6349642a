import { z } from "zod";

const url = z.string().regex(/^rediss?:\/\/./, "begins with redis:// or rediss://");
/** First part of every key and channel, so that several installations can share a server. */
const prefix = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,60}$/, "small letters, digits, - and _").default("sluice");

/** A Redis 6.2 or later, or a Valkey. rediss:// is TLS with a certificate that this machine trusts. */
export const RedisOptions = z.strictObject({
  driver: z.literal("redis"),
  /** redis://USER:PASSWORD@HOST:PORT/NUMBER */
  url,
  prefix,
});
export type RedisOptions = z.infer<typeof RedisOptions>;

/** Processes that share a cache name the same `bytes`: most bytes of keys and values, the least recently used go first. */
export const RedisCacheOptions = RedisOptions.extend({ bytes: z.number().int().positive().default(256 * 1024 * 1024) });
