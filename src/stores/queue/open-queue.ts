import { SluiceError } from "../../errors.ts";
import type { Queue, QueueItem } from "./queue.ts";

interface Taker {
  give(item: QueueItem): void;
  refuse(reason: unknown): void;
}

/** In memory, for one process. An item that is added twice is there once. */
export function openQueue(): Queue {
  const waiting = new Map<string, QueueItem>();
  const worked = new Map<string, string>();
  const takers: Taker[] = [];
  let closed = false;

  function next(): QueueItem | undefined {
    let best: QueueItem | undefined;
    for (const item of waiting.values()) {
      if (worked.has(item.documentId)) continue;
      if (!best || item.priority < best.priority) best = item;
    }
    return best;
  }

  function hand(): void {
    while (takers.length > 0) {
      const item = next();
      if (!item) return;
      waiting.delete(item.jobId);
      worked.set(item.documentId, item.jobId);
      takers.shift()!.give(item);
    }
  }

  return {
    async add(item) {
      if (closed) throw shut();
      // Named again while it waits, it keeps its place; a higher urgency counts.
      const known = waiting.get(item.jobId);
      waiting.set(item.jobId, known && known.priority <= item.priority ? known : { ...item });
      hand();
    },

    take: (signal) =>
      new Promise((give, refuse) => {
        if (closed) return refuse(shut());
        if (signal.aborted) return refuse(abortError());
        const taker: Taker = {
          give: (item) => {
            signal.removeEventListener("abort", abort);
            give(item);
          },
          refuse,
        };
        const abort = () => {
          const place = takers.indexOf(taker);
          if (place >= 0) takers.splice(place, 1);
          refuse(abortError());
        };
        signal.addEventListener("abort", abort, { once: true });
        takers.push(taker);
        hand();
      }),

    async done(item) {
      if (worked.get(item.documentId) === item.jobId) worked.delete(item.documentId);
      hand();
    },

    async remove(jobId) {
      waiting.delete(jobId);
    },

    depth: async () => waiting.size,

    async close() {
      closed = true;
      waiting.clear();
      for (const taker of takers.splice(0)) taker.refuse(shut());
    },
  };
}

const abortError = (): Error => new DOMException("waiting for work was ended", "AbortError");
const shut = (): SluiceError => new SluiceError("cancelled", "[queue] the queue is closed");
