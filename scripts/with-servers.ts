import { spawn } from "node:child_process";
import { constants } from "node:os";
import { parseArgs } from "node:util";
import { installMissing, readServerNames } from "../test/servers/install-missing.ts";
import { startServers } from "../test/servers/start-servers.ts";

const help = `node scripts/with-servers.ts [--only NAME,NAME…] -- COMMAND [ARGUMENT…]

Starts the real servers on loopback (neo4j, qdrant, redis, postgres, s3), sets the SLUICE_TEST_… variables that the
contracts read, runs the command, stops the servers and ends with the command's exit code. What is not installed is
installed first (scripts/install-servers.sh).
`;

const split = process.argv.indexOf("--");
const own = process.argv.slice(2, split < 0 ? undefined : split);
const [command, ...list] = split < 0 ? [] : process.argv.slice(split + 1);

function readOptions(): { names: ReturnType<typeof readServerNames> } {
  try {
    const { values } = parseArgs({ args: own, options: { only: { type: "string" }, help: { type: "boolean", default: false } } });
    if (values.help || !command) {
      (values.help ? process.stdout : process.stderr).write(help);
      process.exit(values.help ? 0 : 2);
    }
    return { names: readServerNames(values.only) };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${help}`);
    process.exit(2);
  }
}

const { names } = readOptions();
if (!installMissing(names)) process.exit(3);
const servers = await startServers(names, ({ name }, ms) => process.stderr.write(`${name} answers after ${(ms / 1000).toFixed(1)} s\n`));
const child = spawn(command!, list, { stdio: "inherit", env: { ...process.env, ...servers.variables } });
// A Ctrl-C in the terminal reaches the command as well; both signals leave the decision to it.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
const code = await new Promise<number>((resolve) => {
  child.once("error", (error) => {
    process.stderr.write(`${command}: ${error.message}\n`);
    resolve(127);
  });
  child.once("exit", (status, signal) => resolve(status ?? 128 + (constants.signals[signal!] ?? 0)));
});
await servers.stop();
process.exit(code);
