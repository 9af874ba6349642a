import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { hashId } from "../../../src/data/identity.ts";
import { openFileStore } from "../../../src/stores/files/open-file-store.ts";
import { fileStoreContract } from "../../contracts/file-store.contract.ts";
import { freshFolder } from "../folder.ts";

fileStoreContract("local disk", () => openFileStore({ directory: join(freshFolder(), "files") }));

const writing = fileURLToPath(new URL("./put-until-killed.ts", import.meta.url));
const id = hashId("document", "one");

test("files are 0600 and folders 0700", async () => {
  const directory = join(freshFolder(), "files");
  const files = await openFileStore({ directory });
  const upload = await files.temporary();
  writeFileSync(upload, "upload", { mode: 0o644 });
  await files.adopt(id, "original-1", upload);
  await files.put(id, "parsed-1.json", "{}");
  for (const name of ["original-1", "parsed-1.json"]) expect(statSync(await files.localPath(id, name)).mode & 0o777).toBe(0o600);
  for (const folder of [directory, join(directory, "documents"), join(directory, "documents", id.slice(0, 2)), join(directory, "documents", id.slice(0, 2), id)]) expect(statSync(folder).mode & 0o777).toBe(0o700);
  await files.close();
});

test("a file written when the process is killed is there whole or not at all, and its rest is swept", async () => {
  const directory = freshFolder();
  const child = spawn(process.execPath, [writing, directory, id], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  let reported = 0;
  for await (const line of createInterface(child.stdout)) {
    reported = Number(line);
    if (reported >= 10) child.kill("SIGKILL");
  }
  await ended;
  const files = await openFileStore({ directory });
  const names = await files.list(id);
  expect(names.length).toBeGreaterThanOrEqual(reported);
  for (const name of names) expect((await files.get(id, name))!.length).toBe(500_000);
  expect(readdirSync(join(directory, "temporary"))).toHaveLength(1);
  await files.close();
});

test("a start sweeps what an ended process left, and nothing of one that lives", async () => {
  const directory = freshFolder();
  const child = spawn(process.execPath, [writing, directory, id, "wait"], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const first = await openFileStore({ directory });
  expect(existsSync(line)).toBe(true);
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
  const mine = await first.temporary();
  writeFileSync(mine, "mine");
  const second = await openFileStore({ directory });
  expect(existsSync(line)).toBe(false);
  expect(existsSync(mine)).toBe(true);
  await first.close();
  await second.close();
});

test("a folder that may not be written is a store error", async () => {
  const directory = freshFolder();
  if (process.getuid?.() === 0) {
    writeFileSync(join(directory, "files"), "a file stands here");
    await expect(openFileStore({ directory: join(directory, "files") })).rejects.toMatchObject({ code: "store" });
    return;
  }
  chmodSync(directory, 0o500);
  await expect(openFileStore({ directory: join(directory, "files") })).rejects.toMatchObject({ code: "store" });
});
