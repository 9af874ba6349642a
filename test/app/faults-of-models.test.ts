import { describe, expect, it } from "vitest";
import { localPrincipal } from "../../src/data/principal.ts";
import type { Fault } from "../servers/model-server/faults.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { letterWithPicture } from "./kill/letter-with-picture.ts";
import { modelServers, openTestApp, type TestApp } from "./open-test-app.ts";
import { untilStatus, waitFor } from "./wait-for-job.ts";

const values = { jobs: { waitMs: 200 }, privacy: { threads: 1 }, parsing: { ocrLanguages: ["eng"] } };

/** Calls that ask for work, as the server received them. */
const bodies = (server: ModelServer): string[] => server.requests.filter((each) => /chat|generate|embed/.test(each.path)).map((each) => `${each.path} ${each.body}`);

describe("without a model server", () => {
  it("the built-in language processing does the work, and the job says so and how to get more", async () => {
    const app = await openTestApp();
    try {
      const { jobId } = await app.add({ name: "note.txt", text: "Velden Marine GmbH is based in Rostock." });
      const job = await app.ended(jobId);
      expect([job.status, job.error]).toEqual(["done", null]);
      expect(job.warnings.find((each) => each.code === "built_in_extraction")?.message).toContain("ollama pull");
      expect(job.counts.entities).toBeGreaterThan(0);
    } finally {
      await app.end();
    }
  });
});

/** Which call is on its way when the server goes; it is answered late, so that the server is gone first. */
const stages: [stage: string, call: Omit<Fault, "kind">][] = [
  ["embed", { path: "/api/embed" }],
  ["extractEntities", { containing: "Read the entities of a passage" }],
  ["extractRelations", { containing: "Read the relations between entities" }],
  ["vision", { model: "qwen2.5vl:7b:local" }],
];

describe("a model server that has answered before and goes away", () => {
  it.concurrent.each(stages)(
    "in the middle of %s lets the job wait, which goes on by itself when it is back and asks nothing twice",
    async (_, call) => {
      const first = await startModelServer({ role: "local" });
      const app = await openTestApp([modelServers(first.url), values]);
      let second: ModelServer | null = null;
      try {
        const known = await app.add({ name: "known.eml", text: await letterWithPicture("Velden Marine") });
        expect((await app.ended(known.jobId)).status).toBe("done");
        const asked = bodies(first).length;
        first.setFaults([{ kind: "slow", delayMs: 30_000, ...call }]);
        const { jobId, documentId } = await app.add({ name: "letter.eml", text: await letterWithPicture("Harrow Shipping") });
        const matches = (each: string) => (call.path ? each.startsWith(call.path) : each.includes(call.containing ?? `"model":"${call.model}"`));
        await waitFor(() => bodies(first).slice(asked).some(matches), Boolean);
        await first.close();

        const waiting = await untilStatus(app, jobId, "waiting", "failed", "done");
        expect([waiting.status, waiting.waitingFor, waiting.error?.code]).toEqual(["waiting", "model", "model_unavailable"]);
        expect((await app.ask("Where is Harrow Shipping based?")).passages.filter((each) => each.documentId === documentId)).toEqual([]);

        second = await startModelServer({ role: "local", port: Number(new URL(first.url).port) });
        const done = await untilStatus(app, jobId, "done", "failed");
        expect([done.status, done.error, done.warnings.filter((each) => /built_in|vectors_off|vision_off/.test(each.code))]).toEqual(["done", null, []]);
        expect((await app.documents.get(localPrincipal, documentId))?.status).toBe("ready");
        const cut = bodies(first).slice(asked).findIndex(matches);
        const answered = bodies(first).slice(asked).filter((__, index) => index !== cut);
        // Vectors of names have no memo: each round of the graph makes its own.
        expect(bodies(second).filter((each) => each.startsWith("/api/chat") && answered.includes(each))).toEqual([]);
        expect(bodies(second).filter(matches).length).toBeGreaterThan(0);
      } finally {
        await app.end();
        await second?.close();
        await first.close().catch(() => undefined);
      }
    },
    120_000,
  );
});

describe("a model server that answers rubbish for one passage", () => {
  it("has that passage listed and its document marked as partial, with all else in place", async () => {
    const server = await startModelServer({ role: "local", faults: [{ kind: "malformed-json", path: "/api/chat", containing: "Quillhaven" }] });
    let app: TestApp | null = null;
    try {
      app = await openTestApp([modelServers(server.url), values]);
      const section = (town: string) => `# The works in ${town}\n\n${Array.from({ length: 25 }, (_, index) => `Velden Marine GmbH operates crane number ${index + 1} in ${town}, near the old harbour.`).join(" ")}`;
      const { jobId, documentId } = await app.add({ name: "works.md", text: ["Rostock", "Quillhaven", "Ostwick"].map(section).join("\n\n") });
      const job = await app.ended(jobId);
      const chunks = (await app.documents.chunks(localPrincipal, documentId, { limit: 10, cursor: null }))!.items;
      const failed = chunks.find((each) => each.text.includes("Quillhaven"))!;
      expect(chunks.length).toBe(3);
      expect([job.status, job.error]).toEqual(["done", null]);
      expect(job.warnings.filter((each) => each.code === "chunk_failed").map((each) => each.chunkId)).toEqual([failed.id]);
      expect((await app.documents.get(localPrincipal, documentId))?.status).toBe("partial");
      const { items } = await app.entities.search(localPrincipal, { collection: "default", text: "Velden Marine", type: null, limit: 5, cursor: null });
      const mentioned = new Set((await app.entities.get(localPrincipal, items[0]!.id))!.mentions.map((each) => each.chunkId));
      expect(chunks.map((each) => mentioned.has(each.id))).toEqual([true, false, true]);
      expect((await app.ask("What does Velden Marine operate in Quillhaven?")).passages.map((each) => each.chunkId)).toContain(failed.id);
    } finally {
      await app?.end();
      await server.close();
    }
  });
});
