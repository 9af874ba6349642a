import { opendir, realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";

/** A file to ingest, or a path that could not be read. `named`: the caller wrote it, it was not met in a folder. */
export interface FoundFile {
  path: string;
  named: boolean;
  error: string | null;
}

const ignored = (name: string): boolean => name.startsWith(".") || name === "node_modules";

/** Files and everything in folders, in order of name; hidden entries, `node_modules`, links and the data folder stay out. */
export async function* findFiles(paths: string[], { cwd, except }: { cwd: string; except: string }): AsyncGenerator<FoundFile> {
  const data = await realpath(except).catch(() => except);
  for (const given of paths) {
    const path = resolve(cwd, given);
    const found = await stat(path).catch(() => null);
    if (found === null) yield { path, named: true, error: "there is no such file or folder" };
    else if (found.isDirectory()) yield* walk(path, data);
    else if (found.isFile()) yield { path, named: true, error: null };
    else yield { path, named: true, error: "this is neither a file nor a folder" };
  }
}

async function* walk(folder: string, data: string): AsyncGenerator<FoundFile> {
  if ((await realpath(folder)) === data) return;
  const entries = [];
  try {
    for await (const entry of await opendir(folder)) if (!ignored(entry.name)) entries.push(entry);
  } catch {
    yield { path: folder, named: false, error: "this folder cannot be read" };
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path, data);
    else if (entry.isFile()) yield { path, named: false, error: null };
  }
}

/** What makes a file's next version the same document: its path below the working directory, absolute outside it. */
export function keyOf(path: string, cwd: string): string {
  const below = relative(cwd, path);
  const key = below.startsWith("..") || isAbsolute(below) ? path : below;
  return key.split(sep).join("/");
}
