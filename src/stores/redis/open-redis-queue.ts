import { SluiceError } from "../../errors.ts";
import { gauge, type Log } from "../../telemetry.ts";
import { openQueue } from "../queue/open-queue.ts";
import type { Queue, QueueItem } from "../queue/queue.ts";
import { connect } from "./connect.ts";
import type { RedisOptions } from "./options.ts";
import { watchOutage } from "./outage.ts";
import { openSharedQueue } from "./shared-queue.ts";

const degraded = gauge("sluice_queue_degraded", "1 while the queue's server is away and jobs are found in the ledger alone");

/**
 * A queue that several processes share. While Redis is away nothing fails: what is added goes to those who wait in this
 * process, and the look into the ledger adds every job that is due; its leases see to it that one process works on it.
 */
export async function openRedisQueue({ url, prefix }: Pick<RedisOptions, "url" | "prefix">, { log }: { log: Log }): Promise<Queue & { engine(): Promise<{ name: string; version: string }> }> {
  const server = await connect({ url }, "stores.queue.url", log);
  const shared = await openSharedQueue(server, prefix);
  const local = openQueue();
  const outage = watchOutage(server, log, { degraded: (value) => degraded.set(value ? 1 : 0), meanwhile: "jobs are found in the ledger until it is back" });
  const givenBy = new WeakMap<QueueItem, Queue>();
  let takes = false;

  /** Whether Redis did it. */
  async function attempt(work: () => Promise<void>): Promise<boolean> {
    if (outage.lasts()) return false;
    try {
      await work();
      outage.over();
      return true;
    } catch (error) {
      if (error instanceof SluiceError && error.code === "cancelled") throw error;
      outage.seen(error);
      return false;
    }
  }

  return {
    engine: server.engine,

    async add(item) {
      // Where nobody waits for work it would never be taken out; the workers' own look into the ledger finds the job.
      if (!(await attempt(() => shared.add(item))) && takes) await local.add(item);
    },

    take(signal) {
      takes = true;
      const enough = new AbortController();
      const either = AbortSignal.any([signal, enough.signal]);
      return new Promise((give, refuse) => {
        let settled = false;
        const settle = (): boolean => !settled && (settled = true);
        for (const queue of [local, shared]) {
          const taken = queue.take(either).then(async (item) => {
            if (settle()) {
              givenBy.set(item, queue);
              enough.abort();
              return give(item);
            }
            await queue.add(item);
            await queue.done(item);
          });
          taken.catch((error: unknown) => settle() && refuse(error));
        }
      });
    },

    async done(item) {
      const queue = givenBy.get(item);
      if (queue === local) await local.done(item);
      // The shared one tells Redis later what it cannot tell it now.
      else if (queue) await attempt(() => queue.done(item));
    },

    async remove(jobId) {
      await local.remove(jobId);
      await attempt(() => shared.remove(jobId));
    },

    async depth() {
      let count = await local.depth();
      await attempt(async () => void (count += await shared.depth()));
      return count;
    },

    async close() {
      outage.close();
      await local.close();
      await shared.close();
      await server.close();
    },
  };
}
