import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { S3FileStoreOptions } from "../../src/stores/files/s3-options.ts";
import { Neo4jOptions } from "../../src/stores/knowledge/neo4j/options.ts";
import { packageRoot } from "../../src/workers/package-root.ts";
import { configurationFor } from "./configuration.ts";
import { serverNames, whyMissing } from "./server-cache.ts";
import type { StartedServer } from "./start-servers.ts";

const run = promisify(execFile);
const script = (name: string): string => join(packageRoot, "scripts", name);
const missing = whyMissing("redis");
const folder = mkdtempSync(join(tmpdir(), "sluice-test-"));
afterAll(() => rmSync(folder, { recursive: true, maxRetries: 5 }));

/** `open`, or the code with which the connection is refused. */
const knock = async (url: string): Promise<string> => {
  const socket = createConnection(Number(new URL(url).port), "127.0.0.1");
  const error = await once(socket, "connect").then(() => null, (refused: NodeJS.ErrnoException) => refused);
  socket.destroy();
  return error?.code ?? "open";
};

describe.skipIf(missing)(`the commands that start servers${missing ? ` (${missing})` : ""}`, () => {
  test("with-servers gives the command the addresses, ends with its code, and leaves nothing running", async () => {
    const print = "process.stdout.write(process.env.SLUICE_TEST_REDIS_URL); process.exit(7)";
    const ended = (await run(process.execPath, [script("with-servers.ts"), "--only", "redis", "--", process.execPath, "-e", print]).catch((error: unknown) => error)) as { code: number; stdout: string };
    expect(ended.code).toBe(7);
    expect(ended.stdout).toMatch(/^redis:\/\/:\w+@127\.0\.0\.1:\d+$/);
    expect(await knock(ended.stdout)).toBe("ECONNREFUSED");
  });

  test("a killed with-servers takes its servers with it", async () => {
    const child = spawn(process.execPath, [script("with-servers.ts"), "--only", "redis", "--", process.execPath, "-e", "console.log(process.env.SLUICE_TEST_REDIS_URL); setTimeout(() => {}, 20_000)"], { stdio: ["ignore", "pipe", "ignore"], env: { ...process.env, TMPDIR: folder } });
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const url = line.toString().trim();
    child.kill("SIGKILL");
    await expect.poll(() => knock(url), { timeout: 10_000 }).toBe("ECONNREFUSED");
  });

  test("npm run servers prints and writes the overlay, keeps secrets out of it, and stops in order", async () => {
    const out = join(folder, "servers.yaml");
    const child = spawn(process.execPath, [script("servers.ts"), "--only", "redis", "--out", out], { stdio: ["ignore", "pipe", "ignore"] });
    let printed = "";
    child.stdout.on("data", (bytes: Buffer) => (printed += bytes.toString()));
    await expect.poll(() => printed, { timeout: 30_000 }).toContain("export REDIS_URL='");
    const url = /export REDIS_URL='([^']+)'/.exec(printed)![1]!;
    const overlay = readFileSync(out, "utf8");
    expect(parse(overlay)).toEqual({ stores: { queue: { driver: "redis", url: "${REDIS_URL}" }, cache: { driver: "redis", url: "${REDIS_URL}" } } });
    expect(printed).toContain(overlay);
    child.kill("SIGINT");
    const [code] = (await once(child, "exit")) as [number];
    expect(code).toBe(0);
    expect(await knock(url)).toBe("ECONNREFUSED");
  });

  test("say what is wrong with their options", async () => {
    await expect(run(process.execPath, [script("with-servers.ts"), "--only", "mysql", "--", "true"])).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining("--only mysql: expected some of neo4j,qdrant,redis,postgres,s3") });
    await expect(run(process.execPath, [script("with-servers.ts")])).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining("-- COMMAND") });
    await expect(run("bash", [script("install-servers.sh"), "mysql"])).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining("unknown server mysql") });
  });
});

test("the overlay for all servers is what the stores' options take, with every secret as a variable", () => {
  const values = { NEO4J_URL: "bolt://127.0.0.1:1", NEO4J_USER: "neo4j", NEO4J_PASSWORD: "p", QDRANT_URL: "http://127.0.0.1:2", QDRANT_KEY: "k", REDIS_URL: "redis://:p@127.0.0.1:3", POSTGRES_URL: "postgres://u:p@127.0.0.1:4/d", S3_ENDPOINT: "http://127.0.0.1:5", S3_REGION: "us-east-1", S3_BUCKET: "sluice", S3_KEY_ID: "i", S3_SECRET: "s" };
  const variables = Object.fromEntries(Object.entries(values).map(([name, value]) => [`SLUICE_TEST_${name}`, value]));
  const { overlay, secrets } = configurationFor(serverNames.map((name) => ({ name, variables }) as StartedServer));
  const { stores } = parse(overlay) as { stores: Record<string, unknown> };
  expect(Object.keys(stores).toSorted()).toEqual(["cache", "checkpoints", "files", "knowledge", "ledger", "queue", "text", "vectors"]);
  expect(Neo4jOptions.parse(stores.knowledge)).toMatchObject({ password: "${NEO4J_PASSWORD}" });
  expect(S3FileStoreOptions.parse(stores.files)).toMatchObject({ bucket: "sluice", secretAccessKey: "${S3_SECRET_ACCESS_KEY}" });
  expect([...new Set([...overlay.matchAll(/\$\{(\w+)\}/g)].map((each) => each[1]!))].toSorted()).toEqual(Object.keys(secrets).toSorted());
});
