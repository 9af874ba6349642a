import type { Queue, QueueItem } from "./queue.ts";
import { openTakers, queueClosed } from "./takers.ts";

/** In memory, for one process. An item that is added twice is there once. */
export function openQueue(): Queue {
  const waiting = new Map<string, QueueItem>();
  const worked = new Map<string, string>();
  const takers = openTakers();
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
    while (takers.count() > 0) {
      const item = next();
      if (!item) return;
      waiting.delete(item.jobId);
      worked.set(item.documentId, item.jobId);
      takers.next()!(item);
    }
  }

  return {
    async add(item) {
      if (closed) throw queueClosed();
      // Named again while it waits, it keeps its place; a higher urgency counts.
      const known = waiting.get(item.jobId);
      waiting.set(item.jobId, known && known.priority <= item.priority ? known : { ...item });
      hand();
    },

    take(signal) {
      const taken = takers.wait(signal);
      hand();
      return taken;
    },

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
      takers.close();
    },
  };
}
