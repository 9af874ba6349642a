import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { openRateLimits, type RateLimits } from "../../../src/stores/rate-limits/rate-limits.ts";
import { openRedisRateLimits } from "../../../src/stores/redis/open-redis-rate-limits.ts";
import { silentLog } from "../../../src/telemetry.ts";
import { startFaultProxy } from "../../servers/fault-proxy.ts";
import { describeOn } from "../../servers/real-servers.ts";

const open: RateLimits[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});
const kept = (limits: RateLimits): RateLimits => (open.push(limits), limits);
const taken = async (limits: RateLimits, caller: string, times: number): Promise<unknown[]> => (await Promise.allSettled(Array.from({ length: times }, () => limits.take(caller)))).map((each) => (each.status === "rejected" ? each.reason : "admitted"));
const refused = expect.objectContaining({ code: "overloaded", retryAfter: expect.toSatisfy((seconds: number) => seconds >= 1 && seconds <= 60) });

describe("requests a minute, counted in this process", () => {
  it("end for a caller with an error that says when to come again, and go on for the others", async () => {
    const limits = kept(openRateLimits(3));
    expect(await taken(limits, "one", 4)).toEqual(["admitted", "admitted", "admitted", refused]);
    expect(await taken(limits, "other", 1)).toEqual(["admitted"]);
  });
});

describeOn("redis", "requests a minute, counted in Redis", (server) => {
  const prefix = () => `limits-${randomUUID()}`;

  it("are counted for all processes together", async () => {
    const options = { url: server.url, prefix: prefix() };
    const [here, there] = [kept(await openRedisRateLimits(3, options, { log: silentLog })), kept(await openRedisRateLimits(3, options, { log: silentLog }))];
    expect([...(await taken(here, "one", 2)), ...(await taken(there, "one", 2))]).toEqual(["admitted", "admitted", "admitted", refused]);
  });

  it("are counted by each process while Redis is away", async () => {
    const proxy = await startFaultProxy({ port: Number(new URL(server.url).port) });
    const limits = kept(await openRedisRateLimits(2, { url: proxy.through(server.url), prefix: prefix() }, { log: silentLog }));
    await proxy.cut();
    expect((await taken(limits, "one", 3)).filter((each) => each === "admitted")).toHaveLength(2);
    await proxy.close();
  });
});
