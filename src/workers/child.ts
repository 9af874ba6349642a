import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { SluiceError } from "../errors.ts";
import { networkNamespace } from "./network-namespace.ts";
import { siblingModule } from "./package-root.ts";
import { permissionFlags, type Permissions } from "./permissions.ts";
import { fromPlainError, type PlainError } from "./plain-error.ts";
import { residentMemory } from "./resident-memory.ts";
import type { ProcessLimits } from "./workers.ts";

export type ProcessReply = { value: unknown } | { error: PlainError };

export interface Child {
  /** One call at a time. Any failure but a thrown error ends the process. */
  call(argument: unknown, limits: ProcessLimits, signal: AbortSignal): Promise<unknown>;
  alive(): boolean;
  resident(): Promise<number>;
  end(): Promise<void>;
}

const watchInterval = process.platform === "linux" ? 50 : 500;

/** Starts a process that loads `module` (which exports `run`) and waits. It has no environment and no network. */
export function startChild(options: Permissions & { module: string; memory: number }): Child {
  const process = spawnChild(options);
  const exit = new Promise<void>((resolve) => process.once("close", () => resolve()));
  let alive = true;
  process.once("exit", () => (alive = false));
  process.once("error", () => (alive = false));
  if (process.pid === undefined) alive = false;
  unreference(process);

  function kill(): void {
    alive = false;
    killGroup(process);
  }

  function call(argument: unknown, limits: ProcessLimits, signal: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const finish = (act: () => void) => {
        clearTimeout(timer);
        clearInterval(watch);
        signal.removeEventListener("abort", abort);
        process.off("message", answer).off("exit", died).off("error", failed);
        unreference(process);
        act();
      };
      const stop = (error: unknown) => (kill(), finish(() => reject(error)));
      const answer = (reply: ProcessReply | "ready") => {
        if (reply !== "ready") finish(() => ("error" in reply ? reject(foreign(reply.error)) : resolve(reply.value)));
      };
      const died = (_: unknown, killer: string | null) => finish(() => reject(crashed(killer)));
      const failed = (cause: unknown) => finish(() => reject(new SluiceError("internal", "the child process could not be started", { cause })));
      const abort = () => stop(signal.reason);
      const timer = setTimeout(() => stop(late(limits.deadline)), limits.deadline);
      const watch = setInterval(async () => {
        if ((await residentMemory(process.pid!)) > limits.memory && alive) stop(greedy(limits.memory));
      }, watchInterval);
      process.on("message", answer).once("exit", died).once("error", failed);
      signal.addEventListener("abort", abort, { once: true });
      if (signal.aborted) return abort();
      if (!alive) return died(null, null);
      process.ref();
      process.channel?.ref();
      process.send(argument as object, (error) => error && stop(crashed(null)));
    });
  }

  return {
    call,
    alive: () => alive,
    resident: () => residentMemory(process.pid ?? 0),
    async end() {
      if (process.pid === undefined || process.exitCode !== null) return;
      process.ref();
      kill();
      await exit;
    },
  };
}

function spawnChild(options: Permissions & { module: string; memory: number }): ChildProcess {
  const megabytes = Math.ceil(options.memory / 2 ** 20);
  const command = [
    ...networkNamespace(),
    process.execPath,
    ...permissionFlags(options.module, options),
    `--max-old-space-size=${megabytes}`,
    "--no-warnings",
    `--import=${siblingModule(import.meta.url, "no-network").href}`,
    fileURLToPath(siblingModule(import.meta.url, "child-main")),
    options.module,
  ];
  // A group of its own, so that whatever it might start ends with it; its output is dropped, since it may quote the document.
  return spawn(command[0]!, command.slice(1), { env: {}, detached: true, stdio: ["ignore", "ignore", "ignore", "ipc"], cwd: "/", serialization: "json" });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}

/** A waiting child does not keep the program alive. */
function unreference(child: ChildProcess): void {
  child.unref();
  child.channel?.unref();
}

const late = (deadline: number): SluiceError =>
  new SluiceError("timeout", `reading the file took longer than ${deadline} ms and was ended; split the file or raise the deadline`);
const greedy = (memory: number): SluiceError =>
  new SluiceError("too_large", `reading the file took more than ${Math.round(memory / 2 ** 20)} MB of memory and was ended; split the file or raise the memory limit`);
const foreign = (error: PlainError): SluiceError =>
  fromPlainError(error, { code: "unreadable", message: "the file could not be read: it is damaged or not what its type says; open and save it again, then send it anew" });

function crashed(killer: string | null): SluiceError {
  if (killer === "SIGABRT" || killer === "SIGKILL") return new SluiceError("too_large", "the process that read the file ran out of memory; split the file or raise the memory limit");
  return new SluiceError("unreadable", "the process that read the file crashed; the file is damaged or hostile, open and save it again, then send it anew");
}
