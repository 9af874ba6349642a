import { RateLimiterMemory, RateLimiterRes, type RateLimiterAbstract } from "rate-limiter-flexible";
import { SluiceError } from "../../errors.ts";

/** Requests a minute of each caller. */
export interface RateLimits {
  /** Counts one. Throws `overloaded` with `retryAfter` (seconds) when the caller's minute is used up. */
  take(caller: string): Promise<void>;
  close(): Promise<void>;
}

export const minute = 60;

/** Counted in this process. */
export function openRateLimits(perMinute: number): RateLimits {
  return limitsOf(new RateLimiterMemory({ points: perMinute, duration: minute }), perMinute, async () => undefined);
}

export function limitsOf(limiter: RateLimiterAbstract, perMinute: number, close: () => Promise<void>): RateLimits {
  return {
    async take(caller) {
      try {
        await limiter.consume(caller);
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        const retryAfter = Math.max(1, Math.ceil(error.msBeforeNext / 1000));
        throw new SluiceError("overloaded", `this key has made its ${perMinute} requests of this minute; try again in ${retryAfter} s (server.requestsPerMinute)`, { retryAfter });
      }
    },
    close,
  };
}
