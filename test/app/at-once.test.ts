import { afterEach, describe, expect, it } from "vitest";
import { localPrincipal } from "../../src/data/principal.ts";
import type { Principal } from "../../src/data/principal.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { answerByRules, type Rule } from "../servers/model-server/rules.ts";
import { modelServers, openTestApp, type TestApp } from "./open-test-app.ts";

let server: ModelServer;
let app: TestApp;
afterEach(async () => {
  await app.end();
  await server.close();
});

const full = "Brill Marine Pumps Ltd makes the Otter pump in Hull.";
const other = "Brill Marine Pumps Limited operates a crane in Hull.";

async function open(latencyMs: number, rules: Rule[] = []): Promise<void> {
  server = await startModelServer({ role: "local", latencyMs, rules });
  app = await openTestApp([modelServers(server.url), { privacy: { threads: 1 } }]);
}

/** What is shown as one thing, by the names of its organisations. */
async function organisations(principal: Principal = localPrincipal): Promise<string[][]> {
  const { items } = await app.entities.search(principal, { collection: "default", text: "Brill Marine Pumps", type: "ORGANIZATION", limit: 10, cursor: null });
  return items.map((each) => [...new Set([each.name, ...each.aliases])].toSorted());
}

describe("two names of one company in two documents are one thing", () => {
  it("when both documents are read at the same time", async () => {
    await open(150);
    const jobs = await Promise.all([full, other].map((text, index) => app.add({ name: `${index}.md`, text })));
    for (const { jobId } of jobs) expect((await app.ended(jobId)).status).toBe("done");
    expect(await organisations()).toEqual([["Brill Marine Pumps Limited", "Brill Marine Pumps Ltd"]]);
  }, 60_000);

  it("when a third document says so while the last one is still being read", async () => {
    const late = Promise.withResolvers<void>();
    const isLast = Promise.withResolvers<void>();
    const said = {
      Whitby: [{ name: "Brill", type: "organization" }, { name: "Whitby", type: "location" }],
      '(\\"Brill\\")': [{ name: "Brill Marine Pumps Ltd", type: "organization", aliases: ["Brill"] }, { name: "Hull", type: "location" }],
    };
    const hold: Rule = async (work, generation) => {
      const asked = JSON.stringify(generation.messages);
      if (asked.includes("Whitby") && asked.includes("Read the relations")) {
        isLast.resolve();
        await late.promise;
      }
      const reply = await answerByRules(work, generation);
      const entities = asked.includes("Read the entities") ? Object.entries(said).find(([text]) => asked.includes(text))?.[1] : undefined;
      return entities ? { ...reply, content: JSON.stringify({ entities }) } : reply;
    };
    await open(0, [hold]);
    const done = async (name: string, text: string) => expect((await app.ended((await app.add({ name, text })).jobId)).status).toBe("done");
    await done("first.md", full);
    const last = await app.add({ name: "last.md", text: "Brill operates a crane in Whitby." });
    await isLast.promise;
    await done("says-so.md", "Brill Marine Pumps Ltd (\"Brill\") makes the Otter pump in Hull.");
    late.resolve();
    expect((await app.ended(last.jobId)).status).toBe("done");
    expect((await organisations()).flat()).toContain("Brill");
    expect((await organisations()).length).toBe(1);
    const { items } = await app.entities.search(localPrincipal, { collection: "default", text: "Brill", type: "ORGANIZATION", limit: 10, cursor: null });
    expect(items.map((each) => each.documentCount)).toEqual([3]);
  }, 60_000);

  it("when the more private one came first, and only for those who see both", async () => {
    await open(0);
    for (const [text, value] of [[other, "confidential"], [full, undefined]] as const) {
      const { jobId } = await app.add({ name: `${value}.md`, text }, value ? { class: value } : {});
      expect((await app.ended(jobId)).status).toBe("done");
    }
    expect(await organisations()).toEqual([["Brill Marine Pumps Limited", "Brill Marine Pumps Ltd"]]);
    expect(await organisations({ ...localPrincipal, classes: ["public"] })).toEqual([["Brill Marine Pumps Ltd"]]);
  }, 60_000);
});
