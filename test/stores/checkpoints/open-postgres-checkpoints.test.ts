import { validate } from "@langchain/langgraph-checkpoint-validation";
import { Annotation, END, START, StateGraph } from "@langchain/langgraph";
import { Client } from "pg";
import * as vitest from "vitest";
import { openPostgresCheckpoints, type PostgresCheckpoints } from "../../../src/stores/checkpoints/open-postgres-checkpoints.ts";
import { PostgresOptions } from "../../../src/stores/postgres/options.ts";
import { endConnectionsDuring } from "../postgres/end-connections.ts";
import { describeOn, ownName, ownPostgres } from "../../servers/real-servers.ts";

// LangGraph's own contract for savers; it takes the test functions from the global object.
Object.assign(globalThis, vitest);
const { afterAll, beforeAll, expect, test } = vitest;

describeOn("postgres", "checkpoints on PostgreSQL", (server) => {
  let database: Awaited<ReturnType<typeof ownPostgres>>;
  beforeAll(async () => {
    database = await ownPostgres(server);
  });
  afterAll(() => database.close());
  const options = (schema = ownName("schema_")) => PostgresOptions.parse({ driver: "postgres", url: database.url, schema });

  validate<PostgresCheckpoints>({
    checkpointerName: "@langchain/langgraph-checkpoint-postgres",
    createCheckpointer: () => openPostgresCheckpoints(options()),
    destroyCheckpointer: (checkpoints) => checkpoints.close(),
  });

  const State = Annotation.Root({ words: Annotation<string[]>({ reducer: (a, b) => [...a, ...b], default: () => [] }) });
  const graph = (checkpointer: PostgresCheckpoints) => new StateGraph(State).addNode("speak", () => ({ words: ["spoken"] })).addEdge(START, "speak").addEdge("speak", END).compile({ checkpointer });
  const config = (thread: string) => ({ configurable: { thread_id: thread }, durability: "sync" as const });

  test("a run continues in another process that opens them, and a deleted thread is in no table", async () => {
    const place = options();
    const first = await openPostgresCheckpoints(place);
    for (const thread of ["thread-kept", "thread-gone"]) await graph(first).invoke({ words: ["hello"] }, config(thread));
    await first.deleteThread("thread-gone");
    await first.close();
    const second = await openPostgresCheckpoints(place);
    expect((await graph(second).getState(config("thread-kept"))).values).toEqual({ words: ["hello", "spoken"] });
    expect((await graph(second).getState(config("thread-gone"))).values).toEqual({});
    await second.close();
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query<{ table: string }>("select table_name as table from information_schema.tables where table_schema = $1 order by 1", [place.schema]);
    expect(rows.map(({ table }) => table)).toEqual(["checkpoint_blobs", "checkpoint_migrations", "checkpoint_writes", "checkpoints"]);
    for (const { table } of rows) expect((await client.query(`select * from ${place.schema}.${table} each where each::text like '%thread-gone%'`)).rows).toEqual([]);
    await client.end();
  });

  test("processes that start at once make the tables once; tables of a newer saver are refused", async () => {
    const place = options();
    const opened = await Promise.all(Array.from({ length: 5 }, () => openPostgresCheckpoints({ ...place, poolSize: 1 })));
    for (const each of opened) await each.close();
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query<{ v: number }>(`select max(v) as v from ${place.schema}.checkpoint_migrations`);
    await client.query(`insert into ${place.schema}.checkpoint_migrations (v) values ($1)`, [rows[0]!.v + 1]);
    await expect(openPostgresCheckpoints(place)).rejects.toMatchObject({ code: "config", message: expect.stringContaining("stores.checkpoints.url") });
    // The newest version this program lets pass is the newest one the saver knows.
    await client.query(`delete from ${place.schema}.checkpoint_migrations where v > $1`, [rows[0]!.v]);
    await (await openPostgresCheckpoints(place)).close();
    await client.end();
  });

  test("a run goes on when its connections are ended", async () => {
    const checkpoints = await openPostgresCheckpoints(options());
    const runs = Promise.all(Array.from({ length: 20 }, (_, place) => graph(checkpoints).invoke({ words: ["hello"] }, config(`thread-${place}`))));
    const { result, ended } = await endConnectionsDuring(database.url, runs);
    for (const run of result) expect(run).toEqual({ words: ["hello", "spoken"] });
    expect(ended).toBeGreaterThan(0);
    await checkpoints.close();
  });
});
