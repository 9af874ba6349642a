import { copyFile, link, mkdir, mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { join } from "node:path";

export interface Spool {
  input: string;
  output: string;
  fill(path: string): Promise<void>;
  empty(): Promise<void>;
  remove(): Promise<void>;
}

const ownerOnly = 0o700;

/** A private folder for one child: it holds the one input that is being read, and nothing after. */
export async function openSpool(parent: string): Promise<Spool> {
  const folder = await mkdtemp(join(parent, "child-"));
  const inputs = join(folder, "in");
  const output = join(folder, "out");
  await mkdir(inputs, { mode: ownerOnly });
  await mkdir(output, { mode: ownerOnly });
  const input = join(inputs, "input");
  return {
    input,
    output,
    async fill(path) {
      const source = await realpath(path);
      await link(source, input).catch(() => copyFile(source, input));
    },
    async empty() {
      for (const each of [inputs, output]) {
        for (const name of await readdir(each)) await rm(join(each, name), { recursive: true, force: true });
      }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A folder under `parent` that names its process, so that what a killed process left behind is removed by the next. */
export async function openSpoolFolder(parent: string): Promise<string> {
  await mkdir(parent, { recursive: true, mode: ownerOnly });
  for (const name of await readdir(parent)) {
    const owner = Number(/^sluice-spool-(\d+)-/.exec(name)?.[1]);
    if (owner && !runs(owner)) await rm(join(parent, name), { recursive: true, force: true });
  }
  return mkdtemp(join(parent, `sluice-spool-${process.pid}-`));
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
