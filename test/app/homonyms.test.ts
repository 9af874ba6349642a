import { afterEach, describe, expect, it } from "vitest";
import type { Entity } from "../../src/data/entity.ts";
import { localPrincipal } from "../../src/data/principal.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { modelServers, noModelServer, openTestApp, type TestApp } from "./open-test-app.ts";
import { tablesOf } from "./store-contents.ts";
import { untilStatus } from "./wait-for-job.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function open(values: unknown[]): Promise<TestApp> {
  const app = await openTestApp([...values, { privacy: { threads: 1 } }]);
  closing.push(() => app.end());
  return app;
}

async function local(): Promise<unknown[]> {
  const server: ModelServer = await startModelServer({ role: "local" });
  closing.push(() => server.close());
  return [modelServers(server.url)];
}

const texts = {
  physician: "# Cardiology\n\nDr. Anna Berger is a physician at St. Anna Hospital. Anna Berger leads the cardiology ward and treats patients with heart failure.",
  lawyer: "# The merger\n\nAnna Berger, a lawyer at Kraus LLP, advised Tidal Energy Ltd on the merger. Anna Berger signed the contract in March 2024.",
  partner: "# New partners\n\nKraus LLP announced today that Anna Berger is a partner at Kraus LLP since May 2024.",
  plain: "# Attendance\n\nAnna Berger attended the meeting on 4 May 2024 and spoke about the budget.",
  joint: "# Career\n\nAnna Berger worked at St. Anna Hospital before she joined a law firm. Today Anna Berger is a lawyer at Kraus LLP.",
};
type Name = keyof typeof texts;

async function ingest(app: TestApp, ...names: Name[]): Promise<string> {
  let last = "";
  for (const name of names) {
    const { jobId, documentId } = await app.add({ name: `${name}.md`, text: texts[name] });
    expect(await untilStatus(app, jobId, "done", "failed")).toMatchObject({ status: "done", error: null });
    last = documentId;
  }
  return last;
}

async function erase(app: TestApp, documentId: string): Promise<void> {
  const job = (await app.documents.erase(localPrincipal, documentId))!;
  expect(await untilStatus(app, job.id, "done", "failed")).toMatchObject({ status: "done", error: null });
}

const search = async (app: TestApp, text = "Anna Berger"): Promise<Entity[]> => (await app.entities.search(localPrincipal, { collection: "default", text, type: "PERSON", limit: 20, cursor: null })).items;

/** Who is who: the names of the documents each Anna Berger stands in, in order. */
async function people(app: TestApp): Promise<string[]> {
  const documents = new Map((await app.documents.list(localPrincipal, { collection: "default", limit: 20, cursor: null })).items.map((each) => [each.id, each.name.replace(".md", "")]));
  const found: string[] = [];
  for (const each of await search(app)) {
    const detail = (await app.entities.get(localPrincipal, each.id))!;
    found.push([...new Set(detail.mentions.map((mention) => documents.get(mention.documentId)!))].toSorted().join("+"));
  }
  return found.toSorted();
}

const settings: [how: string, values: () => Promise<unknown[]>][] = [["without a model server", async () => [noModelServer]], ["with a model server", local]];

describe.each(settings)("persons of one name, %s", (_how, values) => {
  it("are two when their own documents tie them to two organisations, and each name says which", async () => {
    const app = await open(await values());
    await ingest(app, "physician", "lawyer");
    expect(await people(app)).toEqual(["lawyer", "physician"]);
    const names = (await search(app)).map((each) => each.name).toSorted();
    expect(names).toEqual([expect.stringMatching(/^Anna Berger \((?:St\. )?Anna Hospital\)$/), "Anna Berger (Kraus LLP)"]);
    for (const name of names) expect((await search(app, name))[0]!.name).toBe(name);
  }, 120_000);

  it("are one when the organisation is the same, and its name says no more than it did", async () => {
    const app = await open(await values());
    await ingest(app, "lawyer", "partner");
    expect(await people(app)).toEqual(["lawyer+partner"]);
    expect((await search(app)).map((each) => each.name)).toEqual(["Anna Berger"]);
  }, 120_000);

  it("join the one they could be where nothing sets them apart, and none when they could be two", async () => {
    const app = await open(await values());
    await ingest(app, "plain", "lawyer");
    expect(await people(app)).toEqual(["lawyer+plain"]);
    const documentId = await ingest(app, "physician");
    expect(await people(app)).toEqual(["lawyer", "physician", "plain"]);
    await erase(app, documentId);
    expect(await people(app)).toEqual(["lawyer+plain"]);
  }, 120_000);

  it("are one while a document names both organisations of one person", async () => {
    const app = await open(await values());
    await ingest(app, "physician", "lawyer");
    const documentId = await ingest(app, "joint");
    expect(await people(app)).toEqual(["joint+lawyer+physician"]);
    await erase(app, documentId);
    expect(await people(app)).toEqual(["lawyer", "physician"]);
  }, 120_000);

  it("have the same rows in whatever order their documents come, and none of one that was erased", async () => {
    const own = await values();
    const rows = async (...steps: (Name | "erase")[]): Promise<unknown> => {
      const app = await open(own);
      let last = "";
      for (const step of steps) {
        if (step === "erase") await erase(app, last);
        else last = await ingest(app, step);
      }
      const { entities, mentions, statements, merges } = tablesOf(app.folder);
      return { entities: shown(entities!), mentions: shown(mentions!), statements: shown(statements!), merges: merges!.length, people: await people(app) };
    };
    const first = await rows("physician", "plain", "lawyer");
    expect(await rows("lawyer", "physician", "plain")).toEqual(first);
    expect(await rows("plain", "lawyer", "joint", "erase", "physician")).toEqual(first);
  }, 240_000);

  it("are what they were when their documents are read again", async () => {
    const app = await open(await values());
    await ingest(app, "physician", "lawyer");
    const before = tablesOf(app.folder)["mentions"];
    for (const { id } of (await app.documents.list(localPrincipal, { collection: "default", limit: 5, cursor: null })).items) {
      const job = (await app.documents.reprocess(localPrincipal, id))!;
      expect(await untilStatus(app, job.id, "done", "failed")).toMatchObject({ status: "done" });
    }
    expect(tablesOf(app.folder)["mentions"]).toEqual(before);
  }, 120_000);
});

/** Rows without the keys that a store counts up. */
const shown = (rows: string[]): string[] => rows.map((row) => row.replace(/\["(?:chunk|scope)",\d+\]/g, "")).toSorted();
