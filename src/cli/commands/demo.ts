import { Option } from "commander";
import type { Document } from "../../data/document.ts";
import type { Job } from "../../data/job.ts";
import { SluiceError } from "../../errors.ts";
import { addCommand, everyPage, withApp, type Commands, type CommonOptions, type Run } from "../command-context.ts";
import { startScriptedServers } from "../demo-model-server.ts";
import { fillQuestions, makeQuestions, readSamples } from "../demo-questions.ts";
import { decisionsByReason, decisionsTable, documentsTable, entitiesTable, modelsWords, warningLines, type DocumentRow } from "../demo-report.ts";
import { exitCodes, reportError } from "../exit-code.ts";
import { ingestPaths, type IngestSummary } from "../ingest-paths.ts";
import { openProgress } from "../ingest-progress.ts";
import { openOutput } from "../output.ts";
import { answerWords } from "./ask.ts";
import { summaryWords } from "./ingest.ts";

interface Options extends CommonOptions {
  modelServer: boolean;
  policy?: "strict" | "balanced";
}

const collection = "default";

export function demoCommand(commands: Commands): void {
  addCommand(commands.program, "demo [path]", "read the sample documents (or your own folder), show what was found and answer three questions")
    .option("--model-server", "with the scripted model server, which plays a local daemon and a cloud (in a checkout)", false)
    .addOption(new Option("--policy <policy>", "privacy policy").choices(["strict", "balanced"]))
    .action(async (path: string | undefined, options: Options) => {
      let servers: Awaited<ReturnType<typeof startScriptedServers>> | null = null;
      try {
        if (options.modelServer) servers = await startScriptedServers();
        const overlay = { ...servers?.overlay, ...(options.policy && { privacy: { policy: options.policy } }) };
        const data = options.data ?? folderOf(options);
        await withApp(commands, { ...options, data }, (run) => demo(path ?? null, run), { workers: true, overlay });
      } catch (error) {
        commands.exit(await reportError(error, openOutput(commands.parts.terminal, options.json), { verbose: options.verbose, signal: commands.parts.signal }));
      } finally {
        await servers?.close();
      }
    });
}

/** Runs that would read the same documents differently keep apart, or the second would find nothing to do. */
const folderOf = ({ modelServer, policy }: Options): string => ["data/demo", modelServer ? "model-server" : "", policy === "balanced" ? "balanced" : ""].filter(Boolean).join("-");

async function demo(path: string | null, run: Run): Promise<number | void> {
  const { app, output, principal, signal, parts, failed } = run;
  const samples = path === null ? await readSamples() : null;
  if (path === null && samples === null) {
    output.note("the sample documents are not part of the package; name a folder of your own: sluice demo PATH");
    return exitCodes.usage;
  }
  const { summary, jobs } = await ingest(path === null ? samples!.paths : [path], run);
  if (summary.failed > 0) failed();
  if (summary.documents === 0) throw new SluiceError("invalid_input", "there was nothing to read in that folder; `sluice demo PATH` takes a file or a folder");

  const rows = await documentRows(run, jobs);
  const connected = await app.mostConnected(principal, [collection], 10);
  const decisions = decisionsByReason(jobs);
  const screen = parts.terminal.columns;
  const heading = (words: string, body: string) => `\n${words}\n\n${body}\n`;
  const warnings = warningLines(rows);
  await output.result({ summary }, () => `\n${summaryWords(summary)}`);
  await output.result({ documents: rows.map(({ document }) => document) }, () => heading("Documents", [documentsTable(rows, screen), ...warnings].join("\n")));
  await output.result({ decisions }, () => heading("Routing decisions by reason", decisionsTable(decisions, screen)));
  await output.result({ entities: connected }, () => heading("The ten most connected entities", entitiesTable(connected, screen)));

  const questions = samples ? fillQuestions(samples.questions, connected) : await makeQuestions(app, principal, collection, connected);
  for (const question of questions) {
    signal.throwIfAborted();
    const answer = await app.query(principal, { question, collections: [collection], limit: 8, retrieval: "hybrid", answer: true, filters: {} }, { signal });
    await output.result({ question, ...answer }, () => `Q: ${question}\n${answerWords(answer, true)}\n   (class ${answer.class}; ${answer.decision?.model ? `${answer.decision.model}, ${answer.decision.location}, ${answer.decision.reason}` : "built-in, local"}; ${Math.round(answer.ms)} ms)\n`);
  }
  const status = app.status();
  await output.result({ models: status }, () => modelsWords(status));
}

async function ingest(paths: string[], { app, principal, signal, parts, output }: Run): Promise<{ summary: IngestSummary; jobs: Job[] }> {
  const jobs: Job[] = [];
  const view = openProgress(parts.terminal);
  try {
    const summary = await ingestPaths(paths, {
      app, principal, signal, collection, class: null, cwd: parts.terminal.cwd,
      async onProgress(progress) {
        view.show(progress);
        if (progress.type !== "ended") return;
        jobs.push(progress.job);
        if (output.json) await output.result(progress.job, () => "");
      },
    });
    return { summary, jobs };
  } finally {
    view.close();
  }
}

/** The documents of these jobs in their order, each followed by its attachments. */
async function documentRows({ app, principal }: Run, jobs: Job[]): Promise<DocumentRow[]> {
  const byParent = new Map<string, Document[]>();
  const byId = new Map<string, Document>();
  for await (const document of everyPage((cursor) => app.documents.list(principal, { collection, limit: 200, cursor }))) {
    byId.set(document.id, document);
    if (document.parentId) byParent.set(document.parentId, [...(byParent.get(document.parentId) ?? []), document]);
  }
  const below = (id: string): DocumentRow[] => (byParent.get(id) ?? []).flatMap((document) => [{ document, job: null }, ...below(document.id)]);
  const named = jobs.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return named.flatMap((job) => {
    const document = byId.get(job.documentId);
    return document ? [{ document, job }, ...below(document.id)] : [];
  });
}
