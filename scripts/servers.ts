import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { configurationFor } from "../test/servers/configuration.ts";
import { installMissing, readServerNames } from "../test/servers/install-missing.ts";
import type { ServerName } from "../test/servers/server-cache.ts";
import { startServers } from "../test/servers/start-servers.ts";

const help = `npm run servers -- [options]

Starts the real servers of a cluster on this machine without containers (loopback, free ports, a temporary folder that
is gone afterwards), prints a configuration overlay for them, and stays until Ctrl-C. What is missing is installed first.
Qdrant is the local mode of its Python client behind Qdrant's routes: the same answers, for small collections.

  --only LIST   some of neo4j,qdrant,redis,postgres,s3
  --out FILE    write the overlay there too (without the secrets: they are the printed export lines)
  --help
`;

function readOptions(): { names: ServerName[]; out: string | undefined } {
  try {
    const { values } = parseArgs({ options: { only: { type: "string" }, out: { type: "string" }, help: { type: "boolean", default: false } } });
    if (values.help) {
      process.stdout.write(help);
      process.exit(0);
    }
    return { names: readServerNames(values.only), out: values.out };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${help}`);
    process.exit(2);
  }
}

const { names, out } = readOptions();
if (!installMissing(names)) process.exit(3);
process.stderr.write(`starting ${names.join(", ")}; Neo4j takes about 10 s\n`);
const begun = startServers(names, ({ name, process: { pid } }, ms) => process.stderr.write(`  ${name} answers after ${(ms / 1000).toFixed(1)} s (process ${pid})\n`));
let stopping = false;
const stop = (): void => {
  if (stopping) process.exit(1);
  stopping = true;
  process.stderr.write("stopping; once more ends it at once\n");
  void begun.then((servers) => servers.stop()).then(() => process.exit(0), () => process.exit(1));
};
process.on("SIGINT", stop).on("SIGTERM", stop);

const servers = await begun;
const { overlay, secrets } = configurationFor(servers.servers);
if (out) writeFileSync(out, overlay);
process.stdout.write(`# Save as servers.yaml${out ? ` (it is in ${out})` : ""}, set the variables below, then: sluice serve --config servers.yaml\n${overlay}\n${Object.entries(secrets).map(([name, value]) => `export ${name}='${value}'\n`).join("")}`);
process.stderr.write("Ctrl-C stops them.\n");
// The servers' pipes are read as long as this lives; the timer is what keeps it alive.
setInterval(() => {}, 60_000);
