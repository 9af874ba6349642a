import { createServer, type AddressInfo, type Socket } from "node:net";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openPostgresLedger } from "../../../src/stores/ledger/open-postgres-ledger.ts";
import { ledgerSchema } from "../../../src/stores/ledger/schema.ts";
import { migrate } from "../../../src/stores/postgres/migrate.ts";
import { openPool } from "../../../src/stores/postgres/open-pool.ts";
import { PostgresOptions } from "../../../src/stores/postgres/options.ts";
import { describeOn, ownName, ownPostgres } from "../../servers/real-servers.ts";
import { freePort } from "../../servers/free-port.ts";
import { acceptOne } from "../../contracts/ledger/bench.ts";

const options = (url: string, more: object = {}) => PostgresOptions.parse({ driver: "postgres", url, ...more });
const opening = (url: string, more: object = {}) => openPostgresLedger(options(url, more));
const naming = (code: string, words: string) => ({ code, message: expect.stringMatching(new RegExp(`stores\\.ledger\\.url.*${words}`)) });

test("an address that is none is refused by the schema or with the key's name", async () => {
  expect(PostgresOptions.safeParse({ driver: "postgres", url: "mysql://here/there" }).success).toBe(false);
  expect(PostgresOptions.safeParse({ driver: "postgres", url: "postgres://here/there", schema: 'a"; drop' }).success).toBe(false);
  await expect(opening("postgres://user:pass%@word@host:port/x")).rejects.toMatchObject(naming("config", "no address"));
});

test("a host that does not answer, and one that says nothing, are told apart from wrong settings within the time limit", async () => {
  await expect(opening(`postgres://user:secret@127.0.0.1:${await freePort()}/x`)).rejects.toMatchObject({ ...naming("store", "no answer"), retryable: true });
  await expect(opening("postgres://user:secret@host.invalid/x")).rejects.toMatchObject(naming("store", "no answer"));
  const sockets: Socket[] = [];
  const silent = createServer((socket) => void sockets.push(socket)).listen(0, "127.0.0.1");
  await new Promise((resolve) => silent.once("listening", resolve));
  const { port } = silent.address() as AddressInfo;
  await expect(opening(`postgres://user:secret@127.0.0.1:${port}/x`, { connectTimeoutMs: 500 })).rejects.toMatchObject({ ...naming("store", "lost"), retryable: true });
  for (const socket of sockets) socket.destroy();
  silent.close();
});

