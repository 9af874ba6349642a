import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, processTree, signalProcess, signalTree } from "./process-tree.ts";

export interface ProcessOptions {
  name: string;
  command: string;
  arguments: string[];
  /** Temporary folder with all the server writes; removed by `stop()`. */
  folder: string;
  environment?: Record<string, string>;
  /** Run as this user when we are root. */
  user?: string;
  /** Throws until the server answers. */
  probe: () => Promise<unknown>;
  /** What an orderly stop sends. */
  stopSignal?: NodeJS.Signals;
  startMs?: number;
}

/** A real server that a test may hurt: data and port outlive `kill` and `restart`, not `stop`. */
export interface ServerProcess {
  readonly pid: number;
  /** The last lines it printed. */
  logs(): string;
  /** Signals it and its children, and waits until they are gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** SIGSTOP: connections stay open, nothing answers. */
  pause(): void;
  resume(): void;
  /** Ends it in order if it runs, starts it on the same port and data, waits until it answers. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const keptLines = 400;
const running = new Set<number>();
process.on("exit", () => {
  for (const pid of running) signalTree(pid, "SIGKILL");
});

export async function startProcess(options: ProcessOptions): Promise<ServerProcess> {
  const lines: string[] = [];
  let child = launch(options, lines);

  const end = async (signal: NodeJS.Signals, patienceMs: number): Promise<void> => {
    const tree = processTree(child.pid!);
    signalTree(child.pid!, "SIGCONT");
    if (signal === "SIGKILL") for (const pid of tree) signalProcess(pid, signal);
    else signalProcess(child.pid!, signal);
    await gone(tree, patienceMs);
    for (const pid of tree) signalProcess(pid, "SIGKILL");
    await gone(tree, 10_000);
    await exited(child);
  };
  const start = async (): Promise<void> => {
    try {
      await answering(options, child, lines);
    } catch (error) {
      await end("SIGKILL", 5000);
      throw error;
    }
  };

  try {
    await start();
  } catch (error) {
    await rm(options.folder, { recursive: true, force: true });
    throw error;
  }
  return {
    get pid() {
      return child.pid!;
    },
    logs: () => lines.join("\n"),
    kill: (signal = "SIGKILL") => end(signal, 15_000),
    pause: () => signalTree(child.pid!, "SIGSTOP"),
    resume: () => signalTree(child.pid!, "SIGCONT"),
    restart: async () => {
      if (isRunning(child)) await end(options.stopSignal ?? "SIGTERM", 15_000);
      child = launch(options, lines);
      await start();
    },
    stop: async () => {
      if (isRunning(child)) await end(options.stopSignal ?? "SIGTERM", 5000);
      await rm(options.folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function launch({ command, arguments: list, folder, environment, user }: ProcessOptions, lines: string[]): ChildProcess {
  const asUser = user && process.getuid?.() === 0 ? ["--reuid", user, "--regid", user, "--init-groups"] : [];
  // The kernel ends the server when we are killed, so that a killed test leaves nothing running.
  const guarded = process.platform === "linux" ? ["setpriv", "--pdeathsig", "KILL", ...asUser, "--", command, ...list] : [command, ...list];
  const child = spawn(guarded[0]!, guarded.slice(1), { cwd: folder, env: { ...process.env, ...environment }, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      lines.push(...text.split("\n").filter(Boolean));
      lines.splice(0, Math.max(0, lines.length - keptLines));
    });
  }
  child.on("error", (error) => lines.push(error.message));
  if (child.pid) running.add(child.pid);
  child.on("exit", () => running.delete(child.pid!));
  return child;
}

async function answering({ name, probe, startMs = 60_000 }: ProcessOptions, child: ChildProcess, lines: string[]): Promise<void> {
  const deadline = Date.now() + startMs;
  let last: unknown;
  while (Date.now() < deadline) {
    if (!isRunning(child)) throw new Error(`${name} ended with ${child.exitCode ?? child.signalCode ?? "no process"} before it answered:\n${lines.slice(-20).join("\n")}`);
    try {
      await probe();
      return;
    } catch (error) {
      last = error;
      await sleep(50);
    }
  }
  throw new Error(`${name} did not answer within ${startMs} ms:\n${lines.slice(-20).join("\n")}`, { cause: last });
}

const isRunning = (child: ChildProcess): boolean => child.pid !== undefined && child.exitCode === null && child.signalCode === null;

async function gone(pids: number[], patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline && pids.some(isAlive)) await sleep(10);
}

/** Node learns of an exit a moment after it. */
async function exited(child: ChildProcess): Promise<void> {
  if (isRunning(child)) await Promise.race([once(child, "exit"), sleep(5000, undefined, { ref: false })]);
}
