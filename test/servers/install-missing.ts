import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "../../src/workers/package-root.ts";
import { type ServerName, serverNames, whyMissing } from "./server-cache.ts";

/** `neo4j,redis` as a list; undefined means all. Throws on an unknown name. */
export function readServerNames(list: string | undefined): ServerName[] {
  const names = list?.split(",").map((name) => name.trim()) ?? [...serverNames];
  for (const name of names) if (!serverNames.includes(name as ServerName)) throw new Error(`--only ${name}: expected some of ${serverNames.join(",")}`);
  return names as ServerName[];
}

/** Runs the install script for what is not here yet. Returns false when it could not: the script has said what to do. */
export function installMissing(names: readonly ServerName[]): boolean {
  const missing = names.filter((name) => whyMissing(name));
  if (!missing.length) return true;
  const { status } = spawnSync("bash", [join(packageRoot, "scripts", "install-servers.sh"), ...missing], { stdio: ["ignore", 2, 2] });
  return status === 0;
}
