import { publicError } from "../../errors.ts";
import type { Log } from "../../telemetry.ts";
import type { RedisServer } from "./connect.ts";

/** ms a server that did not answer is left alone. */
const pauseMs = 2_000;

export interface Outage {
  /** True while the server need not be asked. */
  lasts(): boolean;
  seen(error: unknown): void;
  over(): void;
  close(): void;
}

/** Says once when the server goes away and once when it is back; `degraded` is told both. */
export function watchOutage({ client, place, run }: RedisServer, log: Log, { degraded, meanwhile }: { degraded(value: boolean): void; meanwhile: string }): Outage {
  let since: number | null = null;
  let askAgain = 0;
  degraded(false);
  function seen(error: unknown): void {
    askAgain = performance.now() + pauseMs;
    if (since !== null) return;
    since = performance.now();
    degraded(true);
    log.warn({ key: place.key, code: publicError(error).code }, `[redis] ${place.key}: no answer from ${place.address}; ${meanwhile}`);
  }
  function over(): void {
    if (since === null) return;
    log.warn({ key: place.key, ms: Math.round(performance.now() - since) }, `[redis] ${place.key}: ${place.address} answers again`);
    since = null;
    degraded(false);
  }
  const lost = (): void => void run(() => Promise.reject(new Error("closed"))).catch(seen);
  client.on("close", lost).on("ready", over);
  return {
    lasts: () => since !== null && (performance.now() < askAgain || client.status !== "ready"),
    seen, over,
    close: () => void client.off("close", lost).off("ready", over),
  };
}
