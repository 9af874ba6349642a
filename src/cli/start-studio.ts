import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { SluiceError } from "../errors.ts";
import type { Terminal } from "./cli-app.ts";
import { exitCodes, serverExit } from "./exit-code.ts";
import { packageRoot } from "../workers/package-root.ts";

export interface StudioSettings {
  /** The data folder, absolute. */
  directory: string;
  /** Overlay files, absolute. */
  overlays: string[];
  port: number;
  origins: string[];
}

const switchedOff = { LANGSMITH_TRACING: "false", LANGSMITH_TRACING_V2: "false", LANGCHAIN_TRACING: "false", LANGCHAIN_TRACING_V2: "false" };

/**
 * Starts LangGraph's dev server on our graphs, in `<data>/studio`, where it writes what it keeps. Resolves with its exit
 * code once it has ended, with all its children.
 */
export async function startStudio(settings: StudioSettings, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const program = devServer();
  const folder = join(settings.directory, "studio");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, "langgraph.json"), JSON.stringify(studioConfiguration(settings, folder), null, 2), { mode: 0o600 });
  terminal.stderr.write(studioWords(settings));
  const child = spawn(process.execPath, [program, "dev", "--no-browser", "--no-reload", "--host", "127.0.0.1", "--port", String(settings.port), "--config", join(folder, "langgraph.json")], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
    detached: process.platform !== "win32",
  });
  // It starts children of its own: the whole group is told to end.
  const end = () => void (child.pid !== undefined && process.platform !== "win32" ? process.kill(-child.pid, "SIGTERM") : child.kill("SIGTERM"));
  signal.addEventListener("abort", end, { once: true });
  const [code] = (await once(child, "exit")) as [number | null];
  signal.removeEventListener("abort", end);
  // It is to run until it is told to end: by itself it only ends on an error, which it reports as 0.
  return signal.aborted ? serverExit(signal) : code || exitCodes.failed;
}

/** What the dev server reads. It joins every path to its own folder, also an absolute one: so they lead from there to us. */
function studioConfiguration({ directory, overlays, port, origins }: StudioSettings, folder: string): object {
  const source = join(packageRoot, "src/studio.ts");
  const module = `./${relative(folder, existsSync(source) ? source : join(packageRoot, "dist/src/studio.js"))}`;
  return {
    node_version: "24",
    graphs: { ingest: `${module}:ingest`, query: `${module}:query` },
    http: { app: `${module}:app`, cors: { allow_origins: origins } },
    auth: { path: `${module}:auth`, disable_studio_auth: true },
    env: { ...switchedOff, LANGGRAPH_CLI_NO_ANALYTICS: "1", SLUICE_DATA: directory, SLUICE_CONFIG: JSON.stringify(overlays), SLUICE_STUDIO_PORT: String(port) },
  };
}

function devServer(): string {
  try {
    const resolver = createRequire(join(packageRoot, "package.json"));
    resolver.resolve("@langchain/langgraph-api");
    return fileURLToPath(new URL("dist/cli/cli.mjs", `file://${resolver.resolve("@langchain/langgraph-cli/package.json")}`));
  } catch (cause) {
    throw new SluiceError("config", "Studio needs two more packages: npm install @langchain/langgraph-cli @langchain/langgraph-api", { cause });
  }
}

function studioWords({ port, origins, directory }: StudioSettings): string {
  const url = `http://127.0.0.1:${port}`;
  const hosted = origins.length > 0 ? `Pages of ${origins.join(", ")} may read runs (studio.origins): what a run's state holds is shown there.` : "No web page may read it: the hosted Studio needs its origin in studio.origins (https://smith.langchain.com), and then shows it what a run's state holds.";
  return `LangGraph's dev server on ${url}, its files in ${join(directory, "studio")}.\n${hosted}\nUpload: curl -F file=@FILE ${url}/v1/documents   Runs: ${url}/threads/search\nOn this server a query's question and answer are kept until their thread is deleted.\n`;
}
