import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { localPrincipal } from "../../src/data/principal.ts";
import { type FaultProxy, startFaultProxy } from "../servers/fault-proxy.ts";
import { startModelServer } from "../servers/model-server/model-server.ts";
import { startNeo4j } from "../servers/neo4j.ts";
import { startPostgres } from "../servers/postgres.ts";
import { startQdrant } from "../servers/qdrant.ts";
import { describeOnAll } from "../servers/real-servers.ts";
import { modelServers, openTestApp, type TestApp } from "./open-test-app.ts";
import { waitFor } from "./wait-for-job.ts";

const signal = new AbortController().signal;
const towns = Array.from({ length: 50 }, (_, place) => `Ort${String.fromCharCode(97 + (place % 26))}${place < 26 ? "berg" : "tal"}`);
const note = (town: string) => ({ name: `${town}.txt`, text: `Velden Marine GmbH delivers a crane to ${town} Terminal. ${town} Terminal is based in ${town}.` });

// It hurts servers of its own; the shared ones only say that servers are wanted.
describeOnAll(["neo4j", "qdrant", "postgres"], "fifty documents in flight while servers fail", () => {
  it("all end, each once, nothing is left over, and no answer that was kept is asked for again", async () => {
    const closing: (() => Promise<unknown>)[] = [];
    try {
      const [neo4j, qdrant, postgres] = await Promise.all([startNeo4j(), startQdrant(), startPostgres()]);
      closing.push(neo4j.stop, qdrant.stop, postgres.stop);
      const [graph, vectors, ledger] = (await Promise.all([neo4j, qdrant, postgres].map((server) => startFaultProxy(server)))) as [FaultProxy, FaultProxy, FaultProxy];
      closing.push(graph.close, vectors.close, ledger.close);
      const model = await startModelServer({ role: "local", latencyMs: 100 });
      closing.push(model.close);
      const database = { driver: "postgres", url: ledger.through(postgres.url), poolSize: 8, statementTimeoutMs: 5_000, connectTimeoutMs: 2_000 };
      const stores = {
        text: { driver: "qdrant" },
        vectors: { driver: "qdrant", url: vectors.through(qdrant.url), apiKey: qdrant.apiKey, timeoutMs: 5_000 },
        knowledge: { driver: "neo4j", url: graph.through(neo4j.url), user: neo4j.user, password: neo4j.password, timeoutMs: 10_000 },
        ledger: database, checkpoints: database,
      };
      const app = await openTestApp([modelServers(model.url), { stores, jobs: { concurrency: 4, leaseMs: 5_000, waitMs: 500 }, privacy: { threads: 1 } }]);
      closing.push(() => app.end());

      const accepted = await Promise.all(towns.map((town) => app.add(note(town))));
      expect(new Set(accepted.map(({ documentId }) => documentId)).size).toBe(50);
      const faults: (() => Promise<unknown> | unknown)[] = [
        () => graph.reset(),
        () => vectors.loseAnswer((sent) => sent.includes("PUT")),
        () => ledger.reset(),
        async () => (qdrant.pause(), await sleep(3_000), qdrant.resume()),
        async () => (await ledger.cut(), await sleep(2_000), await ledger.heal()),
        async () => (await qdrant.kill("SIGKILL"), await qdrant.restart()),
        async () => (graph.slow(200), await sleep(2_000), await graph.heal()),
        async () => (await postgres.kill("SIGKILL"), await postgres.restart()),
        async () => (neo4j.pause(), await sleep(7_000), neo4j.resume()),
        async () => (await neo4j.kill("SIGKILL"), await neo4j.restart()),
      ];
      for (const fault of faults) {
        await fault();
        await sleep(1_500);
      }
      const statuses = () => statusesOf(app, accepted.map(({ jobId }) => jobId));
      const ended = await waitFor(statuses, (seen) => seen.every((status) => status === "done" || status === "failed"), 240_000);
      expect(ended.filter((status) => status !== "done")).toEqual([]);

      const verified = await waitFor(() => app.verify({ repair: false, signal }).catch(() => null), (seen) => seen?.differences.length === 0, 90_000);
      expect(verified).toMatchObject({ documents: 50, differences: [] });
      const names = await app.entities.search(localPrincipal, { collection: "default", text: "Terminal", type: null, limit: 100, cursor: null });
      expect(names.items.map((each) => each.name).toSorted()).toEqual(towns.map((town) => `${town} Terminal`).toSorted());
      // What was in flight at a fault of the ledger may have been asked once more; nothing was asked more often.
      const asked = Map.groupBy(model.requests.filter((each) => each.path === "/api/chat"), (each) => each.body.toString());
      expect(Math.max(...[...asked.values()].map((each) => each.length))).toBeLessThanOrEqual(2);
    } finally {
      for (const close of closing.toReversed()) await close();
    }
  }, 600_000);
});

/** While the ledger is away nobody knows. */
const statusesOf = (app: TestApp, jobIds: string[]): Promise<string[]> => Promise.all(jobIds.map(async (id) => (await app.jobs.get(localPrincipal, id).catch(() => null))?.status ?? "unknown"));
