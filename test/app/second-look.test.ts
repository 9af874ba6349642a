import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localPrincipal } from "../../src/data/principal.ts";
import type { Job } from "../../src/data/job.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { modelServers, openTestApp, type TestApp } from "./open-test-app.ts";

const opening = "You look for private content";
const text = (company: string, more: string): string => `Hafenbau${company.toLowerCase()} GmbH delivers a harbour crane to Ostwick Terminal. ${more} Ostwick Terminal operates the port of Ostwick.`;

describe("a second look by a local model", () => {
  let local: ModelServer;
  let cloud: ModelServer;
  let app: TestApp;
  const jobs: Record<string, Job> = {};
  const asked = (server: ModelServer, company: string) => server.requests.filter((each) => each.body.includes(opening) && each.body.includes(`Hafenbau${company.toLowerCase()}`)).length;

  beforeAll(async () => {
    const look = (prompt: string): object => {
      if (prompt.includes("Hafenbaugarbled")) return { seen: "nothing" };
      const quotes = ["the tall one from row three", "a name that stands nowhere"].filter((quote) => quote.startsWith("a name") || prompt.includes(quote));
      return { found: prompt.includes("Hafenbauplain") ? [] : quotes.map((quote) => ({ kind: "person", quote })) };
    };
    const answer = (prompt: string) => (prompt.includes(opening) ? { content: JSON.stringify(look(prompt)) } : null);
    local = await startModelServer({ role: "local", rules: [(_work, generation) => answer(generation.messages.map((each) => each.content).join("\n"))] });
    cloud = await startModelServer({ role: "cloud" });
    app = await openTestApp([modelServers(local.url, cloud.url), { privacy: { secondLook: { when: "cloud" } }, extraction: { quality: "high" } }]);
    const texts = { Seen: "It came from the tall one from row three of the hall.", Plain: "It was built in spring.", Made: "It was built in May.", Garbled: "It was built in June.", Strict: "Mrs Petra Quandel signed it." };
    const added = [];
    for (const [company, more] of Object.entries(texts)) added.push({ company, ...(await app.add({ name: `hafenbau${company.toLowerCase()}.txt`, text: text(company, more) })) });
    for (const { company, jobId } of added) jobs[company] = await app.ended(jobId);
  }, 60_000);
  afterAll(async () => {
    await app.end();
    await Promise.all([local.close(), cloud.close()]);
  });

  it("raises what the detectors found nothing in, and says where", async () => {
    expect([jobs["Seen"]!.class, jobs["Plain"]!.class]).toEqual(["pii", "public"]);
    const document = (await app.documents.get(localPrincipal, jobs["Seen"]!.documentId))!;
    expect(document.reasons).toEqual([{ kind: "second_look", class: "pii", count: 1, detector: "model: person" }]);
    expect(await app.documents.findings(localPrincipal, document.id)).toEqual([expect.objectContaining({ kind: "second_look", place: "body", text: "the tall one from row three" })]);
    expect(cloud.requests.some((each) => each.body.includes("Hafenbauseen GmbH"))).toBe(false);
    expect(cloud.requests.some((each) => each.body.includes("Hafenbauplain GmbH"))).toBe(true);
  });

  it("counts only what stands in the text, word for word", () => expect(jobs["Made"]!.class).toBe("public"));

  it("that gives no usable answer leaves the text unknown, with a warning", () => {
    expect(jobs["Garbled"]!).toMatchObject({ class: "pii", status: "done" });
    expect(jobs["Garbled"]!.warnings.map((each) => each.code)).toEqual(expect.arrayContaining(["second_look_failed", "kept_local"]));
  });

  it("is not asked for where nothing could be raised, never in the cloud, and once for the same text", async () => {
    expect(asked(local, "Strict")).toBe(0);
    expect(cloud.requests.filter((each) => each.body.includes(opening))).toEqual([]);
    expect(asked(local, "Seen")).toBe(1);
    const released = (await app.documents.release(localPrincipal, jobs["Seen"]!.documentId, { signal: "second_look", reason: "a chair" }))!;
    expect((await app.settled(released.job.id, AbortSignal.timeout(30_000))).class).toBe("public");
    expect(asked(local, "Seen")).toBe(1);
  });

  it("reads what may leave of a private document too, where each passage has its own class", async () => {
    const other = await openTestApp([modelServers(local.url, cloud.url), { privacy: { scope: "passage", secondLook: { when: "cloud", characters: 500 } }, extraction: { quality: "high" } }]);
    try {
      const filler = "The harbour stands by the water, and the machine lifts heavy cargo in all weathers of the year. ".repeat(40);
      const section = (heading: string, said: string) => `# ${heading}\n\n${said} ${filler}\n\n`;
      const sections = [section("Pay", "The pay of Ms Petra Quandel goes to DE89370400440532013000."), section("Plant", "Hafenbaurow GmbH asked the tall one from row three."), section("Yard", "Hafenbauyard GmbH saw the tall one from row three."), section("Crane", "Hafenbaucrane GmbH delivers a harbour crane.")];
      await other.ended((await other.add({ name: "rows.md", text: sections.join("") })).jobId);
      expect(asked(local, "Row")).toBe(1);
      expect(["Hafenbaurow", "Hafenbauyard", "Quandel", "Hafenbaucrane"].map((word) => cloud.requests.some((each) => each.body.includes(word)))).toEqual([false, false, false, true]);
    } finally {
      await other.end();
    }
  });
});
