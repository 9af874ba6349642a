import { Redis } from "ioredis";
import { afterEach, describe, expect, it } from "vitest";
import { localPrincipal } from "../../src/data/principal.ts";
import { describeOn, ownName } from "../servers/real-servers.ts";
import { newCanary } from "./canary-documents.ts";
import { search } from "./canary-search.ts";
import { modelServers, openTestApp } from "./open-test-app.ts";
import { type Opened, openWithSummaries, publicReader, sayings } from "./open-with-summaries.ts";
import { filesWith } from "./store-contents.ts";
import { untilStatus, waitFor } from "./wait-for-job.ts";

/** Summaries are asked of the cloud where the class lets them; all else stays here. */
const afar = { routing: { retryDelayMs: 2, rules: [{ name: "summaries afar", when: { taskType: "enrichment" }, use: { location: "cloud" } }] } };

const opened: Opened[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function open(values: unknown[] = [], options: { cloud?: boolean } = { cloud: true }): Promise<Opened> {
  const made = await openWithSummaries(options.cloud ? [afar, ...values] : values, options);
  opened.push(made);
  return made;
}

async function ingestSayings({ ingest }: Opened, company: string): Promise<string[]> {
  const ids = [];
  for (const [index, text] of sayings(company).entries()) ids.push(await ingest(`${company}-${index}.txt`, text));
  return ids;
}

async function erase({ app }: Opened, documentId: string): Promise<void> {
  const job = (await app.documents.erase(localPrincipal, documentId))!;
  expect(await untilStatus(app, job.id, "done", "failed")).toMatchObject({ status: "done", error: null });
}

describe("where a summary is made", () => {
  it("is here when one source is private, not a byte of it leaves; the public twin is made in the cloud, paid and on record", async () => {
    const all = await open();
    const { ingest, read, cloud, asked, app } = all;
    const canary = newCanary();
    await ingestSayings(all, "Kranwerk");
    await ingestSayings(all, "Hafenbau");
    await ingest("private.txt", `Kranwerk GmbH employs Mrs Anna ${canary}, born on 7 June 1986, in its workshop for old gears.`);
    const own = await read("Kranwerk GmbH");
    expect(own).toMatchObject({ class: "pii", summarised: true, decision: { location: "local", reason: "sensitive_data" } });
    expect(own.description).toContain(canary);
    expect(asked(cloud)).toEqual([]);
    const twin = await read("Hafenbau GmbH");
    expect(twin).toMatchObject({ class: "public", summarised: true, decision: { location: "cloud", backend: "ollama-cloud" } });
    expect(twin.description).toMatch(/^From afar: .*Hafenbau/);
    expect(asked(cloud)).toHaveLength(1);
    expect(search([Buffer.concat(cloud.requests.map((each) => each.body))], [canary, canary.slice(0, -1), "Kranwerk"])).toEqual([]);
    const costs = (await app.costs(localPrincipal, { days: 1, ofAll: false })).items.filter((each) => each.taskType === "enrichment");
    expect(costs.map((each) => [each.location, each.calls]).toSorted()).toEqual([["cloud", 1], ["local", 1]]);
    expect(costs.find((each) => each.location === "cloud")!.usd).toBeGreaterThan(0);
    const audited = [];
    for await (const call of app.audit.export({})) audited.push(call);
    expect(audited).toMatchObject([{ task_type: "enrichment", data_classification: "public", document_id: null, outcome: "answered" }]);
    expect((await app.audit.verify({ anchor: null, signal: new AbortController().signal })).faults).toEqual([]);
  });

  it("is the cloud for internal sources under other names, and the real ones come back to the letter", async () => {
    const all = await open([{ privacy: { policy: "balanced" } }]);
    const { ingest, read, cloud, asked } = all;
    const led = "Since 2021 Kranwerk GmbH has been led by Katharina Vogel, who came from the yards of the north.";
    await ingestSayings(all, "Kranwerk");
    await ingest("led.txt", led);
    const entity = await read("Kranwerk GmbH");
    expect(entity).toMatchObject({ class: "internal", summarised: true, decision: { location: "cloud" } });
    expect(entity.description).toContain(led);
    expect(asked(cloud)).toHaveLength(1);
    expect(asked(cloud)[0]).toContain("[PERSON_1]");
    expect(search([Buffer.concat(cloud.requests.map((each) => each.body))], ["Katharina", "Vogel"])).toEqual([]);
    // Kept with the real names: whoever reads it next asks nobody.
    expect(await read("Kranwerk GmbH")).toEqual(entity);
    expect(asked(cloud)).toHaveLength(1);
  });

  it("is here when the cloud fails, and the reader is told", async () => {
    const all = await open();
    await ingestSayings(all, "Hafenbau");
    all.cloud.setFaults([{ kind: "unavailable", containing: "<descriptions>" }]);
    const entity = await all.read("Hafenbau GmbH");
    expect(entity).toMatchObject({ summarised: true, decision: { location: "local", reason: "fallback_used" } });
    expect(entity.description).toMatch(/^In short: /);
    expect(entity.warnings.map((each) => each.code)).toContain("fallback_used");
  });

  it("is here when the budget is used up", async () => {
    const all = await open([{ budgets: { dayUsd: 0 } }]);
    await ingestSayings(all, "Hafenbau");
    expect(await all.read("Hafenbau GmbH")).toMatchObject({ summarised: true, decision: { location: "local", reason: "budget_exceeded" } });
    expect(all.asked(all.cloud)).toEqual([]);
  });
});

describe("a summary goes", () => {
  const word = "zwerxgear";

  it("with any of the documents it was made from", async () => {
    const all = await open([], { cloud: false });
    const { ingest, read, app } = all;
    await ingestSayings(all, "Kranwerk");
    const id = await ingest("gears.txt", `Kranwerk GmbH makes the ${word} of the great cranes in its own foundry.`);
    expect((await read("Kranwerk GmbH")).description).toContain(word);
    expect(await filesWith(app.folder, [word])).toContainEqual(expect.stringMatching(/^cache\.sqlite/));
    await erase(all, id);
    expect(await filesWith(app.folder, [word])).toEqual([]);
    expect((await read("Kranwerk GmbH")).description).not.toContain(word);
  });

  it("with a document that is erased while it is being made", async () => {
    const all = await open([], { cloud: false });
    const { ingest, read, asked, local, hold, app } = all;
    await ingestSayings(all, "Kranwerk");
    const id = await ingest("gears.txt", `Kranwerk GmbH makes the ${word} of the great cranes in its own foundry.`);
    const release = hold();
    const reading = read("Kranwerk GmbH");
    await waitFor(() => asked(local), (bodies) => bodies.length > 0);
    await erase(all, id);
    release();
    await reading;
    expect(await filesWith(app.folder, [word])).toEqual([]);
  });

  it("when the class of a source rises, and when a release of one is taken back", async () => {
    const all = await open();
    const { ingest, read, cloud, asked, app } = all;
    await ingestSayings(all, "Kranwerk");
    const text = `Kranwerk GmbH makes the ${word} of the great cranes in its own foundry.`;
    await ingest("gears.txt", text);
    const released = await ingest("imprint.txt", "Kranwerk GmbH is answered for by Mrs Petra Quandel, petra.quandel@kranwerk.example, in all matters of the zwerxpress.");
    const { job, release } = (await app.documents.release({ ...localPrincipal, roles: ["reviewer"] }, released, { class: "public", reason: "an imprint" }))!;
    await app.settled(job.id, AbortSignal.timeout(50_000));
    const first = await read("Kranwerk GmbH", publicReader);
    expect(first).toMatchObject({ summarised: true, decision: { location: "cloud" } });
    expect(first.description).toMatch(/zwerxgear.*Quandel|Quandel.*zwerxgear/);
    const kept = () => filesWith(app.folder, ["From afar"]);
    expect(await kept()).not.toEqual([]);

    const ended = (await app.documents.endRelease({ ...localPrincipal, roles: ["reviewer"] }, released, release.id))!;
    expect(ended.calls.map((each) => each.taskType)).toContain("enrichment");
    await app.settled(ended.job.id, AbortSignal.timeout(50_000));
    expect(await kept()).toEqual([]);
    const second = await read("Kranwerk GmbH", publicReader);
    expect(second.description).not.toContain("Quandel");
    expect(second).toMatchObject({ summarised: true, decision: { location: "cloud" } });

    await ingest("gears.txt", text, "confidential");
    expect(await kept()).toEqual([]);
    const third = await read("Kranwerk GmbH", publicReader);
    expect(third.description).not.toContain(word);
    const left = asked(cloud).length;
    const whole = await read("Kranwerk GmbH");
    expect(whole).toMatchObject({ class: "pii", decision: { location: "local" } });
    expect(whole.description).toMatch(/Quandel/);
    expect(asked(cloud)).toHaveLength(left);
  });

  it("when a document is read again and found to be more private than before", async () => {
    const all = await open([], { cloud: false });
    await ingestSayings(all, "Kranwerk");
    const id = await all.ingest("gears.txt", `Kranwerk GmbH makes the ${word} of the great cranes in its own foundry.`);
    expect((await all.read("Kranwerk GmbH", publicReader)).description).toContain(word);
    await all.app.end(true);
    const again = await openTestApp([modelServers(all.local.url), { summaries: { above: 200 }, privacy: { terms: [word] } }], all.app.folder);
    await again.settled((await again.documents.reprocess(localPrincipal, id))!.id, AbortSignal.timeout(50_000));
    expect((await again.documents.get(localPrincipal, id))!.class).toBe("confidential");
    expect(await filesWith(again.folder, ["In short"])).toEqual([]);
    await again.end();
  });
});

describeOn("redis", "a summary that several processes share", (redis) => {
  it("goes with any of the documents it was made from, also when it comes after the erasure", async () => {
    const prefix = ownName();
    const watcher = new Redis(redis.url);
    const kept = async (): Promise<string> => {
      const answers = await watcher.keys(`${prefix}:cache:value:*`);
      return (await Promise.all(answers.map((key) => watcher.get(key)))).join();
    };
    const all = await open([{ stores: { cache: { driver: "redis", url: redis.url, prefix } } }], { cloud: false });
    await ingestSayings(all, "Kranwerk");
    const gears = () => all.ingest("gears.txt", "Kranwerk GmbH makes the zwerxgear of the great cranes in its own foundry.");
    const id = await gears();
    await all.read("Kranwerk GmbH");
    await all.read("Kranwerk GmbH");
    expect(all.asked(all.local)).toHaveLength(1);
    expect(await kept()).toContain("zwerxgear");
    await erase(all, id);
    expect(await kept()).not.toContain("zwerxgear");

    const again = await gears();
    const release = all.hold();
    const reading = all.read("Kranwerk GmbH");
    await waitFor(() => all.asked(all.local), (bodies) => bodies.length > 1);
    await erase(all, again);
    release();
    expect((await reading).description).toContain("zwerxgear");
    expect(await kept()).not.toContain("zwerxgear");
    watcher.disconnect();
  });
});
