import { Redis } from "ioredis";
import { Client } from "pg";
import { afterEach, expect, test } from "vitest";
import { describeOn, holdServer, ownName, ownPostgres, ownRedis } from "./real-servers.ts";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

test("names of their own never meet", () => {
  const names = Array.from({ length: 1000 }, () => ownName());
  expect(new Set(names).size).toBe(1000);
  expect(names.every((name) => /^[a-z][a-z0-9]*$/.test(name))).toBe(true);
});

test("a server is held by one at a time, and each server by itself", async () => {
  const [server, other] = [{ url: `bolt://${ownName()}:1` }, { endpoint: `http://${ownName()}:1` }];
  const first = await holdServer("neo4j", server);
  closers.push((await holdServer("s3", other)).close);
  let held = false;
  const second = holdServer("neo4j", server).then(({ close }) => {
    held = true;
    return close();
  });
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(held).toBe(false);
  await first.close();
  await second;
});

describeOn("postgres", "a PostgreSQL database of its own", (server) => {
  test("starts empty, is apart from the next one, and is gone after close even while somebody is connected", async () => {
    const [mine, other] = [await ownPostgres(server), await ownPostgres(server)];
    closers.push(other.close);
    const [here, there] = [new Client({ connectionString: mine.url }), new Client({ connectionString: other.url })];
    here.on("error", () => {});
    await Promise.all([here.connect(), there.connect()]);
    closers.push(() => there.end());
    await here.query("create table kept (n int)");
    expect((await there.query("select to_regclass('kept') as found")).rows).toEqual([{ found: null }]);
    await mine.close();
    await expect(new Client({ connectionString: mine.url }).connect()).rejects.toMatchObject({ code: "3D000" });
  });
});

describeOn("redis", "a Redis database of its own", (server) => {
  test("starts empty and does not see its neighbour", async () => {
    const [mine, other] = [await ownRedis(server), await ownRedis(server)];
    const [here, there] = [new Redis(mine.url), new Redis(other.url)];
    closers.push(mine.close, other.close, () => here.quit(), () => there.quit());
    expect(await here.dbsize()).toBe(0);
    await here.set("key", "1");
    expect(await there.get("key")).toBeNull();
    await there.flushdb();
    expect(await here.get("key")).toBe("1");
  });
});
