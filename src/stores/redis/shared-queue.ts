import { setTimeout as sleep } from "node:timers/promises";
import type { Worker } from "bullmq";
import { randomId } from "../../data/identity.ts";
import type { Queue, QueueItem } from "../queue/queue.ts";
import { openTakers, queueClosed } from "../queue/takers.ts";
import type { RedisServer } from "./connect.ts";
import { openDocumentItems } from "./document-items.ts";

/** ms a document stays taken without renewal, and between looks for documents of processes that died. */
const [lockMs, stalledMs] = [10_000, 5_000];
/** Seconds one wait for work takes; also the longest time until work that nobody was woken for is found. */
const waitSeconds = 2;

/** A document this process has taken; the token proves it. */
interface Hold {
  documentId: string;
  token: string;
}

/**
 * One queue for many processes. A job of BullMQ stands for a document with something to do, so that nobody else takes
 * it meanwhile, and it comes again while something waits for it. Throws retryable errors while Redis is away; `take` waits.
 */
export async function openSharedQueue(server: RedisServer, prefix: string): Promise<Queue> {
  const bullmq = await import("bullmq");
  const items = openDocumentItems(server, prefix);
  const name = "documents";
  const documents = new bullmq.Queue(name, { connection: server.client, prefix, skipVersionCheck: true, streams: { events: { maxLen: 100 } } });
  documents.on("error", () => undefined);
  const takers = openTakers();
  const holds = new Map<QueueItem, Hold>();
  /** Documents that are free, while Redis has not been told yet. */
  const untold = new Set<Hold>();
  let opened: { worker: Worker; disconnect(): void } | null = null;
  let fetching: Promise<void> | null = null;
  let closed = false;

  const jobOf = (documentId: string) => new bullmq.Job(documents, "document", {}, { removeOnComplete: true, removeOnFail: true }, documentId);
  const wake = (documentId: string, priority: number) => server.run(() => documents.add("document", {}, { jobId: documentId, priority: priority + 1, removeOnComplete: true, removeOnFail: true }));

  function openWorker(): { worker: Worker; disconnect(): void } {
    const connection = server.patient();
    const worker = new bullmq.Worker(name, null, { connection, prefix, skipVersionCheck: true, autorun: false, drainDelay: waitSeconds, lockDuration: lockMs, stalledInterval: stalledMs, maxStalledCount: 3 });
    worker.on("error", () => undefined);
    void worker.startStalledCheckTimer();
    return { worker, disconnect: () => connection.disconnect() };
  }

  async function fetch(): Promise<void> {
    opened ??= openWorker();
    while (takers.count() > 0) {
      try {
        const token = randomId();
        const job = await opened.worker.getNextJob(token);
        if (job?.id) await hand({ documentId: job.id, token });
      } catch {
        await sleep(500);
      }
    }
    fetching = null;
  }

  async function hand(hold: Hold): Promise<void> {
    // Those who waited may be gone meanwhile: the document goes back to the head of its priority.
    if (takers.count() === 0) return ignoreLost(jobOf(hold.documentId).moveToWait(hold.token));
    untold.add(hold);
    const item = await items.next(hold.documentId);
    const give = item && takers.next();
    if (give) {
      untold.delete(hold);
      holds.set(item, hold);
      return give(item);
    }
    if (item) await items.add(item);
    await release(hold);
  }

  /** Frees the document, and wakes somebody for what waits for it. */
  async function release(hold: Hold): Promise<void> {
    untold.add(hold);
    await server.run(() => ignoreLost(jobOf(hold.documentId).moveToCompleted(null, hold.token, false)));
    const priority = await items.priority(hold.documentId);
    if (priority !== null) await wake(hold.documentId, priority);
    untold.delete(hold);
  }

  const renewal = setInterval(() => {
    const held = [...holds.values()];
    // A lock that is lost is not fought for: the ledger's leases say who may work.
    if (held.length > 0) void documents.getBackend().extendLocks(held.map((each) => each.documentId), held.map((each) => each.token), lockMs).catch(() => undefined);
    for (const hold of untold) void release(hold).catch(() => undefined);
  }, lockMs / 3).unref();

  return {
    async add(item) {
      if (closed) throw queueClosed();
      const { priority, rose } = await items.add(item);
      await wake(item.documentId, priority);
      if (rose) await server.run(() => ignoreLost(jobOf(item.documentId).changePriority({ priority: priority + 1 })));
    },

    take(signal) {
      const taken = takers.wait(signal);
      if (takers.count() > 0) fetching ??= fetch();
      return taken;
    },

    async done(item) {
      const hold = holds.get(item);
      if (!hold) return;
      holds.delete(item);
      await release(hold);
    },

    remove: items.remove,
    depth: items.count,

    async close() {
      closed = true;
      clearInterval(renewal);
      takers.close();
      const ending = opened?.worker.close(true);
      // A document that comes in this moment is given back; without Redis there is nothing to give.
      await Promise.race([fetching, sleep(1_000)]);
      opened?.disconnect();
      await Promise.all([fetching, ending]);
      await documents.close();
    },
  };
}

/** BullMQ numbers what its scripts refuse: the lock or the job is gone, somebody else has it, or nobody. */
async function ignoreLost(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (typeof code !== "number" || code >= 0) throw error;
  }
}
