import { randomBytes } from "node:crypto";
import type { RunnableConfig } from "@langchain/core/runnables";
import { Client } from "@langchain/langgraph-sdk";
import { Auth, HTTPException } from "@langchain/langgraph-sdk/auth";
import { openDevServerRuns } from "./app/dev-server-runs.ts";
import { openApp } from "./app.ts";
import { loadConfig } from "./config.ts";
import { allClasses } from "./data/classification.ts";
import { localPrincipal, maySee } from "./data/principal.ts";
import { createHttp } from "./http/create-http.ts";
import { isLoopback } from "./http/options.ts";

/**
 * What LangGraph's dev server loads: the same graphs, and our own HTTP app beside its routes. An upload here becomes a run on
 * thread = job id, so that Studio shows it. For looking; in the product the graph is invoked directly.
 */
for (const name of ["LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"]) process.env[name] = "false";
// A tracer that something here makes all the same finds no key and nobody to talk to.
for (const name of ["LANGSMITH_API_KEY", "LANGCHAIN_API_KEY", "LANGSMITH_RUNS_ENDPOINTS"]) delete process.env[name];
for (const name of ["LANGSMITH_ENDPOINT", "LANGCHAIN_ENDPOINT"]) process.env[name] = "http://127.0.0.1:9";

const port = Number(process.env.SLUICE_STUDIO_PORT ?? process.env.PORT ?? 2024);
const config = loadConfig({ overlays: JSON.parse(process.env.SLUICE_CONFIG ?? "[]") as string[], data: process.env.SLUICE_DATA });

/** Only this process knows it: ingest runs come from the jobs of this server, so that nobody taps a document's prompts. */
const ownKey = randomBytes(32).toString("base64url");
const runs = openDevServerRuns(new Client({ apiUrl: `http://127.0.0.1:${port}`, apiKey: null, defaultHeaders: { authorization: `Bearer ${ownKey}` }, callerOptions: { maxRetries: 2 } }));
const application = await openApp({ config, workers: true, runs });

/** `sluice studio` holds the other end of stdin: when it is gone, however it ended, the whole process group ends. */
if (process.env.SLUICE_STUDIO_PORT) process.stdin.on("end", () => process.kill(process.platform === "win32" ? process.pid : 0, "SIGTERM")).resume();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void application.close());

interface Access {
  accessContext: string;
}

/** The dev server sets its own checkpointer on what it is given: a copy, since the HTTP app uses the graph as well. */
export function ingest(run: RunnableConfig, access?: Access) {
  if (access?.accessContext === "threads.create_run") {
    refuseTracer(run);
    if (run.configurable?.langgraph_auth_user_id !== "sluice") throw new HTTPException(403, { message: `upload the document to http://127.0.0.1:${port}/v1/documents; its run then shows on the thread with the job's id` });
  }
  return application.ingestGraph().withConfig({ callbacks: [runs.failures] });
}

export function query(run: RunnableConfig, access?: Access) {
  if (access?.accessContext === "threads.create_run") refuseTracer(run);
  return application.queryGraph.withConfig({});
}

/** Also when an assistant brings it: the dev server would post the whole run to its vendor. */
function refuseTracer(run: RunnableConfig): void {
  if (run.configurable?.langsmith_project) throw new HTTPException(403, { message: "runs are not traced to LangSmith: leave langsmith_tracer out" });
}

const origins = [...application.server.origins, ...config.studio.origins].map((each) => new URL(each).origin);
export const app = createHttp(application, { ...application.server, port, hosts: [...application.server.hosts, "localhost"], origins }, { log: application.log });

/** Only this machine, and the origins of `studio.origins`: a page from elsewhere must not read runs. */
export const auth = new Auth()
  .authenticate(async (request) => {
    const host = URL.parse(`http://${request.headers.get("host") ?? ""}`)?.hostname;
    if (!host || !isLoopback(host)) throw new HTTPException(403, { message: "this server answers only on this machine" });
    const origin = request.headers.get("origin");
    const own = origin !== null && URL.parse(origin)?.host === request.headers.get("host");
    if (origin !== null && !own && !origins.includes(origin)) throw new HTTPException(403, { message: "pages of that origin may not read runs; studio.origins lets them" });
    const bearer = request.headers.get("x-api-key") ?? /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
    if (bearer === ownKey) return { identity: "sluice", permissions: [] };
    // Our own routes ask for the key themselves; a run's state belongs to whoever may see every class of the machine's tenant.
    if (application.server.auth === "keys" && !/^\/($|v1\/|health|metrics$|docs|openapi\.json$)/.test(new URL(request.url).pathname)) {
      const key = await application.authenticate(bearer);
      if (!key) throw new HTTPException(401, { message: "send a valid API key: Authorization: Bearer sk_…" });
      if (key.tenant !== localPrincipal.tenant || !allClasses.every((each) => maySee(key, each))) throw new HTTPException(403, { message: "runs are shown to an API key that may see every class" });
    }
    return { identity: "local", permissions: [] };
  })
  .on("threads:create_run", ({ value: { kwargs } }) => {
    const outside = ["webhook", "feedback_keys"].filter((each) => kwargs[each] != null);
    if (outside.length > 0) throw new HTTPException(403, { message: `${outside.join(" and ")} would send a run to another address; leave it out` });
    refuseTracer((kwargs.config ?? {}) as RunnableConfig);
  });
