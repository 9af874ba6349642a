import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Redis } from "ioredis";
import { localPrincipal } from "../../src/data/principal.ts";
import { metrics } from "../../src/telemetry.ts";
import { rawZip } from "../parsers/sample-archives.ts";
import { type ModelServer, type RecordedRequest, startModelServer } from "../servers/model-server/model-server.ts";
import { describeOn, ownName } from "../servers/real-servers.ts";
import { mail, newCanary } from "./canary-documents.ts";
import { search } from "./canary-search.ts";
import { httpClient, serveTestApp } from "./http-client.ts";
import { modelServers, openTestApp, type TestApp } from "./open-test-app.ts";
import { startProcess } from "./start-process.ts";

const sought = (canary: string): string[] => [canary, canary.slice(0, -1)];
const recorded = ({ method, path, headers, body }: RecordedRequest): Buffer => Buffer.concat([Buffer.from(`${method} ${path} ${JSON.stringify(headers)}\n`), body]);
const seenBy = (server: ModelServer): Buffer => Buffer.concat(server.requests.map(recorded));
const high = { extraction: { quality: "high" }, answer: { quality: "high" } };
const about = (company: string, canary?: string): string => `${company} GmbH delivers a harbour crane to Ostwick Terminal. ${company} GmbH is based in Rostock.${canary ? ` Mrs Anna ${canary}, born on 7 June 1986, works for ${company} GmbH.` : ""}`;

/** Two servers for the tests of a suite. */
function twoServers(): { local: ModelServer; cloud: ModelServer } {
  const servers = {} as { local: ModelServer; cloud: ModelServer };
  beforeAll(async () => {
    Object.assign(servers, { local: await startModelServer({ role: "local" }), cloud: await startModelServer({ role: "cloud" }) });
  });
  afterAll(() => Promise.all([servers.local.close(), servers.cloud.close()]));
  return servers;
}

describe("a streamed answer", () => {
  const servers = twoServers();
  const canary = newCanary();

  it("tells a private name to its reader and not to the cloud; the public twin is streamed from there", async () => {
    const { app, url, close } = await serveTestApp([modelServers(servers.local.url, servers.cloud.url), high]);
    for (const [name, text] of [["private.txt", about("Kranwerk", canary)], ["twin.txt", about("Hafenbau")]] as const) await app.ended((await app.add({ name, text })).jobId);
    const stream = async (question: string): Promise<{ told: string; location: unknown }> => {
      let told = "";
      let location: unknown;
      for await (const { event, data } of httpClient(url).events("/v1/query", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ question, collections: ["default"] }) })) {
        told += `${event} ${data}\n`;
        if (event === "decision") location = (JSON.parse(data) as { location: unknown }).location;
      }
      return { told, location };
    };
    const own = await stream(`For which company does Mrs Anna ${canary} work?`);
    expect(own.location).toBe("local");
    expect(own.told).toContain("token ");
    expect(search([own.told], sought(canary))).not.toEqual([]);
    expect(search([seenBy(servers.local)], sought(canary))).not.toEqual([]);
    const twin = await stream("Where is the crane delivered by Hafenbau GmbH?");
    expect(twin.told).toContain("token ");
    expect(twin.told).toContain("done ");
    expect(seenBy(servers.cloud).includes("Hafenbau")).toBe(true);
    expect(search([seenBy(servers.cloud)], sought(canary))).toEqual([]);
    await close();
  });
});

describe("the body of a model server's error", () => {
  const servers = twoServers();
  const canary = newCanary();
  const lines: string[] = [];
  let app: TestApp;
  beforeAll(async () => {
    app = await openTestApp([modelServers(servers.local.url, servers.cloud.url), high, { routing: { retryDelayMs: 2, breaker: { failures: 50 } } }], undefined, pino({ level: "trace" }, { write: (line: string) => void lines.push(line) }));
  });
  afterAll(() => app.end());

  it.each(["internal", "bad-request", "error-mid-stream", "unauthorized"] as const)("that quotes a document (%s) stands in no log, job, event, metric, audit line or cloud call", async (kind) => {
    const [own, twin] = [`Kranwerk${kind.replace(/\W/gu, "")}`, `Hafenbau${kind.replace(/\W/gu, "")}`];
    const message = `cannot read this: ${about(own, canary)}`;
    servers.local.setFaults([{ kind, message, containing: own }]);
    servers.cloud.setFaults([{ kind, message, containing: twin }]);
    const jobs = [];
    for (const [name, text] of [[`${own}.txt`, about(own, canary)], [`${twin}.txt`, about(twin)]] as const) {
      const { jobId } = await app.add({ name, text });
      jobs.push(await app.ended(jobId));
      const events = await app.jobs.events(localPrincipal, jobId, 0, AbortSignal.timeout(300));
      const told: unknown[] = [];
      try {
        for await (const event of events ?? []) told.push(event);
      } catch {
        // A job that waits goes on telling.
      }
      expect(search([JSON.stringify(told)], sought(canary))).toEqual([]);
    }
    servers.local.setFaults([]);
    servers.cloud.setFaults([]);
    // The way was walked: the servers were asked about both, and what they did is on the jobs or in the log.
    expect(servers.local.requests.some((each) => each.body.includes(own))).toBe(true);
    expect(servers.cloud.requests.some((each) => each.body.includes(twin))).toBe(true);
    expect(`${JSON.stringify(jobs)}${lines.join("")}`).toMatch(/fallback_used|kept_local|model_unavailable|unavailable/);
    expect(search([JSON.stringify(jobs), lines.join(""), await metrics.metrics(), seenBy(servers.cloud)], sought(canary))).toEqual([]);
    const audited: unknown[] = [];
    for await (const record of app.audit.export({})) audited.push(record);
    expect(audited.length).toBeGreaterThan(0);
    expect(search([JSON.stringify(audited)], sought(canary))).toEqual([]);
  });
});

