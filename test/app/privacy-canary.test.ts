import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { setTimeout as sleep } from "node:timers/promises";
import pino from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isOver, type Job } from "../../src/data/job.ts";
import { localPrincipal } from "../../src/data/principal.ts";
import { metrics } from "../../src/telemetry.ts";
import { type ModelServer, type RecordedRequest, startModelServer } from "../servers/model-server/model-server.ts";
import { canaryDocument, newCanary, type Place, places } from "./canary-documents.ts";
import { search } from "./canary-search.ts";
import { modelServers, openTestApp, type TestApp } from "./open-test-app.ts";

const letters = (place: string): string => place.replace(/\W/gu, "");
/** The plain letters of a canary too: character recognition may drop its accent. */
const sought = (canaries: string[]): string[] => canaries.flatMap((each) => [each, each.slice(0, -1)]);
const recorded = ({ method, path, headers, body }: RecordedRequest): Buffer => Buffer.concat([Buffer.from(`${method} ${path} ${JSON.stringify(headers)}\n`), body]);

async function over(app: TestApp, jobId: string): Promise<Job> {
  for (;;) {
    const job = (await app.jobs.get(localPrincipal, jobId))!;
    if (isOver(job.status)) return job;
    await sleep(50);
  }
}

describe("the search for a canary", () => {
  const canary = newCanary();
  const forms: [string, Buffer][] = [
    ["plain", Buffer.from(`x ${canary.toUpperCase()} y`)],
    ["base64", Buffer.from(Buffer.from(`a ${canary} b`).toString("base64"))],
    ["base64, one byte on", Buffer.from(Buffer.from(`ab ${canary}!`).toString("base64"))],
    ["base64, two bytes on", Buffer.from(Buffer.from(`abc ${canary}`).toString("base64"))],
    ["base64 of UTF-16", Buffer.from(Buffer.from(`k${canary}`, "utf16le").toString("base64"))],
    ["hex", Buffer.from(Buffer.from(canary).toString("hex").toUpperCase())],
    ["URL", Buffer.from(`?q=${encodeURIComponent(canary)}`)],
    ["JSON-escaped", Buffer.from(JSON.stringify({ q: canary }).replace("é", "\\u00e9"))],
    ["UTF-16", Buffer.from(canary, "utf16le")],
    ["gzip", Buffer.concat([Buffer.from("x"), gzipSync(`a ${canary} b`), Buffer.from("y")])],
    ["gzip in base64", Buffer.from(`{"body":"${gzipSync(`a ${canary} b`).toString("base64")}"}`)],
  ];
  it.each(forms)("finds it in %s form", (_form, bytes) => expect(search([bytes], [canary])).not.toEqual([]));
  it("finds none where there is none", () => expect(search(["an ordinary text of some length"], sought([canary]))).toEqual([]));
});

/** Read by the gate, and no part of what a model is asked about. */
const beside = new Set<Place>(["name", "metadata", "title", "page header", "sheet footer", "PDF packet", "alt text", "picture", "entry's name", "folder in an archive in an archive", "archive's comment"]);
/** Its own text is all that an archive's entries are: what stands beside them makes the archive private, and no call is about that. */
const ofTheArchive = new Set<Place>(["archive's comment"]);
const somePlaces: Place[] = ["body", "hidden sheet", "attachment in an attachment", "letter with an attachment in an attachment, in an archive", "picture"];

