import { RateLimiterMemory, RateLimiterRedis } from "rate-limiter-flexible";
import type { Log } from "../../telemetry.ts";
import { limitsOf, minute, type RateLimits } from "../rate-limits/rate-limits.ts";
import { connect } from "./connect.ts";
import type { RedisOptions } from "./options.ts";

/** Counted for all processes together. While Redis does not answer each process counts for itself. */
export async function openRedisRateLimits(perMinute: number, { url, prefix }: Pick<RedisOptions, "url" | "prefix">, { log }: { log: Log }): Promise<RateLimits> {
  const server = await connect({ url }, "stores.cache.url", log);
  const own = new RateLimiterMemory({ points: perMinute, duration: minute });
  const limiter = new RateLimiterRedis({ storeClient: server.client, keyPrefix: `${prefix}:requests`, points: perMinute, duration: minute, insuranceLimiter: own });
  return limitsOf(limiter, perMinute, server.close);
}
