import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Kysely } from "kysely";
import { afterEach, describe, expect, test } from "vitest";
import type { SqliteDatabase } from "../../../src/stores/sqlite/database.ts";
import { openSqlite, type SqliteOptions } from "../../../src/stores/sqlite/open-sqlite.ts";
import { freshFolder } from "../folder.ts";
import { things } from "./things.ts";

const folder = freshFolder();
const queries = new URL("./queries.ts", import.meta.url).href;
const writing = fileURLToPath(new URL("./write-until-killed.ts", import.meta.url));
const opened: SqliteDatabase[] = [];
let files = 0;

const freshPath = (): string => join(folder, `${++files}`, "data.db");
async function open(options: Partial<SqliteOptions> = {}): Promise<SqliteDatabase> {
  const database = await openSqlite({ path: freshPath(), schemas: [things], ...options });
  opened.push(database);
  return database;
}
const insert = (...rows: [string, number][]) => ({ sql: "INSERT INTO things (name, value) VALUES (?, ?)", rows });
const names = (database: SqliteDatabase): string[] => database.read<{ name: string }>("SELECT name FROM things ORDER BY name").map(({ name }) => name);

afterEach(async () => {
  for (const database of opened.splice(0)) await database.close();
});

describe("plans", () => {
  test("a plan is written whole and gives back the rows of its statements", async () => {
    const database = await open();
    const rows = await database.write([
      insert(["a", 1], ["b", 2]),
      { sql: "UPDATE things SET value = value + ? RETURNING name, value", rows: [[10]] },
    ]);
    expect(rows).toEqual([[{ name: "a", value: 11 }, { name: "b", value: 12 }]]);
    expect(names(database)).toEqual(["a", "b"]);
  });

  test("of plans that wait together each is kept or fails by itself, in the order they came", async () => {
    const database = await open();
    await database.write([insert(["taken", 0])]);
    const fails = { sql: "UPDATE things SET value = 1 WHERE name = 'nobody'", rows: [[]], changes: 1 };
    const ended = await Promise.allSettled(Array.from({ length: 30 }, (_, place) => database.write(place % 5 === 3 ? [insert([`with ${place}`, place]), fails] : [insert([String(place), place])])));
    expect(ended.map(({ status }) => status === "fulfilled")).toEqual(ended.map((_, place) => place % 5 !== 3));
    expect(ended[3]).toMatchObject({ reason: { code: "conflict" } });
    expect(database.read<{ name: string }>("SELECT name FROM things ORDER BY rowid").map(({ name }) => name)).toEqual(["taken", ...ended.flatMap((_, place) => (place % 5 === 3 ? [] : [String(place)]))]);
  });

  test("a fence that matches fewer rows undoes the whole plan with a conflict", async () => {
    const database = await open();
    const plan = [insert(["a", 1]), { sql: "UPDATE things SET value = 2 WHERE name = ?", rows: [["absent"]], changes: 1 }];
    await expect(database.write(plan)).rejects.toMatchObject({ code: "conflict" });
    expect(names(database)).toEqual([]);
  });

  test("a statement that fails undoes the whole plan and the writer goes on", async () => {
    const database = await open();
    await expect(database.write([insert(["a", 1], ["a", 2])])).rejects.toMatchObject({ code: "internal" });
    await database.write([insert(["b", 1])]);
    expect(names(database)).toEqual(["b"]);
  });

  test("ledger plans go before document plans that wait", async () => {
    const database = await open();
    const order: string[] = [];
    const write = (name: string, priority: "ledger" | "document") => database.write([insert([name, 1])], priority).then(() => order.push(name));
    await Promise.all([write("first", "document"), write("second", "document"), write("third", "document"), write("money", "ledger")]);
    expect(order).toEqual(["first", "money", "second", "third"]);
  });

  test("bytes come back as they were", async () => {
    const database = await open();
    const bytes = new Uint8Array([0, 1, 254, 255]);
    await database.write([{ sql: "INSERT INTO things VALUES ('a', 1, ?)", rows: [[bytes]] }]);
    expect(new Uint8Array(database.read<{ bytes: Uint8Array }>("SELECT bytes FROM things")[0]!.bytes)).toEqual(bytes);
  });
});

describe("reads", () => {
  test("reading cannot write", async () => {
    const database = await open();
    expect(() => database.read("DELETE FROM things")).toThrow(expect.objectContaining({ code: "internal" }));
    await expect(database.query(queries, "tryToWrite", null)).rejects.toMatchObject({ code: "store" });
  });

  test("a query runs a module's function in a reader thread, with vectors loaded", async () => {
    const database = await open();
    await database.write([insert(["a", 1], ["b", 2], ["c", 3])]);
    expect(await database.query(queries, "total", { above: 1 })).toEqual({ count: 2, sum: 5 });
    expect(await database.query(queries, "vectorVersion", null)).toMatch(/^v0/);
    expect(database.read<{ version: string }>("SELECT vec_version() AS version")[0]!.version).toMatch(/^v0/);
  });
});

