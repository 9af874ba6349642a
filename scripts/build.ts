import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Strips the types of src/ and graphs/ into dist/ (or the folder named) and rewrites `.ts` imports: Node reads no types under node_modules. */
const root = fileURLToPath(new URL("..", import.meta.url));
const output = resolve(root, process.argv[2] ?? "dist");
const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");
rmSync(output, { recursive: true, force: true });
execFileSync(process.execPath, [compiler, "-p", join(root, "tsconfig.build.json"), "--outDir", output], { cwd: root, stdio: "inherit" });
