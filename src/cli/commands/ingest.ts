import { watch } from "node:fs";
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Class } from "../../data/classification.ts";
import { addCommand, classOption, collectionOption, withApp, type Commands, type CommonOptions, type Run } from "../command-context.ts";
import { estimatePaths, estimateWords } from "../estimate-paths.ts";
import { ingestPaths, type IngestOptions, type IngestProgress, type IngestSummary } from "../ingest-paths.ts";
import { openProgress } from "../ingest-progress.ts";
import { count } from "../output.ts";

interface Options extends CommonOptions {
  collection: string;
  class?: Class;
  watch: boolean;
  estimate: boolean;
  yes: boolean;
}

export function ingestCommand(commands: Commands): void {
  addCommand(commands.program, "ingest <paths...>", "read files, folders and archives into the knowledge graph")
    .addOption(collectionOption())
    .addOption(classOption("a floor: no document's class falls below it"))
    .option("--watch", "stay, and read files again when they change (what is deleted stays until `sluice delete`)", false)
    .option("--yes", "approve what would wait for approval (`approve: always`)", false)
    .option("--estimate", "tell what it would come to, and store nothing", false)
    .action((paths: string[], options: Options) => withApp(commands, options, (run) => (options.estimate ? estimate(paths, options, run) : ingest(paths, options, run)), { workers: !options.estimate }));
}

async function estimate(paths: string[], options: Options, { app, output, principal, signal, failed, parts }: Run): Promise<void> {
  const found = await estimatePaths(paths, { app, principal, collection: options.collection, class: options.class ?? null, cwd: parts.terminal.cwd, signal });
  if (found.failing.length > 0) failed();
  await output.result({ estimate: found }, () => estimateWords(found, parts.terminal.columns));
}

async function ingest(paths: string[], options: Options, run: Run): Promise<void> {
  const { app, principal, signal, parts } = run;
  const settings: Omit<IngestOptions, "onProgress"> = { app, principal, collection: options.collection, class: options.class ?? null, cwd: parts.terminal.cwd, signal, approve: options.yes };
  await ingestOnce(paths, settings, run);
  if (options.watch) await watchPaths(paths, settings, run);
}

async function ingestOnce(paths: string[], settings: Omit<IngestOptions, "onProgress">, { output, parts, failed }: Run): Promise<void> {
  const view = openProgress(parts.terminal);
  try {
    const summary = await ingestPaths(paths, {
      ...settings,
      async onProgress(progress) {
        view.show(progress);
        if (output.json) await jsonLine(progress, output.result);
      },
    });
    view.close();
    if (summary.failed > 0) failed();
    await output.result({ summary }, () => summaryWords(summary));
  } finally {
    view.close();
  }
}

async function jsonLine(progress: IngestProgress, result: Run["output"]["result"]): Promise<void> {
  if (progress.type === "ended") await result(progress.job, () => "");
  if (progress.type === "refused") await result({ path: progress.path, error: { code: progress.code, message: progress.message } }, () => "");
}

export function summaryWords(summary: IngestSummary): string {
  const { documents, done, failed, waiting, unchanged, skipped, chunks, entities, relations, calls, usd, ms } = summary;
  const rest = [waiting > 0 ? `${waiting} waiting for approval (sluice jobs ID --approve)` : "", failed > 0 ? `${failed} failed` : "", skipped > 0 ? `${count(skipped, "file")} of other formats skipped` : ""].filter(Boolean).map((each) => `, ${each}`);
  if (documents > 0 && unchanged === documents) return `Nothing has changed: ${count(documents, "document")} already here${rest.join("")}.`;
  return (
    `${count(documents, "document")}: ${done} done${unchanged > 0 ? ` (${unchanged} unchanged)` : ""}${rest.join("")}. ` +
    `${count(chunks, "chunk")}, ${count(entities, "entity", "entities")}, ${count(relations, "relation")}; ` +
    `${count(calls, "model call")}, ${usd.toFixed(4)} USD, ${(ms / 1000).toFixed(1)} s.`
  );
}

/** ms of quiet after the last change of a file, so that a file being written is read once. */
const quiet = 500;

async function watchPaths(paths: string[], settings: Omit<IngestOptions, "onProgress">, run: Run): Promise<void> {
  const changed = new Map<string, number>();
  const watchers = await Promise.all(
    paths.map(async (given) => {
      const path = resolve(settings.cwd, given);
      const folder = await stat(path).then((found) => found.isDirectory(), () => null);
      if (folder === null) return null;
      return watch(path, { recursive: folder }, (_event, name) => void changed.set(folder && name ? join(path, name) : path, Date.now()));
    }),
  );
  run.output.note("watching for changes; Ctrl-C ends");
  try {
    while (!settings.signal.aborted) {
      await pause(quiet / 2, settings.signal);
      const due = [...changed].filter(([path, at]) => Date.now() - at >= quiet && !/(^|[/\\])(\.|node_modules([/\\]|$))/.test(path) && !path.startsWith(settings.app.directory)).map(([path]) => path);
      for (const [path, at] of changed) if (Date.now() - at >= quiet) changed.delete(path);
      const there = [];
      for (const path of due) if (await stat(path).then((found) => found.isFile(), () => false)) there.push(path);
      if (there.length > 0) await ingestOnce(there, settings, run);
    }
  } finally {
    for (const each of watchers) each?.close();
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    const timer = setTimeout(end, ms);
    function end() {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      done();
    }
    signal.addEventListener("abort", end);
  });
