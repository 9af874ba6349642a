import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { gauge } from "../telemetry.ts";

const utilisation = gauge("gpu_utilisation_ratio", "share of the local GPU in use");
const memory = gauge("vram_used_ratio", "share of the local GPU's memory in use");
const run = promisify(execFile);

/** Load of the busiest local GPU, 0..1, as `nvidia-smi` says it, at most 10 s old and the time it takes to answer; null when it is not known. */
export interface GpuProbe {
  load(): number | null;
}

export function openGpuProbe(now: () => number = Date.now): GpuProbe {
  let last: number | null = null;
  let askedAt = -Infinity;
  let there = true;

  async function ask(): Promise<void> {
    let rows: number[][] = [];
    try {
      const { stdout } = await run("nvidia-smi", ["--query-gpu=utilization.gpu,memory.used,memory.total", "--format=csv,noheader,nounits"], { timeout: 2000, killSignal: "SIGKILL" });
      rows = stdout.split("\n").map((line) => line.split(",").map((value) => Number.parseFloat(value)));
    } catch (error) {
      there = (error as { code?: unknown }).code !== "ENOENT"; // not installed: asking again would start a process in vain
    }
    last = largestShare(rows.map(([percent]) => percent! / 100));
    utilisation.set(last ?? NaN);
    memory.set(largestShare(rows.map(([, used, total]) => used! / total!)) ?? NaN);
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

/** A GPU may not know its load (`[N/A]`), and an error is written where rows are expected: only a share of the whole counts. */
function largestShare(values: number[]): number | null {
  const shares = values.filter((value) => value >= 0 && value <= 1);
  return shares.length === 0 ? null : Math.max(...shares);
}