describe("an archive attached to a letter", () => {
  const servers = twoServers();

  it("is opened: what lies in it, or that it is locked, keeps the letter here; its public twin leaves", async () => {
    const canary = newCanary();
    const app = await openTestApp([modelServers(servers.local.url, servers.cloud.url), high]);
    const note = (words: string, encrypted = false): Buffer => rawZip([{ name: "note.txt", bytes: words, encrypted }]);
    const letter = (company: string, archive: Buffer) => ({ name: `${company}.eml`, text: mail("Delivery", about(company), "application/zip", "notes.zip", archive) });
    const said = `Mrs Anna ${canary}, born on 7 June 1986, works here.`;
    const jobs = [];
    for (const file of [letter("Kranwerk", note(said)), letter("Schleusenbau", note(said, true)), letter("Hafenbau", note("The crane works here."))]) jobs.push(await app.ended((await app.add(file)).jobId));
    expect(jobs.map((job) => [job.status, job.class])).toEqual([["done", "pii"], ["done", "pii"], ["done", "public"]]);
    expect(jobs.map((job) => job.warnings.some(({ code }) => code === "attachment_unreadable"))).toEqual([false, true, false]);
    expect(seenBy(servers.cloud).includes("Hafenbau")).toBe(true);
    expect(search([seenBy(servers.cloud)], [...sought(canary), "Kranwerk", "Schleusenbau"])).toEqual([]);
    await app.end();
  });
});

describe("a crash", () => {
  const servers = twoServers();
  const canary = newCanary();

  it("prints where it was, and nothing of the error's own text", async () => {
    const app = await openTestApp([modelServers(servers.local.url)]);
    const crash = join(app.folder, "crash.mjs");
    const sign = join(app.folder, "now");
    await writeFile(crash, `import { existsSync } from "node:fs";\nimport { isMainThread } from "node:worker_threads";\nif (isMainThread) setInterval(() => { if (existsSync(${JSON.stringify(sign)})) throw new Error(${JSON.stringify(about("Kranwerk", canary))}); }, 20);\n`);
    const started = await startProcess(["serve", "--data", join(app.folder, "served"), "--port", "0"], { NODE_OPTIONS: `--import=${pathToFileURL(crash).href}` });
    await writeFile(sign, "");
    expect(await started.ended).not.toBe(0);
    expect(started.output()).toContain("sluice ended on an error of its own");
    expect(started.output()).toContain("crash.mjs");
    expect(search([started.output()], sought(canary))).toEqual([]);
    await app.end();
  });
});

/** Every command that anybody sends from now on. Over a plain socket: the client loses count where others are busy as it begins. */
async function monitorRedis(url: string): Promise<{ end(): string }> {
  const { hostname, port, username, password } = new URL(url);
  const socket = connect(Number(port), hostname);
  let told = "";
  socket.on("data", (bytes) => void (told += bytes.toString("latin1")));
  const said = [...(password ? [`AUTH ${[username, password].filter(Boolean).map(decodeURIComponent).join(" ")}`] : []), "MONITOR"];
  socket.write(said.map((each) => `${each}\r\n`).join(""));
  while (told.split("+OK\r\n").length <= said.length) await once(socket, "data");
  return {
    end() {
      socket.destroy();
      return told;
    },
  };
}

describeOn("redis", "the shared queue", (redis) => {
  const servers = twoServers();
  const canary = newCanary();

  it("is told which document to read, and no word of it", async () => {
    const prefix = ownName();
    const watcher = new Redis(redis.url);
    const monitor = await monitorRedis(redis.url);
    const app = await openTestApp([modelServers(servers.local.url, servers.cloud.url), high, { stores: { queue: { driver: "redis", url: redis.url, prefix } } }]);
    const ids: string[] = [];
    for (const [name, text] of [[`Mrs Anna ${canary}.txt`, about("Kranwerk", canary)], ["twin.txt", about("Hafenbau")]] as const) {
      const { jobId, documentId } = await app.add({ name, text });
      ids.push(documentId);
      expect((await app.ended(jobId)).status).toBe("done");
    }
    const held: string[] = [];
    for (const key of await watcher.keys(`*${prefix}*`)) held.push(key, ((await watcher.dumpBuffer(key)) ?? Buffer.alloc(0)).toString("latin1"));
    watcher.disconnect();
    const commands = monitor.end();
    for (const id of ids) expect(commands).toContain(id);
    expect(search([commands, held.join("\n")], [...sought(canary), "Kranwerk"])).toEqual([]);
    expect(seenBy(servers.cloud).includes("Hafenbau")).toBe(true);
    expect(search([seenBy(servers.cloud)], sought(canary))).toEqual([]);
    await app.end();
  });
});
