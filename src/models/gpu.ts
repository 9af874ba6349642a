import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { gauge } from "../telemetry.ts";

const utilisation = gauge("gpu_utilisation_ratio", "share of the local GPU in use");
const memory = gauge("vram_used_ratio", "share of the local GPU's memory in use");
const run = promisify(execFile);

/** Load of the busiest local GPU as `nvidia-smi` says it, at most 10 s old; null when there is none. */
export interface GpuProbe {
  load(): number | null;
}

export function openGpuProbe(now: () => number = Date.now): GpuProbe {
  let last: number | null = null;
  let askedAt = -Infinity;
  let there = true;

  async function ask(): Promise<void> {
    try {
      const { stdout } = await run("nvidia-smi", ["--query-gpu=utilization.gpu,memory.used,memory.total", "--format=csv,noheader,nounits"], { timeout: 2000 });
      const rows = stdout.trim().split("\n").map((line) => line.split(",").map(Number));
      last = Math.max(...rows.map((row) => row[0]! / 100));
      utilisation.set(last);
      memory.set(Math.max(...rows.map((row) => row[1]! / row[2]!)));
    } catch {
      there = false; // not installed: asking again would start a process in vain
      last = null;
    }
  }

  return {
    load() {
      if (there && now() - askedAt > 10_000) {
        askedAt = now();
        void ask();
      }
      return last;
    },
  };
}
