import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const bytes = 32 * 2 ** 20;

export interface SmallDisk {
  folder: string;
  /** Takes what room there is, but for `left` bytes; what it resolves with gives it back. */
  fill(left: number): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** A file system of 32 MB of its own; null where this may not be mounted. */
export async function mountSmallDisk(): Promise<SmallDisk | null> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-disk-"));
  if (spawnSync("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder]).status !== 0) {
    await rm(folder, { recursive: true, force: true });
    return null;
  }
  return {
    folder,
    async fill(left) {
      const path = join(folder, "filler");
      spawnSync("dd", ["if=/dev/zero", `of=${path}`, "bs=4096", `count=${bytes / 4096}`]);
      spawnSync("truncate", ["-s", `-${left}`, path]);
      return () => rm(path);
    },
    async close() {
      spawnSync("umount", ["-l", folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