describe.each([
  { policy: "strict", failing: false, places: [...places] },
  { policy: "balanced", failing: false, places: ["body", "name", "metadata", "comment"] as Place[] },
  { policy: "strict", failing: true, places: somePlaces },
] as const)("canaries under the policy $policy, servers failing: $failing", ({ policy, failing, places: hidden }) => {
  const canaries = new Map<Place, string>();
  const lines: string[] = [];
  const jobs: { place: Place; private: boolean; job: Job }[] = [];
  let local: ModelServer;
  let cloud: ModelServer;
  let app: TestApp;

  const company = (place: Place, isPrivate: boolean): string => `${isPrivate ? "Kranwerk" : "Hafenbau"}${letters(place)}`;

  beforeAll(async () => {
    local = await startModelServer({ role: "local" });
    cloud = await startModelServer({ role: "cloud" });
    if (failing) {
      const about = (place: Place, isPrivate: boolean) => ({ containing: company(place, isPrivate) });
      local.setFaults([{ kind: "unavailable", times: 3, ...about("body", true) }, { kind: "model-missing", times: 2, ...about("hidden sheet", true) }, { kind: "cut-stream", times: 1, ...about("picture", true) }]);
      cloud.setFaults([{ kind: "rate-limit", times: 2, ...about("picture", false) }, { kind: "internal", times: 6, ...about("body", false) }, { kind: "malformed-json", times: 1, ...about("hidden sheet", false) }]);
    }
    const log = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
    app = await openTestApp([modelServers(local.url, cloud.url), { privacy: { policy }, extraction: { quality: "high" }, answer: { quality: "high" }, vision: { cloud: true }, jobs: { waitMs: 200 }, routing: { localToCloud: true, retryDelayMs: 2, breaker: { failures: 50 } } }], undefined, log);
    const accepted = [];
    for (const place of hidden) {
      const canary = newCanary();
      canaries.set(place, canary);
      for (const secret of [canary, null]) {
        const { name, bytes } = await canaryDocument(place, company(place, secret !== null), secret);
        accepted.push({ place, private: secret !== null, ...(await app.add({ name, text: bytes })) });
      }
    }
    for (const { jobId } of accepted) await app.ended(jobId);
    // Jobs that wait for a server are taken up again when it answers.
    for (const server of [local, cloud]) server.setFaults([]);
    for (const { jobId, ...rest } of accepted) jobs.push({ ...rest, job: await over(app, jobId) });
    const names = [...canaries.values()];
    for (const question of [`Where does Mrs Anna ${names[0]} work?`, `When was Anna ${names[3]} born?`, `Where does Mrs Anna ${names[0]} work?`, "Who delivers a harbour crane to Ostwick Terminal?", `Where is ${company("body", false)} GmbH based?`]) {
      for (const retrieval of ["hybrid", "vector"] as const) await app.ask(question, { retrieval });
    }
  }, 120_000);
  afterAll(async () => {
    await app.end();
    await Promise.all([local.close(), cloud.close()]);
  });

  it("every document is read, and a canary makes it private", () => {
    expect(jobs.map(({ place, private: isPrivate, job }) => [place, job.status, isPrivate === (job.class !== "public"), job.error])).toEqual(jobs.map(({ place }) => [place, "done", true, null]));
  });

  it("the cloud sees no byte of any, in any form, headers included", () => {
    expect(cloud.requests.length).toBeGreaterThan(hidden.length);
    expect(search([Buffer.concat(cloud.requests.map(recorded))], sought([...canaries.values()]))).toEqual([]);
  });

  it("the local server does see them: they went somewhere", () => {
    const seen = [Buffer.concat(local.requests.map(recorded))];
    for (const place of hidden) if (policy === "strict" && !beside.has(place)) expect([place, search(seen, [canaries.get(place)!]).length > 0]).toEqual([place, true]);
  });

  it.each(hidden)("the cloud sees the public twin: %s", (place) => {
    expect(cloud.requests.some((each) => each.body.includes(company(place, false)))).toBe(true);
  });

  it.runIf(policy === "strict")("no call at all about a private document goes to the cloud", () => {
    for (const { place, job } of jobs.filter((each) => each.private && !ofTheArchive.has(each.place))) expect([place, job.decisions.filter((each) => each.location === "cloud")]).toEqual([place, []]);
    for (const place of hidden) expect([place, cloud.requests.some((each) => each.body.includes(company(place, true)))]).toEqual([place, ofTheArchive.has(place)]);
  });

  it.runIf(failing)("retries and fallbacks did happen, and never a private text went the other way", () => {
    const codes = (place: Place, isPrivate: boolean) => jobs.find((each) => each.place === place && each.private === isPrivate)!.job.warnings.map((each) => each.code);
    expect(codes("body", false)).toContain("fallback_used");
    expect(codes("hidden sheet", false)).toContain("asked_again");
    for (const place of hidden) expect(codes(place, true)).toContain("kept_local");
  });

  it("logs, metrics, jobs, checkpoints and what is left of temporary files hold none", async () => {
    const texts = sought([...canaries.values()]);
    expect(lines.length).toBeGreaterThan(0);
    expect(search([lines.join("")], texts)).toEqual([]);
    expect(search([await metrics.metrics()], texts)).toEqual([]);
    // A job shows its document's name to whoever may see it; nothing else of it.
    expect(search(jobs.map(({ job }) => JSON.stringify({ ...job, name: "" })), texts)).toEqual([]);
    const files = await readdir(app.folder, { recursive: true, withFileTypes: true });
    const state = files.filter((each) => each.isFile() && (each.name.startsWith("checkpoints") || /^(?:spool|temporary|tmp)/u.test(relative(app.folder, each.parentPath))));
    expect(state.some((each) => each.name.startsWith("checkpoints"))).toBe(true);
    for (const { parentPath, name } of state) expect([name, search([await readFile(join(parentPath, name))], texts)]).toEqual([name, []]);
  });
});
