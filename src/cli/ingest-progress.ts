import { relative } from "node:path";
import { MultiBar, type SingleBar } from "cli-progress";
import type { Terminal } from "./cli-app.ts";
import type { IngestProgress } from "./ingest-paths.ts";
import { printable, shorten } from "./output.ts";

export interface ProgressView {
  show(progress: IngestProgress): void;
  close(): void;
}

/** A bar a document on a terminal, plain lines otherwise; both on stderr, both naming each stage. */
export function openProgress(terminal: Terminal): ProgressView {
  return terminal.interactive ? bars(terminal) : lines(terminal);
}

/** The end of a path tells documents apart. */
const tail = (name: string, width: number): string => (name.length <= width ? name : `…${name.slice(1 - width)}`);

const nameOf = (path: string, { cwd }: Terminal): string => {
  const below = relative(cwd, path);
  return printable(below.startsWith("..") ? path : below);
};

/** What an event says beyond its stage, as one line; null where there is nothing to say. */
function words(progress: IngestProgress): string | null {
  switch (progress.type) {
    case "skipped":
      return `skipped: ${progress.message}`;
    case "refused":
      return `not accepted: ${progress.message}`;
    case "accepted":
      return progress.unchanged ? "unchanged" : "accepted";
    case "ended":
      return progress.unchanged ? null : endWords(progress.job);
    case "event": {
      const { type, data } = progress.event;
      if (type === "warning") return `warning: ${String(data.message ?? data.code ?? "")}`;
      if (type === "waiting") return `waiting for ${String(data.waitingFor ?? "a model")}`;
      return null;
    }
  }
}

function endWords(job: { status: string; error: { message: string } | null; counts: { chunks: number; entities: number; relations: number }; class: string | null }): string {
  if (job.status !== "done") return `${job.status}${job.error ? `: ${job.error.message}` : ""}`;
  const { chunks, entities, relations } = job.counts;
  return `done: ${chunks} chunks, ${entities} entities, ${relations} relations, class ${job.class ?? "unknown"}`;
}

function lines(terminal: Terminal): ProgressView {
  const stages = new Map<string, string>();
  const say = (path: string, text: string) => terminal.stderr.write(`${nameOf(path, terminal)}: ${printable(text)}\n`);
  return {
    show(progress) {
      const { path } = progress;
      if (progress.type === "event" && progress.event.type === "progress") {
        const stage = String(progress.event.data.stage ?? "");
        if (stage !== "" && stages.get(path) !== stage) {
          stages.set(path, stage);
          say(path, stage);
        }
        return;
      }
      const text = words(progress);
      if (text !== null) say(path, text);
      if (progress.type === "ended") stages.delete(path);
    },
    close: () => undefined,
  };
}

function bars(terminal: Terminal): ProgressView {
  const width = Math.max(16, Math.min(40, terminal.columns - 60));
  const multi = new MultiBar({ stream: terminal.stderr as NodeJS.WriteStream, format: "{name} {bar} {percentage}% {stage}", barsize: 20, hideCursor: true, clearOnComplete: true, emptyOnZero: true, barCompleteChar: "█", barIncompleteChar: "░", noTTYOutput: false });
  const shown = new Map<string, SingleBar>();
  let open = true;
  const log = (path: string, text: string) => multi.log(`${tail(nameOf(path, terminal), 60)}: ${shorten(printable(text), 160)}\n`);
  return {
    show(progress) {
      const { path } = progress;
      if (progress.type === "accepted" && !progress.unchanged) {
        shown.set(path, multi.create(100, 0, { name: tail(nameOf(path, terminal), width).padEnd(width), stage: "queued" }));
      } else if (progress.type === "event" && progress.event.type === "progress") {
        const { stage, progress: share } = progress.event.data;
        shown.get(path)?.update(Math.round(Number(share ?? 0) * 100), { stage: String(stage ?? "") });
      } else {
        const bar = progress.type === "ended" ? shown.get(path) : undefined;
        if (bar) multi.remove(bar);
        const text = words(progress);
        if (text !== null) log(path, text);
      }
    },
    close() {
      if (open) multi.stop();
      open = false;
    },
  };
}
