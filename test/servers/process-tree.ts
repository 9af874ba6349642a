import { readdirSync, readFileSync } from "node:fs";

/** The process and all its descendants, parents first. PostgreSQL gives every backend a process group of its own, so a signal to the group is not enough. */
export function processTree(root: number): number[] {
  const parents = readParents();
  const tree = [root];
  for (const pid of tree) tree.push(...[...parents].filter(([, parent]) => parent === pid).map(([child]) => child));
  return tree;
}

export function signalTree(root: number, signal: NodeJS.Signals): void {
  for (const pid of processTree(root)) signalProcess(pid, signal);
}

export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between.
  }
}

/** Where there is no /proc (macOS) only the process itself is known. */
function readParents(): Map<number, number> {
  const parents = new Map<number, number>();
  let entries: string[] = [];
  try {
    entries = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  } catch {
    return parents;
  }
  for (const entry of entries) {
    try {
      // The name in parentheses may hold anything; the parent is the second field after it.
      const fields = readFileSync(`/proc/${entry}/stat`, "utf8").split(") ").at(-1)!.split(" ");
      parents.set(Number(entry), Number(fields[1]));
    } catch {
      // It ended in between.
    }
  }
  return parents;
}