describeOn("postgres", "PostgreSQL", (server) => {
  let database: Awaited<ReturnType<typeof ownPostgres>>;
  let client: Client;
  beforeAll(async () => {
    database = await ownPostgres(server);
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.close();
  });
  const changed = (change: (url: URL) => void): string => {
    const url = new URL(database.url);
    change(url);
    return url.href;
  };

  test("wrong password, missing database, missing right and a server without TLS are errors of the configuration, which show no password", async () => {
    const wrong = changed((url) => (url.password = "wrong-password"));
    const error = await opening(wrong).catch((reason: unknown) => reason as Error);
    expect(error).toMatchObject(naming("config", "password is wrong"));
    expect((error as Error).message).not.toContain("wrong-password");
    await expect(opening(changed((url) => (url.pathname = "/absent")))).rejects.toMatchObject(naming("config", "database does not exist"));
    await expect(opening(database.url, { ssl: true })).rejects.toMatchObject(naming("config", "secure connection"));
    await expect(opening(database.url, { ssl: { ca: "/absent.pem" } })).rejects.toMatchObject({ code: "config", message: expect.stringContaining("stores.ledger.ssl.ca") });
    const user = ownName("user");
    await client.query(`create role ${user} login password 'p'`);
    await expect(opening(changed((url) => ((url.username = user), (url.password = "p"))))).rejects.toMatchObject(naming("config", "lacks a right"));
    await client.query(`drop role ${user}`);
  });

  test("a session has its limits, and its commits are on the disk whatever the server's default is", async () => {
    await client.query(`alter database ${new URL(database.url).pathname.slice(1)} set synchronous_commit = off`);
    const pool = await openPool(options(database.url, { schema: "apart", statementTimeoutMs: 4_000 }), "key");
    const shown = async (name: string) => Object.values((await pool.query(`show ${name}`)).rows[0]!)[0];
    expect([await shown("synchronous_commit"), await shown("statement_timeout"), await shown("lock_timeout"), await shown("search_path")]).toEqual(["on", "4s", "2s", '"apart"']);
    await pool.end();
  });

  test("whole numbers come as numbers, and one that would lose a digit is refused", async () => {
    const pool = await openPool(options(database.url), "key");
    expect((await pool.query("select 9007199254740991::bigint as a, sum(n) as b, 0.5::numeric as c from (values (1::bigint), (2)) as v (n)")).rows).toEqual([{ a: Number.MAX_SAFE_INTEGER, b: 3, c: 0.5 }]);
    await expect(pool.query("select 9007199254740993::bigint")).rejects.toMatchObject({ code: "internal" });
    await pool.end();
  });

  test("leases run in the server's time, whatever the machine's clock jumps to", async () => {
    const ledger = await opening(database.url, { schema: ownName("schema_") });
    const { job } = await acceptOne({ ledger });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2001-01-01T00:00:00Z") });
    try {
      await ledger.jobs.claim(job.id, "worker", 60_000);
      vi.setSystemTime(Date.parse("2099-01-01T00:00:00Z"));
      expect(await ledger.jobs.claim(job.id, "another", 60_000)).toBeNull();
      const { rows } = await client.query<{ left: number }>("select extract(epoch from $1::timestamptz - now())::float8 as left", [(await ledger.jobs.row(job.id))!.lease!.until]);
      expect(rows[0]!.left).toBeGreaterThan(0);
      expect(rows[0]!.left).toBeLessThanOrEqual(61);
    } finally {
      vi.useRealTimers();
      await ledger.close();
    }
  });

  test("processes that start at once make the tables once, and each schema has its own", async () => {
    const schema = ownName("schema_");
    const ledgers = await Promise.all(Array.from({ length: 6 }, () => opening(database.url, { schema, poolSize: 2 })));
    await acceptOne({ ledger: ledgers[0]! });
    expect(await ledgers[5]!.jobs.queued()).toBe(1);
    const other = await opening(database.url, { schema: ownName("schema_") });
    expect(await other.jobs.queued()).toBe(0);
    for (const ledger of [...ledgers, other]) await ledger.close();
  });

  test("tables of an older program are brought up to date with their rows, those of a newer one are refused untouched", async () => {
    const schema = ownName("schema_");
    const pool = await openPool(options(database.url, { schema }), "stores.ledger.url");
    await migrate(pool, schema, { name: "ledger", migrations: ledgerSchema.migrations.slice(0, 1) });
    await pool.query("insert into ledger_tiers (tier, backend, model, at) values ('fast', 'b', 'm', '2025-01-01T00:00:00.000Z')");
    const ledger = await opening(database.url, { schema });
    expect(await ledger.tiers.seen()).toHaveLength(1);
    await acceptOne({ ledger });
    await ledger.close();
    await pool.query("update schema_versions set version = version + 1");
    await expect(opening(database.url, { schema })).rejects.toMatchObject(naming("config", "newer program"));
    expect((await pool.query("select version from schema_versions")).rows).toEqual([{ version: ledgerSchema.migrations.length + 1 }]);
    await pool.end();
  });

  test("a migration that fails leaves the tables as they were", async () => {
    const schema = ownName("schema_");
    const pool = await openPool(options(database.url, { schema }), "key");
    await expect(migrate(pool, schema, { name: "things", migrations: ["CREATE TABLE things (id INTEGER) STRICT;", "CREATE TABLE things (id INTEGER) STRICT;"] })).rejects.toMatchObject({ code: "internal" });
    expect((await client.query("select 1 from information_schema.tables where table_schema = $1", [schema])).rows).toEqual([]);
    await pool.end();
  });

  test("a text that the database cannot hold is an error of the input", async () => {
    const ledger = await opening(database.url);
    await expect(acceptOne({ ledger }, { name: "a\0b" })).rejects.toMatchObject({ code: "invalid_input" });
    await ledger.close();
  });
});
