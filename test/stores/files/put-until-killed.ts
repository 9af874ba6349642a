import { writeFileSync } from "node:fs";
import { openFileStore } from "../../../src/stores/files/open-file-store.ts";

const [, , directory, documentId, mode] = process.argv;
const files = await openFileStore({ directory: directory! });
if (mode === "wait") {
  const path = await files.temporary();
  writeFileSync(path, "an upload in flight");
  process.stdout.write(`${path}\n`);
  setInterval(() => {}, 1_000);
} else {
  for (let count = 1; ; count++) {
    await files.put(documentId!, `picture-${count}.png`, Buffer.alloc(500_000, count));
    process.stdout.write(`${count}\n`);
  }
}
