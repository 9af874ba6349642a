import { createServer, type Server } from "node:net";
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import { openRedisCache } from "../../../src/stores/redis/open-redis-cache.ts";
import { openRedisQueue } from "../../../src/stores/redis/open-redis-queue.ts";
import { silentLog } from "../../../src/telemetry.ts";
import { describeOn } from "../../servers/real-servers.ts";
import { freePort } from "../../servers/free-port.ts";

const open = {
  "stores.queue.url": (url: string) => openRedisQueue({ url, prefix: "sluice" }, { log: silentLog }),
  "stores.cache.url": (url: string) => openRedisCache({ url, prefix: "sluice" }, { maxBytes: 1000, log: silentLog }),
};

describeOn("redis", "a Redis that cannot be used is named at start", (server) => {
  const silent: Server[] = [];
  afterEach(() => silent.splice(0).forEach((each) => each.close()));
  const other = (change: (url: URL) => void): string => {
    const url = new URL(server.url);
    change(url);
    return url.href;
  };

  for (const [key, openIt] of Object.entries(open)) {
    test(`${key}: wrong password, no password, unknown user, no such database`, async () => {
      for (const url of [other((each) => void (each.password = "wrong")), other((each) => void (each.password = "")), other((each) => void (each.username = "nobody"))])
        await expect(openIt(url)).rejects.toMatchObject({ code: "config", retryable: false, message: expect.stringMatching(`${key}.*refused`) });
      await expect(openIt(other((each) => void (each.pathname = "/999999")))).rejects.toMatchObject({ code: "config", message: expect.stringMatching(`${key}.*number`) });
      await expect(openIt("redis://:wrong@[")).rejects.toMatchObject({ code: "config", message: expect.stringMatching(key) });
    });

    test(`${key}: nobody there, an unknown host, a server that says nothing; the password is not shown`, async () => {
      const mute = createServer().listen(0, "127.0.0.1");
      silent.push(mute);
      await once(mute, "listening");
      const { port } = mute.address() as { port: number };
      for (const host of [`127.0.0.1:${await freePort()}`, "no-such-host.invalid:6379", `127.0.0.1:${port}`]) {
        const refused = await openIt(`redis://:secret@${host}`).catch((error: unknown) => error);
        expect(refused).toMatchObject({ code: "store", message: expect.stringMatching(`${key}.*${host}`) });
        expect(String(refused)).not.toContain("secret");
      }
    }, 12_000);
  }
});
