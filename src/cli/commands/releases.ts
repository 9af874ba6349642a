import { Option } from "commander";
import { allClasses, type Class } from "../../data/classification.ts";
import type { Job } from "../../data/job.ts";
import { SluiceError } from "../../errors.ts";
import { addCommand, withApp, type Commands, type CommonOptions, type Run } from "../command-context.ts";
import { count } from "../output.ts";
import { reasonWords } from "./documents.ts";

interface ReleaseOptions extends CommonOptions {
  class?: Class;
  signal?: string;
  reason?: string;
  end?: string;
}

export function releaseCommands(commands: Commands): void {
  addCommand(commands.program, "release <id>", "let what was found in this version of a document pass, or take that back")
    .addOption(new Option("--class <class>", "release all that was found, down to this class").choices(allClasses.filter((each) => each !== "pii")).conflicts(["signal", "end"]))
    .addOption(new Option("--signal <kind>", "release what was found of this kind").conflicts(["class", "end"]))
    .option("--reason <text>", "why; shown on the document")
    .option("--end <release>", "take this release back; `sluice show ID` lists a document's releases")
    .action((id: string, options: ReleaseOptions) => withApp(commands, options, (run) => (options.end === undefined ? release(id, options, run) : end(id, options.end, run)), { workers: true }));
}

async function release(id: string, { class: wanted, signal, reason }: ReleaseOptions, run: Run): Promise<void> {
  if (!wanted === !signal) throw new SluiceError("config", "say what to release: --class CLASS or --signal KIND; `sluice show ID --findings` lists what was found, `sluice show ID` what is released");
  if (!reason?.trim()) throw new SluiceError("config", "say why: --reason TEXT");
  const made = await run.app.documents.release(run.principal, id, wanted ? { class: wanted, reason } : { signal: signal!, reason });
  if (made === null) throw noDocument(id);
  const job = await ended(made.job, run);
  const words = await nowIs(id, job, run);
  await run.output.result({ release: made.release, job }, () => `released as ${made.release.id}; ${words}\ntake it back with: sluice release ${id} --end ${made.release.id}`);
}

async function end(id: string, releaseId: string, run: Run): Promise<void> {
  const undone = await run.app.documents.endRelease(run.principal, id, releaseId);
  if (undone === null && (await run.app.documents.get(run.principal, id)) === null) throw noDocument(id);
  if (undone === null) throw new SluiceError("not_found", `document ${id} has no release ${releaseId}; \`sluice show ${id}\` lists its releases`);
  const job = await ended(undone.job, run);
  const calls = undone.calls.map(({ at, backend, model, taskType }) => `  ${at} ${taskType} to ${backend} (${model})`);
  const words = await nowIs(id, job, run);
  await run.output.result({ job, calls: undone.calls }, () => [`taken back; ${words}`, calls.length === 0 ? "nothing went to a cloud under it" : `${count(calls.length, "call")} to a cloud under it cannot be taken back:`, ...calls].join("\n"));
}

async function ended(job: Job, { app, signal, failed }: Run): Promise<Job> {
  const over = await app.settled(job.id, signal);
  if (over.status !== "done") failed();
  return over;
}

async function nowIs(id: string, job: Job, { app, principal }: Run): Promise<string> {
  if (job.status !== "done") return `the document is not read again yet: job ${job.id} ${job.error ? `${job.status}, ${job.error.message}` : job.status}`;
  const document = await app.documents.get(principal, id);
  return `the document is now ${job.class ?? "unknown"}${document ? `: ${reasonWords(document)}` : ""}`;
}

const noDocument = (id: string): SluiceError => new SluiceError("not_found", `there is no document ${id}; \`sluice documents\` lists them`);
