import { Client } from "@langchain/langgraph-sdk";
import { Auth, HTTPException } from "@langchain/langgraph-sdk/auth";
import { IngestState } from "../graphs/ingest.state.ts";
import type { IngestState as State } from "../graphs/ingest.state.ts";
import { initialState } from "./app/start-run.ts";
import { type App, openApp } from "./app.ts";
import { loadConfig } from "./config.ts";
import { createHttp } from "./http/create-http.ts";
import type { JobRow, Ledger } from "./stores/ledger/ledger.ts";
import type { RunResult } from "./jobs/perform.ts";

/**
 * What LangGraph's dev server loads: the same graphs, and our own HTTP app beside its routes. An upload here becomes a run on
 * thread = job id, so that Studio shows it. For looking; in the product the graph is invoked directly.
 */
for (const name of ["LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"]) process.env[name] = "false";

const port = Number(process.env.SLUICE_STUDIO_PORT ?? process.env.PORT ?? 2024);
const shared = globalThis as { [key: symbol]: Promise<App> | undefined };
const key = Symbol.for("sluice.studio");

/** One application a process, however often the dev server loads this module. */
function studioApp(): Promise<App> {
  const config = loadConfig({ overlays: JSON.parse(process.env.SLUICE_CONFIG ?? "[]") as string[], data: process.env.SLUICE_DATA });
  return (shared[key] ??= openApp({ config, workers: true, startRun: (job, signal, documents) => runOnServer(job, signal, documents) }));
}

/** Creates a run on the dev server itself and waits for it. */
async function runOnServer(job: JobRow, signal: AbortSignal, documents: Ledger["documents"]): Promise<RunResult> {
  const client = new Client({ apiUrl: `http://127.0.0.1:${port}` });
  await client.threads.create({ threadId: job.id, graphId: "ingest", ifExists: "do_nothing" });
  const run = await client.runs.create(job.id, "ingest", { input: await initialState(job, documents) });
  const cancel = () => void client.runs.cancel(job.id, run.run_id).catch(() => undefined);
  signal.addEventListener("abort", cancel, { once: true });
  try {
    await client.runs.join(job.id, run.run_id);
    signal.throwIfAborted();
    const state = await client.threads.getState<State>(job.id);
    return IngestState.parse(state.values);
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

const application = await studioApp();

export const ingest = () => application.ingestGraph();
export const query = () => application.queryGraph;

export const app = createHttp(application, { ...application.server, port, hosts: [...application.server.hosts, "localhost"] }, { log: application.log });

/** Only this machine, and the origins of `studio.origins`: a page from elsewhere must not read runs. */
export const auth = new Auth().authenticate(async (request) => {
  const host = new URL(`http://${request.headers.get("host") ?? "missing"}`).hostname;
  if (host !== "127.0.0.1" && host !== "localhost" && host !== "[::1]") throw new HTTPException(403, { message: "this server answers only on this machine" });
  const origin = request.headers.get("origin");
  const own = origin !== null && new URL(origin).host === request.headers.get("host");
  if (origin !== null && !own && !application.config.studio.origins.includes(origin)) throw new HTTPException(403, { message: `origin ${origin} is not in studio.origins` });
  return { identity: "local", permissions: [] };
});
