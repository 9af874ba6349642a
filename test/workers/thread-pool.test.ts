import { afterAll, describe, expect, test } from "vitest";
import { openThreadPool } from "../../src/workers/thread-pool.ts";

const pool = openThreadPool({
  module: new URL("./thread-functions.ts", import.meta.url),
  size: 2,
  deadline: 20_000,
  resourceLimits: { maxOldGenerationSizeMb: 64 },
  workerData: { lists: "here" },
});
afterAll(() => pool.close());

describe("a thread pool", () => {
  test("calls a module's function and gives back what it returned", async () => {
    const doubled = await Promise.all([1, 2, 3, 4, 5].map((value) => pool.call<number>("double", value)));
    expect(doubled).toEqual([2, 4, 6, 8, 10]);
  });

  test("uses no more threads than its size", async () => {
    const threads = await Promise.all(Array.from({ length: 8 }, () => pool.call<number>("who", null)));
    expect(new Set(threads).size).toBeLessThanOrEqual(2);
  });

  test("gives its module the worker data, and an empty environment", async () => {
    expect(await pool.call("given", null)).toEqual({ lists: "here" });
    expect(await pool.call("environment", null)).toEqual({});
  });

  test("passes our own errors through and hides a foreign message in the cause", async () => {
    await expect(pool.call("refuse", null)).rejects.toMatchObject({ code: "too_large", message: "the text has too many characters; split it" });
    const error: Error = await pool.call("quote", null).then(String, (thrown) => thrown);
    expect(error.message).not.toContain("secret");
    expect(String(error.cause)).toContain("secret");
  });

  test("ends and replaces a thread that misses its deadline", async () => {
    await expect(pool.call("loop", null, { deadline: 100 })).rejects.toMatchObject({ code: "timeout" });
    expect(await pool.call("double", 4)).toBe(8);
  });

  test("ends a thread whose caller gave up, and drops a call that still waits", async () => {
    const controller = new AbortController();
    const calls = [1, 2, 3].map(() => pool.call("loop", null, { signal: controller.signal }));
    setTimeout(() => controller.abort(), 100);
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map((each) => each.status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(await pool.call("double", 4)).toBe(8);
  });

  test("survives a thread that exits or runs out of memory", async () => {
    await expect(pool.call("exit", null)).rejects.toMatchObject({ code: "internal", retryable: true });
    await expect(pool.call("hoard", null)).rejects.toMatchObject({ code: "too_large" });
    expect(await pool.call("double", 4)).toBe(8);
  });

  test("refuses a call after it was closed", async () => {
    const other = openThreadPool({ module: new URL("./thread-functions.ts", import.meta.url), size: 1, deadline: 1000 });
    expect(await other.call("double", 1)).toBe(2);
    await other.close();
    await expect(other.call("double", 1)).rejects.toMatchObject({ code: "cancelled" });
  });
});
