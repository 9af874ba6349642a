import type { ProcessReply } from "./child.ts";
import { asDiskFull } from "./disk-full.ts";
import { toPlainError } from "./plain-error.ts";

const send = process.send!.bind(process) as (message: ProcessReply | "ready") => boolean;
process.on("disconnect", () => process.exit(0));

const loaded = import(process.argv[2]!) as Promise<{ run(argument: unknown): unknown }>;

process.on("message", async (argument) => {
  try {
    const { run } = await loaded;
    send({ value: await run(argument) });
  } catch (error) {
    send({ error: toPlainError(asDiskFull(error)) });
  }
});

// A failed load is told to the caller when it calls.
await loaded.catch(() => {});
send("ready");
