import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // V8 loses count of code pages where threads with WebAssembly come and go ("Check failed: jit_page.has_value()", nodejs/node#64500).
    execArgv: ["--no-memory-protection-keys"],
    env: { SLUICE_LOG: "silent" },
  },
});
