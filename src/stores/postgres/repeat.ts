import { ExponentialBackoff, handleWhen, retry, type RetryPolicy } from "cockatiel";
import { PostgresError } from "./postgres-error.ts";

/**
 * Begins again, for about five seconds, what certainly was not kept (a deadlock, a read, a connection that ended before
 * its commit); with `idempotent` also what may have been kept.
 */
export const repeat = (idempotent: boolean): RetryPolicy =>
  retry(handleWhen((error) => error instanceof PostgresError && error.retryable && (idempotent || error.kept === "no")), {
    maxAttempts: 10,
    backoff: new ExponentialBackoff({ initialDelay: 20, maxDelay: 1_000 }),
  });
