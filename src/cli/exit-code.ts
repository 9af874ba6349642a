import { CommanderError } from "commander";
import { publicError, SluiceError } from "../errors.ts";
import type { Output } from "./output.ts";

/** 0 all done, 1 something failed, 2 usage or configuration, 130 interrupted. */
export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** What ends a command from outside; whatever waits on its signal sees an AbortError. */
export const interruption = (signal: "SIGINT" | "SIGTERM"): DOMException => new DOMException(signal, "AbortError");

/** A server that is told to end has done its work; one that a person breaks off was interrupted. */
export const serverExit = (signal: AbortSignal): number => (signal.reason instanceof DOMException && signal.reason.message === "SIGTERM" ? exitCodes.done : exitCodes.interrupted);

/** Tells an error on stderr (and, under `--json`, as a line on stdout) and gives the exit code it means. */
export async function reportError(error: unknown, output: Output, options: { verbose: boolean; signal: AbortSignal }): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (options.signal.aborted) {
    output.note("interrupted; what was accepted goes on at the next start");
    return exitCodes.interrupted;
  }
  const shown = publicError(error);
  const known = error instanceof SluiceError;
  output.note(known ? `error: ${shown.message}` : `error: ${error instanceof Error ? `${error.name}: ${error.message}` : "unknown"} (--verbose shows where)`);
  if (options.verbose) output.note(explain(error));
  if (output.json) await output.result({ error: shown }, () => "");
  return shown.code === "config" ? exitCodes.usage : exitCodes.failed;
}

/** The person at the machine may see everything: stack and causes. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by: ${explain(error.cause)}`;
  return (error.stack ?? error.message) + cause;
}
