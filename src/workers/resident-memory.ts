import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";

/** Resident bytes of a process, or 0 when the system does not tell (then only the heap's own limit holds). */
export async function residentMemory(pid: number): Promise<number> {
  if (process.platform === "linux") return fromProc(pid);
  if (process.platform === "win32") return 0;
  return new Promise((resolve) => {
    execFile("ps", ["-o", "rss=", "-p", String(pid)], (error, stdout) => resolve(error ? 0 : Number(stdout) * 1024 || 0));
  });
}

async function fromProc(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "latin1").catch(() => "");
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
  return Number(kilobytes ?? 0) * 1024;
}
