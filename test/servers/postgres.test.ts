import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type PostgresServer, startPostgres } from "./postgres.ts";
import { processTree } from "./process-tree.ts";
import { whyMissing } from "./server-cache.ts";

const missing = whyMissing("postgres");

describe.skipIf(missing)(`a real PostgreSQL${missing ? ` (${missing})` : ""}`, () => {
  let server: PostgresServer;
  const query = async (text: string, url = server.url): Promise<unknown[]> => {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 }).on("error", () => {});
    await client.connect();
    try {
      return (await client.query(text)).rows as unknown[];
    } finally {
      await client.end();
    }
  };
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  test("keeps what it committed when it is killed with all its children, and restarts in order", async () => {
    await query("create table kept (n int)");
    await query("insert into kept select generate_series(1, 1000)");
    const tree = processTree(server.pid);
    expect(tree.length).toBeGreaterThan(3);
    await server.kill("SIGKILL");
    await expect(query("select 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await server.restart();
    expect(await query("select count(*)::int as n from kept")).toEqual([{ n: 1000 }]);
    await server.restart();
    expect(await query("select count(*)::int as n from kept")).toEqual([{ n: 1000 }]);
  });

  test("refuses a wrong password and a missing database, each with its code", async () => {
    await expect(query("select 1", server.url.replace(server.password, "wrong"))).rejects.toMatchObject({ code: "28P01" });
    await expect(query("select 1", server.url.replace(/postgres$/, "absent"))).rejects.toMatchObject({ code: "3D000" });
  });

  test("paused, open sessions and new ones wait; resumed, they go on", async () => {
    const client = new Client({ connectionString: server.url });
    await client.connect();
    server.pause();
    let answered = false;
    const answer = client.query("select 1 as n").then(({ rows }) => {
      answered = true;
      return rows as unknown[];
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(answered).toBe(false);
    server.resume();
    expect(await answer).toEqual([{ n: 1 }]);
    await client.end();
  });
});