describe("kysely", () => {
  interface Tables {
    things: { name: string; value: number };
  }
  const over = (database: SqliteDatabase) => new Kysely<Tables>({ dialect: database.dialect() });

  test("writes go through the writer and are read at once", async () => {
    const sql = over(await open());
    await sql.insertInto("things").values([{ name: "a", value: 1 }, { name: "b", value: 1 }]).execute();
    const { numUpdatedRows } = await sql.updateTable("things").set({ value: 5 }).where("name", "=", "a").executeTakeFirst();
    expect(numUpdatedRows).toBe(1n);
    expect(await sql.selectFrom("things").selectAll().where("value", "=", 5).execute()).toMatchObject([{ name: "a" }]);
  });

  test("transactions are alone: read and write in them lose no update", async () => {
    const database = await open();
    const sql = over(database);
    await database.write([insert(["a", 0])]);
    const addOne = () =>
      sql.transaction().execute(async (transaction) => {
        const { value } = await transaction.selectFrom("things").select("value").executeTakeFirstOrThrow();
        await transaction.updateTable("things").set({ value: value + 1 }).execute();
      });
    await Promise.all(Array.from({ length: 25 }, addOne));
    expect(database.read("SELECT value FROM things")).toEqual([{ value: 25 }]);
  });

  test("a transaction that throws leaves nothing", async () => {
    const database = await open();
    const failing = over(database).transaction().execute(async (transaction) => {
      await transaction.insertInto("things").values({ name: "a", value: 1 }).execute();
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    expect(names(database)).toEqual([]);
  });

  test("a forgotten transaction is undone and frees the writer", async () => {
    const database = await open({ transactionLimit: 100 });
    const forgotten = over(database).transaction().execute(async (transaction) => {
      await transaction.insertInto("things").values({ name: "forgotten", value: 1 }).execute();
      await database.write([insert(["waiting", 1])]);
      await transaction.insertInto("things").values({ name: "late", value: 1 }).execute();
    });
    await expect(forgotten).rejects.toMatchObject({ code: "timeout" });
    expect(names(database)).toEqual(["waiting"]);
  });
});

describe("the file", () => {
  test("it is private", async () => {
    const { path } = await open();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(`${path}-wal`).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, "..")).mode & 0o777).toBe(0o700);
  });

  test("migrations run once and forward", async () => {
    const first = await open();
    await first.write([insert(["a", 1])]);
    await first.close();
    const more = { ...things, migrations: [...things.migrations, "ALTER TABLE things ADD COLUMN note TEXT NOT NULL DEFAULT 'none'"] };
    const second = await open({ path: first.path, schemas: [more] });
    expect(second.read("SELECT name, note FROM things")).toEqual([{ name: "a", note: "none" }]);
    await second.close();
    await expect(open({ path: first.path })).rejects.toMatchObject({ code: "config", message: expect.stringMatching(/data\.directory.*newer program/) });
  });

  test("a damaged file is a store error that says so", async () => {
    const database = await open();
    await database.close();
    writeFileSync(database.path, Buffer.alloc(8192, "no database"));
    await expect(open({ path: database.path })).rejects.toMatchObject({ code: "store", message: expect.stringContaining("damaged") });
  });

  test("a full disk is a store error, and nothing of the write stays", async () => {
    const tight = { ...things, migrations: [...things.migrations, "PRAGMA max_page_count = 20"] };
    const database = await open({ schemas: [tight] });
    await database.write([insert(["a", 1])]);
    const plan = [insert(["b", 1]), { sql: "INSERT INTO things VALUES ('c', 1, zeroblob(1000000))", rows: [[]] }];
    await expect(database.write(plan)).rejects.toMatchObject({ code: "store", message: expect.stringContaining("full") });
    expect(names(database)).toEqual(["a"]);
  });

  test("deleted words are in no file after a checkpoint", async () => {
    const database = await open();
    await database.write([insert(["Zebrafinkenbrut", 1])]);
    await database.write([{ sql: "DELETE FROM things", rows: [[]] }]);
    await database.checkpoint();
    const bytes = Buffer.concat([readFileSync(database.path), readFileSync(`${database.path}-wal`)]);
    expect(bytes.includes("Zebrafinkenbrut")).toBe(false);
  });

  test("two processes write one file", async () => {
    const database = await open();
    const other = spawn(process.execPath, [writing, database.path, "1", "40"], { stdio: ["ignore", "ignore", "inherit"] });
    for (let pair = 101; pair <= 140; pair++) await database.write([insert([`${pair} left`, pair], [`${pair} right`, pair])]);
    const [code] = (await once(other, "exit")) as [number];
    expect(code).toBe(0);
    expect(names(database)).toHaveLength(160);
  });

  test("what was reported written survives kill -9, and nothing is half written", async () => {
    const path = freshPath();
    const child = spawn(process.execPath, [writing, path], { stdio: ["ignore", "pipe", "inherit"] });
    let reported = 0;
    for await (const line of createInterface(child.stdout)) {
      reported = Number(line);
      if (reported >= 30) child.kill("SIGKILL");
    }
    const database = await open({ path });
    const pairs = database.read<{ value: number; count: number }>("SELECT value, count(*) AS count FROM things GROUP BY value");
    expect(pairs.length).toBeGreaterThanOrEqual(reported);
    expect(new Set(pairs.map(({ count }) => count))).toEqual(new Set([2]));
  });
});
