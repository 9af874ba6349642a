import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startFaultProxy } from "./fault-proxy.ts";
import { type RedisServer, startRedis } from "./redis.ts";
import { whyMissing } from "./server-cache.ts";

const missing = whyMissing("redis");

describe.skipIf(missing)(`a real Redis${missing ? ` (${missing})` : ""}`, () => {
  let server: RedisServer;
  const clients: Redis[] = [];
  const connect = (url: string, options: object = {}): Redis => {
    const client = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null, ...options }).on("error", () => {});
    clients.push(client);
    return client;
  };
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    for (const client of clients) client.disconnect();
    await server?.stop();
  });

  test("keeps what it wrote when its process is killed, on the same port", async () => {
    const client = connect(server.url);
    await client.set("kept", "yes");
    const before = server.pid;
    await server.kill("SIGKILL");
    await server.restart();
    expect(server.pid).not.toBe(before);
    expect(await client.get("kept")).toBe("yes");
  });

  test("refuses a wrong password", async () => {
    const client = connect(server.url.replace(server.password, "wrong"), { retryStrategy: null, lazyConnect: true });
    const told = new Promise((resolve) => client.once("error", resolve));
    await expect(client.connect()).rejects.toThrow();
    expect(await told).toMatchObject({ message: expect.stringContaining("WRONGPASS") });
  });

  test("paused it answers nothing, resumed it answers all", async () => {
    const client = connect(server.url);
    await client.set("n", "0");
    server.pause();
    let answered = false;
    const answer = client.incr("n").then((n) => {
      answered = true;
      return n;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(answered).toBe(false);
    server.resume();
    expect(await answer).toBe(1);
  });

  test("an answer lost on the way: it has counted, and the client that asks again counts twice", async () => {
    const proxy = await startFaultProxy(server);
    const client = connect(proxy.through(server.url));
    await client.set("m", "0");
    const lost = proxy.loseAnswer((sent) => sent.includes("incr"));
    expect(await client.incr("m")).toBe(2);
    await lost;
    client.disconnect();
    await proxy.close();
  });
});
