import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localPrincipal, type Principal } from "../../src/data/principal.ts";
import type { QueryRequest } from "../../src/data/query.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { modelServers, openTestApp, type TestApp } from "./open-test-app.ts";

const filler = "The harbour stands by the water, and the machine lifts heavy cargo in all weathers of the year. ".repeat(40);
const russian = "Ветряная станция снабжает электричеством более десяти тысяч домов, и каждый год она работает без остановки. ".repeat(4);
const reader = { ...localPrincipal, roles: ["reader" as const], classes: ["public" as const], keyId: "k" };
const report = (company: string, before = ""): string =>
  `${before}# Plant\n\n${company} GmbH delivers a harbour crane to Ostwick Terminal. ${filler}\n\n# Pay\n\nThe pay of Ms Petra Quandel, born on 3 May 1971, goes to DE89370400440532013000. ${filler}\n`;

describe("with scope: passage each passage has its own class", () => {
  let local: ModelServer;
  let cloud: ModelServer;
  let app: TestApp;
  beforeAll(async () => {
    local = await startModelServer({ role: "local" });
    cloud = await startModelServer({ role: "cloud" });
    app = await openTestApp([modelServers(local.url, cloud.url), { extraction: { quality: "high" }, privacy: { scope: "passage" } }]);
  }, 60_000);
  afterAll(async () => {
    await app.end();
    await Promise.all([local.close(), cloud.close()]);
  });
  const inCloud = (word: string): boolean => cloud.requests.some((each) => each.body.includes(word));
  const ingest = async (company: string, text: string | Uint8Array, options: { class?: "confidential"; name?: string } = {}) => {
    const { jobId, documentId } = await app.add({ name: options.name ?? `${company}.md`, text }, options.class ? { class: options.class } : {});
    expect((await app.ended(jobId)).status).toBe("done");
    return documentId;
  };
  const found = async (company: string, filters: QueryRequest["filters"] = {}, principal: Principal = reader) =>
    (await app.query(principal, { question: `What does ${company} GmbH deliver?`, collections: ["default"], limit: 8, retrieval: "hybrid", answer: false, filters }, { signal: new AbortController().signal })).passages.filter((each) => each.text.includes(company));

  it("so that readers find its public ones, without its name, and clouds are asked about those alone", async () => {
    const id = await ingest("Hafenbaueins", report("Hafenbaueins"));
    expect(await found("Hafenbaueins")).toMatchObject([{ documentId: id, document: null, class: "public", page: 1 }]);
    expect(await app.documents.get(reader, id)).toBeNull();
    expect((await app.documents.get(localPrincipal, id))!.class).toBe("pii");
    expect([inCloud("Hafenbaueins"), inCloud("Quandel"), inCloud("DE89")]).toEqual([true, false, false]);
    const asked = cloud.requests.filter((each) => each.body.includes("Hafenbaueins"));
    expect(asked.some((each) => each.body.includes(id))).toBe(false);
    await ingest("Hafenbaunull", `# Plant\n\nHafenbaunull GmbH delivers a harbour crane to Ostwick Terminal. ${filler}\n`);
    expect(inCloud("Hafenbaunull")).toBe(true);
  });

  it("but by them nobody learns when the document was written, and of what kind it is", async () => {
    await ingest("Hafenbaugestern", report("Hafenbaugestern"));
    await ingest("Hafenbauheute", `# Plant\n\nHafenbauheute GmbH delivers a harbour crane to Ostwick Terminal. ${filler}\n`);
    for (const filters of [{ after: "2000-01-01" }, { before: "2100-01-01" }, { mediaTypes: ["text/markdown"] }]) {
      const seen = await Promise.all([found("Hafenbaugestern", filters), found("Hafenbaugestern", filters, localPrincipal), found("Hafenbauheute", filters)]);
      expect(seen.map(({ length }) => length)).toEqual([0, 1, 1]);
    }
  });

  it("and what a private passage calls a thing is neither asked nor shown with a public one", async () => {
    await ingest("HEAG", `# Pay\n\nHafenbauacht Energie AG (HEAG) dismissed Mr Anton Quandel because of theft. ${filler}\n\n# Plant\n\nThe cranes of HEAG stand in Ostwick. ${filler}\n`);
    expect([inCloud("cranes of HEAG"), inCloud("Hafenbauacht"), inCloud("theft")]).toEqual([true, false, false]);
    const { items } = await app.entities.search(reader, { collection: "default", text: "", type: null, limit: 100, cursor: null });
    const shown = await Promise.all(items.map((each) => app.entities.get(reader, each.id)));
    expect(JSON.stringify(shown)).toContain("HEAG");
    expect(JSON.stringify(shown)).not.toMatch(/Hafenbauacht|theft|Quandel/);
  });

  it.each([
    ["a heading above it", "Hafenbaufuenf", `# Ms Petra Quandel, born 3 May 1971\n\nHafenbaufuenf GmbH delivers a harbour crane to Ostwick Terminal. ${filler}\n`],
    ["a column of its table", "Hafenbausechs", `# Cranes\n\n| delivered by | surname |\n|---|---|\n${"| Hafenbausechs GmbH | stone |\n".repeat(3)}\n${filler}\n`],
  ])("a passage is as private as %s", async (_, company, text) => {
    await ingest(company, `${text}\n# Harbours\n\n${filler}`);
    expect(await found(company)).toEqual([]);
    expect(inCloud(company)).toBe(false);
  });

  it.each([
    ["a marking", "Hafenbauzwei", report("Hafenbauzwei", "STRICTLY CONFIDENTIAL\n\n"), {}],
    ["what the uploader declared", "Hafenbaudrei", report("Hafenbaudrei"), { class: "confidential" as const }],
    ["a passage that could not be read", "Hafenbauvier", report("Hafenbauvier", `# Note\n\n${russian}\n\n`), {}],
  ])("but %s is about all of them", async (_, company, text, options) => {
    await ingest(company, text, options);
    expect(await found(company)).toEqual([]);
    expect(inCloud(company)).toBe(false);
  });
});
