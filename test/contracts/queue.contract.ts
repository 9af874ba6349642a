import { array, assert, asyncProperty, constantFrom, integer, record } from "fast-check";
import { describe, expect, test } from "vitest";
import type { Queue, QueueItem } from "../../src/stores/queue/queue.ts";

/** What every driver of `Queue` promises. `open` gives an empty queue. */
export function queueContract(driver: string, open: () => Promise<Queue>): void {
  describe(`queue: ${driver}`, () => {
    const item = (jobId: string, priority = 10, documentId = `document of ${jobId}`): QueueItem => ({ jobId, documentId, priority });
    const never = (): AbortSignal => new AbortController().signal;

    test("the lowest priority number goes first, equal ones in the order they came", async () => {
      const queue = await open();
      for (const each of [item("a"), item("b", 5), item("c"), item("d", 5)]) await queue.add(each);
      const order = [];
      for (let count = 0; count < 4; count++) order.push((await queue.take(never())).jobId);
      expect(order).toEqual(["b", "d", "a", "c"]);
      await queue.close();
    });

    test("a document is worked on by one at a time, whatever its next job's priority", async () => {
      const queue = await open();
      await queue.add(item("first", 10, "d"));
      await queue.add(item("second", 0, "d"));
      await queue.add(item("other", 20, "e"));
      const taken = await queue.take(never());
      expect(taken.jobId).toBe("second");
      expect((await queue.take(never())).jobId).toBe("other");
      const next = queue.take(never());
      await queue.done(taken);
      expect((await next).jobId).toBe("first");
      await queue.close();
    });

    test("take waits until something comes", async () => {
      const queue = await open();
      const taken = queue.take(never());
      await queue.add(item("a"));
      expect((await taken).jobId).toBe("a");
      await queue.close();
    });

    test("a take that is aborted takes nothing", async () => {
      const queue = await open();
      const controller = new AbortController();
      const aborted = queue.take(controller.signal);
      controller.abort();
      await expect(aborted).rejects.toMatchObject({ name: "AbortError" });
      await expect(queue.take(AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
      await queue.add(item("a"));
      expect(await queue.depth()).toBe(1);
      expect((await queue.take(never())).jobId).toBe("a");
      await queue.close();
    });

    test("an item added twice is there once; a removed one is not there", async () => {
      const queue = await open();
      await queue.add(item("a"));
      await queue.add(item("a"));
      await queue.add(item("b"));
      await queue.remove("b");
      await queue.remove("absent");
      expect(await queue.depth()).toBe(1);
      await queue.close();
    });

    test("every item is taken once, and no document twice at a time", async () => {
      await assert(
        asyncProperty(array(record({ documentId: constantFrom("x", "y", "z"), priority: integer({ min: 0, max: 2 }) }), { minLength: 1, maxLength: 30 }), async (given) => {
          const queue = await open();
          const busy = new Set<string>();
          const taken: string[] = [];
          const work = async (): Promise<void> => {
            while (taken.length < given.length) {
              const each = await queue.take(stop.signal).catch(() => null);
              if (!each) return;
              expect(busy.has(each.documentId)).toBe(false);
              busy.add(each.documentId);
              taken.push(each.jobId);
              await new Promise(setImmediate);
              busy.delete(each.documentId);
              await queue.done(each);
              if (taken.length === given.length) stop.abort();
            }
          };
          const stop = new AbortController();
          const workers = [work(), work(), work(), work()];
          for (const [place, each] of given.entries()) await queue.add({ jobId: String(place), ...each });
          await Promise.all(workers);
          expect(taken.map(Number).toSorted((a, b) => a - b)).toEqual(given.map((_, place) => place));
          await queue.close();
        }),
        { numRuns: 30 },
      );
    });

    test("closing ends those who wait", async () => {
      const queue = await open();
      const waiting = expect(queue.take(never())).rejects.toMatchObject({ code: "cancelled" });
      await queue.close();
      await waiting;
    });
  });
}
