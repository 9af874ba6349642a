import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot } from "./package-root.ts";

export interface Permissions {
  /** Files and folders the child may read besides the program itself. */
  read: string[];
  write: string[];
  /** Threads, which OCR needs. */
  allowWorker?: boolean;
}

/** The program's own code and libraries; not the package's folder, since the data folder often lies in it. */
function program(module: string): string[] {
  const found = [dirname(dirname(fileURLToPath(import.meta.url))), join(packageRoot, "package.json"), dirname(module)];
  for (let folder = packageRoot; ; folder = dirname(folder)) {
    const libraries = join(folder, "node_modules");
    if (existsSync(libraries)) found.push(libraries);
    if (folder === dirname(folder)) return found;
  }
}

export function permissionFlags(module: string, { read, write, allowWorker = false }: Permissions): string[] {
  return [
    "--permission",
    "--allow-addons",
    ...(allowWorker ? ["--allow-worker"] : []),
    ...[...program(module), ...read].map((path) => `--allow-fs-read=${path}`),
    ...write.map((path) => `--allow-fs-write=${path}`),
  ];
}
