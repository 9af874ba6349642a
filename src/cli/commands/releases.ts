import { Option } from "commander";
import type { Class } from "../../data/classification.ts";
import type { Job } from "../../data/job.ts";
import { SluiceError } from "../../errors.ts";
import { addCommand, classOption, withApp, type Commands, type CommonOptions, type Run } from "../command-context.ts";
import { count } from "../output.ts";

interface ReleaseOptions extends CommonOptions {
  class?: Class;
  signal?: string;
  reason?: string;
  end?: string;
}

export function releaseCommands(commands: Commands): void {
  addCommand(commands.program, "release <id>", "let what was found in this version of a document pass, or take that back")
    .addOption(classOption("release it to this class").conflicts(["signal", "end"]))
    .addOption(new Option("--signal <kind>", "findings of this kind are none").conflicts(["class", "end"]))
    .option("--reason <text>", "why; shown on the document")
    .option("--end <release>", "take this release back")
    .action((id: string, options: ReleaseOptions) => withApp(commands, options, (run) => (options.end === undefined ? release(id, options, run) : end(id, options.end, run)), { workers: true }));
}

async function release(id: string, { class: wanted, signal, reason }: ReleaseOptions, run: Run): Promise<void> {
  if (!wanted === !signal) throw new SluiceError("config", "say what to release: --class CLASS or --signal KIND; `sluice show ID --findings` lists what was found");
  if (!reason?.trim()) throw new SluiceError("config", "say why: --reason TEXT");
  const made = await run.app.documents.release(run.principal, id, wanted ? { class: wanted, reason } : { signal: signal!, reason });
  if (made === null) throw absent(id);
  const job = await ended(made.job, run);
  await run.output.result({ release: made.release, job }, () => `released as ${made.release.id}; the document is now ${job.class ?? "unknown"} (job ${job.status})\ntake it back with: sluice release ${id} --end ${made.release.id}`);
}

async function end(id: string, releaseId: string, run: Run): Promise<void> {
  const undone = await run.app.documents.endRelease(run.principal, id, releaseId);
  if (undone === null) throw absent(id);
  const job = await ended(undone.job, run);
  const calls = undone.calls.map(({ at, backend, model, taskType }) => `  ${at} ${taskType} to ${backend} (${model})`);
  await run.output.result({ job, calls: undone.calls }, () => [`taken back; the document is now ${job.class ?? "unknown"} (job ${job.status})`, `${count(calls.length, "cloud call")} left under it`, ...calls].join("\n"));
}

async function ended(job: Job, { app, signal, failed }: Run): Promise<Job> {
  const over = await app.settled(job.id, signal);
  if (over.status !== "done") failed();
  return over;
}

const absent = (id: string): SluiceError => new SluiceError("not_found", `there is no such document or release for ${id}; \`sluice documents\` lists the documents, \`sluice show ${id}\` its releases`);
