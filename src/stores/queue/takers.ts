import { SluiceError } from "../../errors.ts";
import type { QueueItem } from "./queue.ts";

/** Those who wait for work in this process, in the order they came. */
export interface Takers {
  /** Resolves with what it is given; rejects with AbortError, or `cancelled` once closed. */
  wait(signal: AbortSignal): Promise<QueueItem>;
  count(): number;
  /** The first in line, who waits no longer; given nothing it would wait for ever. */
  next(): ((item: QueueItem) => void) | undefined;
  close(): void;
}

interface Taker {
  give(item: QueueItem): void;
  refuse(reason: unknown): void;
}

export function openTakers(): Takers {
  const line: Taker[] = [];
  let closed = false;
  return {
    wait: (signal) =>
      new Promise((give, refuse) => {
        if (closed) return refuse(queueClosed());
        if (signal.aborted) return refuse(abortError());
        const taker: Taker = {
          give: (item) => {
            signal.removeEventListener("abort", abort);
            give(item);
          },
          refuse,
        };
        const abort = () => {
          const place = line.indexOf(taker);
          if (place >= 0) line.splice(place, 1);
          refuse(abortError());
        };
        signal.addEventListener("abort", abort, { once: true });
        line.push(taker);
      }),
    count: () => line.length,
    next: () => line.shift()?.give,
    close() {
      closed = true;
      for (const taker of line.splice(0)) taker.refuse(queueClosed());
    },
  };
}

const abortError = (): Error => new DOMException("waiting for work was ended", "AbortError");
export const queueClosed = (): SluiceError => new SluiceError("cancelled", "[queue] the queue is closed");
