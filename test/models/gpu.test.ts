import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openGpuProbe } from "../../src/models/gpu.ts";
import { metrics } from "../../src/telemetry.ts";

const path = process.env["PATH"];
let folder: string;
let now = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-gpu-"));
  process.env["PATH"] = folder; // an `nvidia-smi` of this machine is not asked
});
afterEach(() => {
  process.env["PATH"] = path;
  rmSync(folder, { recursive: true });
});

const install = (script: string) => writeFileSync(join(folder, "nvidia-smi"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
const prints = (...lines: string[]) => install(lines.map((line) => `echo "${line}"`).join("\n"));
const busy = "37, 4096, 16384";

/** Asks again and again, as calls do, until the load is the given one. */
async function becomes(probe: ReturnType<typeof openGpuProbe>, load: number | null): Promise<void> {
  now += 11_000;
  await expect.poll(() => probe.load(), { timeout: 8000 }).toBe(load);
}

it.each<[string, string[], number | null]>([
  ["one GPU", ["62, 8192, 16384"], 0.62],
  ["an idle GPU", ["0, 3, 16384"], 0],
  ["several GPUs, of which the busiest counts", ["3, 100, 200", "91, 100, 200", "40, 100, 200"], 0.91],
  ["one of two GPUs that does not know its load", ["[N/A], [N/A], [N/A]", "12, 100, 200"], 0.12],
  ["units, though none were asked for", ["55 %, 100 MiB, 200 MiB"], 0.55],
  ["no GPU that knows its load", ["[N/A], [N/A], [N/A]"], null],
  ["words", ["No devices were found"], null],
  ["more than a whole", ["4000, 1, 2"], null],
  ["nothing", [""], null],
])("%s", async (_what, lines, load) => {
  const probe = openGpuProbe(() => now);
  prints(busy);
  await becomes(probe, 0.37);
  prints(...lines);
  await becomes(probe, load);
  prints(busy);
  await becomes(probe, 0.37);
});

it.each([
  ["hangs", "exec /bin/sleep 600"],
  ["fails", "echo 'Failed to initialize NVML: Driver/library version mismatch'; exit 18"],
  ["writes without end", "while :; do echo 0123456789012345678901234567890123456789; done"],
])("a reading that %s is not known, and one that comes later is", async (_what, script) => {
  const probe = openGpuProbe(() => now);
  prints(busy);
  await becomes(probe, 0.37);
  expect(await metrics.metrics()).toMatch(/gpu_utilisation_ratio 0.37\n[^]*vram_used_ratio 0.25\n/);
  install(script);
  await becomes(probe, null);
  expect(await metrics.metrics()).toMatch(/gpu_utilisation_ratio Nan\n/i);
  prints(busy);
  await becomes(probe, 0.37);
});

it("without nvidia-smi nothing is known, and it is not looked for again", async () => {
  const probe = openGpuProbe(() => now);
  prints(busy);
  await becomes(probe, 0.37);
  rmSync(join(folder, "nvidia-smi"));
  await becomes(probe, null);
  prints(busy);
  now += 11_000;
  for (let ask = 0; ask < 20; ask++) {
    expect(probe.load()).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
});
