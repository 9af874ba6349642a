import { accessSync, constants, existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

export const serverNames = ["neo4j", "qdrant", "redis", "postgres", "s3"] as const;
export type ServerName = (typeof serverNames)[number];

/** Downloaded once for all checkouts; `scripts/install-servers.sh` fills it and names the same folders. */
export const cacheFolder: string = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "sluice-servers");
export const neo4jJars: string = join(cacheFolder, "neo4j-5.26.30", "lib");
export const s3Jar: string = join(cacheFolder, "s3proxy-4.1.0", "s3proxy.jar");
const qdrantFolder = join(cacheFolder, "qdrant-client-1.20.0");
export const qdrantPython: string = join(qdrantFolder, "bin", "python");

const postgresFolders = ["/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/17/bin", ...(process.env.PATH ?? "").split(delimiter)];

/** Debian keeps `initdb` and `postgres` off the PATH. */
export const postgresProgram = (program: string): string | undefined => findProgram(program, postgresFolders);

export function findProgram(program: string, folders: string[] = (process.env.PATH ?? "").split(delimiter)): string | undefined {
  for (const folder of folders.filter(Boolean)) {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return join(folder, program);
    } catch {
      // Not in this folder: the next one.
    }
  }
  return undefined;
}

/** What keeps a server from starting here, as a sentence for the reader of a skipped test; undefined when nothing does. */
export function whyMissing(name: ServerName): string | undefined {
  const install = `run: bash scripts/install-servers.sh ${name}`;
  if ((name === "neo4j" || name === "s3") && !findProgram("java")) return `java is not installed; ${install}`;
  if (name === "neo4j" && !existsSync(join(neo4jJars, "neo4j-5.26.30.jar"))) return `Neo4j's jars are not in ${neo4jJars}; ${install}`;
  if (name === "s3" && !existsSync(s3Jar)) return `s3proxy is not at ${s3Jar}; ${install}`;
  if (name === "qdrant" && !existsSync(join(qdrantFolder, "installed"))) return `the Python client is not in ${qdrantFolder}; ${install}`;
  if (name === "redis" && !findProgram("redis-server")) return `redis-server is not installed; ${install}`;
  if (name === "postgres" && !postgresProgram("initdb")) return `PostgreSQL is not installed; ${install}`;
  return undefined;
}
