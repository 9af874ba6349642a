import { randomUUID } from "node:crypto";
import { readdir, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { sha256 } from "../../data/identity.ts";
import { makeFolder } from "./durable-write.ts";

const heartbeat = 60_000;
const abandonedAfter = 24 * 3_600_000;
const host = sha256(hostname()).slice(0, 12);
const own = new Set<string>();

/**
 * A folder of this process alone, `HOST-PID-RANDOM`, for what is not finished yet. Its time is renewed while the process
 * lives, so that one on another machine can tell; on the same machine the process id tells.
 */
export async function openTemporaryFolder(parent: string): Promise<{ folder: string; close(): Promise<void> }> {
  await makeFolder(parent);
  await sweep(parent);
  const name = `${host}-${process.pid}-${randomUUID()}`;
  own.add(name);
  const folder = join(parent, name);
  await makeFolder(folder);
  const timer = setInterval(() => void utimes(folder, new Date(), new Date()).catch(() => {}), heartbeat);
  timer.unref();
  return {
    folder,
    async close() {
      clearInterval(timer);
      await rm(folder, { recursive: true, force: true });
      own.delete(name);
    },
  };
}

async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    if (await isAbandoned(parent, name)) await rm(join(parent, name), { recursive: true, force: true });
  }
}

async function isAbandoned(parent: string, name: string): Promise<boolean> {
  const [madeOn, pid] = name.split("-");
  const sameHost = madeOn === host;
  if (sameHost && Number(pid) === process.pid) return !own.has(name);
  if (sameHost && !isAlive(Number(pid))) return true;
  const { mtimeMs } = await stat(join(parent, name)).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > abandonedAfter;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}
