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

/** A zombie, ended but not yet collected by its parent, does not count: it holds no memory, file or port. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || readStat(pid)[0] !== "Z";
  } catch {
    return false;
  }
}

/** The fields after the name, which stands in parentheses and may hold anything: state, parent, … */
const readStat = (pid: number | string): string[] => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ");

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
      parents.set(Number(entry), Number(readStat(entry)[1]));
    } catch {
      // It ended in between.
    }
  }
  return parents;
}
