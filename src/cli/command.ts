import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Config } from "../config.ts";
import { placesOf } from "../errors.ts";
import { packageRoot } from "../workers/package-root.ts";
import type { OpenOptions, Terminal } from "./cli-app.ts";
import { exitCodes, interruption } from "./exit-code.ts";
import { run } from "./main.ts";

/** The program: wires the command line to the application and the process. */
const controller = new AbortController();
let interrupted = 0;

/** The first signal lets work end cleanly; one more, a second later, does not wait for it. */
function interrupt(signal: "SIGINT" | "SIGTERM"): void {
  if (!controller.signal.aborted) {
    interrupted = Date.now();
    controller.abort(interruption(signal));
  } else if (Date.now() - interrupted > 1000) process.exit(exitCodes.interrupted);
}
process.on("SIGINT", () => interrupt("SIGINT"));
process.on("SIGTERM", () => interrupt("SIGTERM"));
// Started by the launcher on the package's own Node: without the launcher nobody waits for us.
process.on("disconnect", () => interrupt("SIGTERM"));
process.channel?.unref();
// A server goes on serving: what was acknowledged is in the ledger, and one forgotten promise must not refuse everybody.
process.on("unhandledRejection", (error) => process.stderr.write(`an error nobody handled (please report it): ${placesOf(error)}\n`));
// Its own message may quote a document, and what a service writes is collected elsewhere.
process.on("uncaughtException", (error) => {
  process.stderr.write(`sluice ended on an error of its own (please report it): ${placesOf(error)}\n`);
  process.exit(exitCodes.failed);
});
// A reader that has seen enough (`| head`) closes the pipe.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? exitCodes.done : exitCodes.failed));

const terminal: Terminal = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  interactive: process.stderr.isTTY === true,
  columns: process.stdout.columns || 140,
  cwd: process.cwd(),
};

// What a command needs is loaded when it runs: --help and wrong usage answer at once.
async function loaderOf({ config, data, overlay, verbose }: OpenOptions): Promise<() => Config> {
  const { loadConfig } = await import("../config.ts");
  const values = [overlay, ...(verbose ? [{ telemetry: { log: "debug" } }] : [])];
  return () => loadConfig({ overlays: config, data: data ?? undefined, values });
}

const configOf = async (options: OpenOptions): Promise<Config> => (await loaderOf(options))();

const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string };

process.exitCode = await run(process.argv.slice(2), {
  terminal,
  version,
  signal: controller.signal,
  async open(options) {
    const load = await loaderOf(options);
    const config = load();
    const { openApp } = await import("../app.ts");
    const { openLog } = await import("../telemetry.ts");
    const files = [join(packageRoot, "config", "default.yaml"), ...options.config.map((file) => resolve(file)), config.budgets.prices ? resolve(config.budgets.prices) : join(packageRoot, "config", "prices.yaml")];
    // Only what goes on for long has to follow a change.
    return openApp({ config, workers: options.workers, log: openLog({ level: config.telemetry.log }), ...(options.workers ? { source: { files, load } } : {}) });
  },
  async backup(options, file, signal) {
    const { backup } = await import("../app/backup.ts");
    return backup(await configOf(options), file, signal);
  },
  async restore(options, file) {
    const { restore } = await import("../app/restore.ts");
    return restore(await configOf(options), file);
  },
  async studio(options, signal) {
    const config = await configOf(options);
    const { startStudio } = await import("./start-studio.ts");
    return startStudio({ directory: config.data.directory, overlays: options.config.map((file) => resolve(file)), port: config.studio.port, origins: config.studio.origins }, terminal, signal);
  },
});
