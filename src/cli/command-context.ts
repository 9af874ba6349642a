import { Command, InvalidArgumentError, Option } from "commander";
import { localPrincipal, type Principal } from "../data/principal.ts";
import { allClasses } from "../data/classification.ts";
import type { CliApp, CliParts, OpenOptions } from "./cli-app.ts";
import { exitCodes, reportError } from "./exit-code.ts";
import { openOutput, type Output } from "./output.ts";

/** What every command has. */
export interface CommonOptions {
  json: boolean;
  verbose: boolean;
  config: string[];
  data?: string;
}

/** What a command works with; `failed` makes the exit code 1 while the rest is still done. */
export interface Run {
  app: CliApp;
  output: Output;
  principal: Principal;
  signal: AbortSignal;
  parts: CliParts;
  failed(): void;
}

/** A command's place in the program, and how its exit code gets out. */
export interface Commands {
  program: Command;
  parts: CliParts;
  exit(code: number): void;
}

const repeatable = (value: string, before: string[]): string[] => [...before, value];

/** Adds a command with the options that every one has. */
export function addCommand(parent: Command, usage: string, summary: string): Command {
  return parent
    .command(usage)
    .description(summary)
    .option("--json", "one JSON value a line on stdout", false)
    .option("--config <file>", "configuration overlay, repeatable", repeatable, [])
    .option("--data <dir>", "data folder (default ./data)")
    .option("--verbose", "show causes and the log", false);
}

export const collectionOption = () => new Option("--collection <name>", "collection").default("default");
export const collectionsOption = () => new Option("--collection <name>", "collection, repeatable (default: default)").argParser(repeatable).default([], "default");
export const classOption = (words: string) => new Option("--class <class>", words).choices(allClasses);

export function wholeNumber(smallest: number, largest: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < smallest || number > largest) throw new InvalidArgumentError(`a whole number from ${smallest} to ${largest}.`);
    return number;
  };
}

/** Opens the application, runs the action, closes it, and turns whatever happened into an exit code. */
export async function withApp(
  commands: Commands,
  options: CommonOptions,
  action: (run: Run) => Promise<number | void>,
  opening: { workers?: boolean; overlay?: OpenOptions["overlay"] } = {},
): Promise<void> {
  const { parts } = commands;
  const output = openOutput(parts.terminal, options.json);
  let failed = false;
  let app: CliApp | null = null;
  try {
    app = await parts.open(openOptions(options, opening));
    const code = await action({ app, output, principal: localPrincipal, signal: parts.signal, parts, failed: () => void (failed = true) });
    commands.exit(code ?? (parts.signal.aborted ? exitCodes.interrupted : failed ? exitCodes.failed : exitCodes.done));
  } catch (error) {
    commands.exit(await reportError(error, output, { verbose: options.verbose, signal: parts.signal }));
  } finally {
    await app?.close();
  }
}

export function openOptions({ config, data, verbose }: CommonOptions, { workers = false, overlay = {} }: { workers?: boolean; overlay?: OpenOptions["overlay"] } = {}): OpenOptions {
  return { config, data: data ?? null, overlay, workers, verbose };
}

/** Every item of a paged list. */
export async function* everyPage<T>(read: (cursor: string | null) => Promise<{ items: T[]; next: string | null }>): AsyncGenerator<T> {
  let cursor: string | null = null;
  do {
    const { items, next }: { items: T[]; next: string | null } = await read(cursor);
    yield* items;
    cursor = next;
  } while (cursor !== null);
}
