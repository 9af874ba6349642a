import { Option } from "commander";
import { JobStatus, type Job } from "../../data/job.ts";
import { SluiceError } from "../../errors.ts";
import { replayDecision } from "../../models/decision-line.ts";
import type { KeptDecision } from "../../models/memo.ts";
import { addCommand, collectionOption, everyPage, withApp, type Commands, type CommonOptions, type Run } from "../command-context.ts";
import { count, table, type Column } from "../output.ts";

interface Options extends CommonOptions {
  collection: string;
  status?: JobStatus;
  follow: boolean;
  cancel: boolean;
  retry: boolean;
  approve: boolean;
  decisions: boolean;
}

export function jobCommands(commands: Commands): void {
  addCommand(commands.program, "jobs [id]", "list the jobs, or show one with its routing decisions")
    .addOption(collectionOption())
    .addOption(new Option("--status <status>", "only in this status").choices(JobStatus.options))
    .option("--follow", "with an id: its events until it ends", false)
    .option("--cancel", "with an id: stop it", false)
    .option("--retry", "with an id: work on it again", false)
    .option("--approve", "with an id: let it go on, where it waits for approval", false)
    .option("--decisions", "with an id: what each attempt at an answer was decided on, those that failed too, and whether it comes out the same again", false)
    .action((id: string | undefined, options: Options) => {
      if (id === undefined && (options.follow || options.cancel || options.retry || options.approve || options.decisions)) commands.program.error("error: --follow, --cancel, --retry, --approve and --decisions need a job's id", { exitCode: 2 });
      return withApp(commands, options, (run) => (id === undefined ? list(options, run) : options.decisions ? decisions(id, run) : one(id, options, run)), { workers: options.retry || options.approve });
    });
}

const columns: Column<Job>[] = [
  { title: "id", value: ({ id }) => id },
  { title: "document", value: ({ name }) => name },
  { title: "kind", value: ({ kind }) => kind },
  { title: "status", value: ({ status, waitingFor }) => (waitingFor ? `${status} for ${waitingFor}` : status) },
  { title: "stage", value: ({ stage, progress }) => (stage ? `${stage} ${Math.round(progress * 100)}%` : "") },
  { title: "accepted", value: ({ acceptedAt }) => acceptedAt },
];

async function list({ collection, status }: Options, { app, output, principal, parts }: Run): Promise<void> {
  const rows: Job[] = [];
  for await (const job of everyPage((cursor) => app.jobs.list(principal, { collection, cursor, limit: 200, status }))) {
    if (output.json) await output.result(job, () => "");
    else rows.push(job);
  }
  if (!output.json) await output.result(rows, () => (rows.length === 0 ? "No jobs." : table(rows, columns, parts.terminal.columns)));
}

/** One line an attempt: `same` says that guards and strategy decide so again with what they had before them then. */
async function decisions(id: string, { app, output, principal }: Run): Promise<void> {
  const kept = await app.decisions(principal, id);
  if (kept === null) throw new SluiceError("not_found", `there is no job ${id}; \`sluice jobs\` lists them`);
  for (const { line, decision, ...about } of kept) {
    const replay = line === null ? null : replayDecision(line);
    const words = replay === null ? "" : replay.same ? "; the same again" : `; today ${replay.again.location}, ${replay.again.rule}`;
    await output.result({ ...about, ...(line ?? decision), same: replay?.same ?? null, again: replay?.again ?? null }, () => `${about.step} ${about.chunkId}: ${decision.location}${decision.model ? ` ${decision.model} on ${decision.backend}` : ""}, ${decision.reason} (${decision.rule})${outcome(about)}${words}`);
  }
  if (kept.length === 0) output.note("no attempt at an answer is kept for this job");
}

const outcome = ({ failure, valid, fromCache }: Omit<KeptDecision, "line" | "decision">): string => (failure !== null ? `, failed: ${failure}` : valid ? (fromCache ? ", from the cache" : "") : ", not usable");

async function one(id: string, options: Options, { app, output, principal, signal }: Run): Promise<void> {
  if (options.cancel) await app.jobs.cancel(principal, id);
  if (options.retry) await app.jobs.retry(principal, id);
  if (options.approve) await app.jobs.approve(principal, id);
  if (options.follow || options.retry || options.approve) {
    for await (const { type, data } of (await app.jobs.events(principal, id, 0, signal)) ?? []) output.note(`${type} ${JSON.stringify(data)}`);
    signal.throwIfAborted();
  }
  const job = await app.jobs.get(principal, id);
  if (job === null) throw new SluiceError("not_found", `there is no job ${id}; \`sluice jobs\` lists them`);
  await output.result(job, () => jobWords(job));
}

function jobWords(job: Job): string {
  const { cost } = job;
  return [
    `${job.kind} of ${job.name}: ${job.status}${job.waitingFor ? ` for ${job.waitingFor}` : ""}${job.stage ? `, ${job.stage} ${Math.round(job.progress * 100)}%` : ""}`,
    ...(job.parentId ? [`  of an entry of the archive of job ${job.parentId}`] : []),
    `  id ${job.id}, document ${job.documentId}, collection ${job.collection}, class ${job.class ?? "not yet known"}`,
    `  accepted ${job.acceptedAt}, started ${job.startedAt ?? "–"}, finished ${job.finishedAt ?? "–"}`,
    ...job.decisions.map(({ task, location, backend, model, reason, calls }) => `  ${task}: ${location}${model ? ` ${model} on ${backend}` : ""}, ${reason}, ${count(calls, "call")}`),
    `  cost ${cost.usd.toFixed(4)} USD, ${count(cost.promptTokens, "prompt token")}, ${count(cost.outputTokens, "output token")}`,
    ...job.warnings.map(({ message }) => `  warning: ${message}`),
    ...(job.error ? [`  error: ${job.error.message}`] : []),
  ].join("\n");
}
