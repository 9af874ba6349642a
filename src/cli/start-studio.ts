import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL, fileURLToPath } from "node:url";
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
/** ms the server has to write what it keeps. */
const grace = 10_000;

/**
 * Starts LangGraph's dev server on our graphs, in `<data>/studio`, where it writes what it keeps. Resolves with its exit
 * code once it has ended, with all its children.
 */
export async function startStudio(settings: StudioSettings, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const program = await devServer();
  await portIsFree(settings.port);
  const studio = join(settings.directory, "studio");
  await mkdir(studio, { recursive: true, mode: 0o700 });
  // The paths in the configuration are relative to where the folder really lies.
  const folder = await realpath(studio);
  await writeFile(join(folder, "langgraph.json"), JSON.stringify(studioConfiguration(settings, folder), null, 2), { mode: 0o600 });
  await writeFile(join(folder, ".gitignore"), "*\n# .langgraph_api: states of runs\n", { mode: 0o600 });
  terminal.stderr.write(studioWords(settings));
  // Its stdin is ours: when this process is gone, however it ended, that closes, and the server ends (studio.ts).
  const child = spawn(process.execPath, [program, "dev", "--no-browser", "--no-reload", "--host", "127.0.0.1", "--port", String(settings.port), "--config", join(folder, "langgraph.json")], {
    cwd: folder,
    stdio: ["pipe", 2, 2],
    detached: process.platform !== "win32",
  });
  child.stdin?.on("error", () => undefined);
  const end = () => tell(child, "SIGTERM");
  signal.addEventListener("abort", end, { once: true });
  const [code] = (await once(child, "exit")) as [number | null];
  signal.removeEventListener("abort", end);
  await groupEnded(child);
  // It is to run until it is told to end: by itself it only ends on an error, which it reports as 0.
  return signal.aborted ? serverExit(signal) : code || exitCodes.failed;
}

/** The server starts children of its own: the whole group is told. False when nobody is left. */
function tell(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined || process.platform === "win32") return child.kill(signal);
  try {
    return process.kill(-child.pid, signal);
  } catch {
    return false;
  }
}

async function groupEnded(child: ChildProcess): Promise<void> {
  tell(child, "SIGTERM");
  const deadline = Date.now() + grace;
  while (tell(child, 0)) {
    if (Date.now() > deadline) tell(child, "SIGKILL");
    await sleep(50);
  }
}

/** What the dev server reads. It joins every path to its own folder, also an absolute one: so they lead from there to us. */
function studioConfiguration({ directory, overlays, port, origins }: StudioSettings, folder: string): object {
  const source = join(packageRoot, "src/studio.ts");
  const module = `./${relative(folder, existsSync(source) ? source : join(packageRoot, "dist/src/studio.js"))}`;
  return {
    node_version: "24",
    graphs: { ingest: `${module}:ingest`, query: `${module}:query` },
    http: { app: `${module}:app`, cors: { allow_origins: origins.map((each) => new URL(each).origin) } },
    auth: { path: `${module}:auth`, disable_studio_auth: true },
    env: { ...switchedOff, LANGGRAPH_CLI_NO_ANALYTICS: "1", SLUICE_DATA: directory, SLUICE_CONFIG: JSON.stringify(overlays), SLUICE_STUDIO_PORT: String(port) },
  };
}

async function devServer(): Promise<string> {
  const names = ["@langchain/langgraph-cli", "@langchain/langgraph-api"] as const;
  try {
    const resolver = createRequire(join(packageRoot, "package.json"));
    resolver.resolve(names[1]);
    return fileURLToPath(new URL("dist/cli/cli.mjs", pathToFileURL(resolver.resolve(`${names[0]}/package.json`))));
  } catch (cause) {
    const { devDependencies = {} } = JSON.parse(await readFile(join(packageRoot, "package.json"), "utf8")) as { devDependencies?: Record<string, string> };
    const wanted = names.map((each) => (devDependencies[each] ? `${each}@${devDependencies[each]}` : each)).join(" ");
    throw new SluiceError("config", `Studio needs two more packages: npm install --save-dev ${wanted}`, { cause });
  }
}

async function portIsFree(port: number): Promise<void> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (cause) {
    throw new SluiceError("config", `port ${port} is in use; choose another with --port or studio.port`, { cause });
  }
  server.close();
  await once(server, "close");
}

function studioWords({ port, origins, directory }: StudioSettings): string {
  const url = `http://127.0.0.1:${port}`;
  const hosted =
    origins.length > 0
      ? `Pages of ${origins.join(", ")} may read and start runs here (studio.origins): whoever makes them can see what a run's state holds.`
      : "No web page may read it. The hosted Studio would need its origin in studio.origins (https://smith.langchain.com), and then sees what a run's state holds.";
  return `LangGraph's dev server on ${url}, its files in ${join(directory, "studio")}.
${hosted}
An uploaded document's state holds ids, counts, classes and reasons; a query's question and answer are kept here until their thread is deleted.
Upload: curl -F file=@FILE ${url}/v1/documents   Its run: ${url}/threads/JOB_ID/history
`;
}
