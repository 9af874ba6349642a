import type { CheckLine } from "../../app/check-line.ts";
import { addCommand, openOptions, wholeNumber, withApp, type Commands, type CommonOptions, type Run } from "../command-context.ts";
import { reportError, serverExit } from "../exit-code.ts";
import { count, openOutput } from "../output.ts";

interface WorkerOptions extends CommonOptions {
  concurrency?: number;
}

interface ServeOptions extends WorkerOptions {
  host?: string;
  port?: number;
}

const concurrencyWords = "documents this process works on at once (jobs.concurrency)";
const jobsOverlay = ({ concurrency }: WorkerOptions) => (concurrency === undefined ? {} : { jobs: { concurrency } });

export function systemCommands(commands: Commands): void {
  const { program, parts } = commands;
  addCommand(program, "serve", "serve the HTTP API and work on its jobs")
    .option("--host <address>", "address to listen on (server.host)")
    .option("--port <n>", "port (server.port); 0 takes a free one", wholeNumber(0, 65_535))
    .option("--concurrency <n>", `${concurrencyWords}; 0 leaves the work to \`sluice worker\``, wholeNumber(0, 256))
    .action((options: ServeOptions) => {
      const { host, port } = options;
      const server = { ...(host !== undefined && { host }), ...(port !== undefined && { port }) };
      return withApp(commands, options, serve, { workers: true, overlay: { ...(Object.keys(server).length > 0 && { server }), ...jobsOverlay(options) } });
    });

  addCommand(program, "worker", "work on accepted jobs, on as many machines as there are, without serving anything")
    .option("--concurrency <n>", concurrencyWords, wholeNumber(1, 256))
    .action((options: WorkerOptions) => withApp(commands, options, work, { workers: true, overlay: jobsOverlay(options) }));

  addCommand(program, "studio", "start LangGraph's dev server on the same graphs, to look at runs")
    .option("--port <n>", "port (studio.port)", wholeNumber(1, 65_535))
    .action(async (options: CommonOptions & { port?: number }) => {
      try {
        const overlay = options.port === undefined ? {} : { studio: { port: options.port } };
        commands.exit(await parts.studio(openOptions(options, { overlay }), parts.signal));
      } catch (error) {
        commands.exit(await reportError(error, openOutput(parts.terminal, options.json), { verbose: options.verbose, signal: parts.signal }));
      }
    });

  addCommand(program, "check", "configuration, prompts, stores and models, a line each, with what to do").action((options: CommonOptions) => withApp(commands, options, check));

  addCommand(program, "reindex", "fill the vector side anew with the embedding model there is now").action((options: CommonOptions) => withApp(commands, options, reindex));
}

async function serve({ app, output, signal, principal }: Run): Promise<number> {
  const { createHttp } = await import("../../http/create-http.ts");
  const { serve: serveHttp } = await import("../../http/serve.ts");
  const served = await serveHttp(createHttp(app, app.server, { log: app.log }), app.server);
  try {
    await output.result({ url: served.url }, () => `Sluice listens on ${served.url} (docs: ${served.url}/docs)`);
    if (app.server.auth === "none") output.note("without API keys: whoever can use this machine sees everything; server.auth: keys asks for them");
    else if ((await app.keys.list(principal)).every(({ revokedAt }) => revokedAt !== null)) output.note("no API key opens this server yet: sluice keys create NAME --role writer operator --class public internal");
    logUnusable(app);
    await ended(signal);
    output.note("closing; jobs go on at the next start");
    return serverExit(signal);
  } finally {
    await served.close();
  }
}

async function work({ app, output, signal }: Run): Promise<number> {
  const { concurrency } = app;
  await output.result({ concurrency }, () => `This worker takes ${count(concurrency, "document")} at a time`);
  logUnusable(app);
  await ended(signal);
  output.note("closing; what is not finished goes on in another worker, or at the next start");
  return serverExit(signal);
}

/** How the backends are found at the start; what changes later is logged when it does. */
function logUnusable({ log, status }: Run["app"]): void {
  for (const { backend, state, detail, hint } of status()) if (state !== "disabled" && hint) log.warn({ event: "backend_unusable", backend, state, cause: detail, hint }, "a backend cannot be asked for everything");
}

const ended = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

const marks: Record<CheckLine["state"], string> = { ok: "ok     ", warning: "warning", failed: "FAILED " };

async function check({ app, output, signal, failed }: Run): Promise<void> {
  for await (const line of app.check(signal)) {
    if (line.state === "failed") failed();
    await output.result(line, () => `${marks[line.state]} ${line.name}: ${line.detail}${line.hint ? `\n        → ${line.hint}` : ""}`);
  }
}

async function reindex({ app, output, signal, parts }: Run): Promise<void> {
  const start = performance.now();
  let told = -1;
  const { chunks, model } = await app.reindex({
    signal,
    onProgress(done, total) {
      const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
      if (percent === told || (!parts.terminal.interactive && percent % 10 !== 0)) return;
      told = percent;
      parts.terminal.stderr.write(parts.terminal.interactive ? `\r${percent}% of ${count(total, "chunk")} ` : `${percent}% of ${count(total, "chunk")}\n`);
    },
  });
  if (parts.terminal.interactive && told >= 0) parts.terminal.stderr.write("\n");
  const ms = Math.round(performance.now() - start);
  await output.result({ chunks, model, ms }, () => (model === null ? "There is no embedding model: the vector side stays off. Get one: ollama pull bge-m3" : `${count(chunks, "chunk")} embedded with ${model} in ${(ms / 1000).toFixed(1)} s`));
}
