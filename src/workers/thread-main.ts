import { parentPort } from "node:worker_threads";
import type { Call, Reply } from "./thread-messages.ts";
import { toPlainError } from "./plain-error.ts";

const port = parentPort!;
const functions: Record<string, unknown> = await import(process.argv[2]!);

async function invoke(name: string, argument: unknown): Promise<unknown> {
  const named = functions[name];
  if (typeof named !== "function") throw new Error(`the thread's module exports no function ${name}`);
  return named(argument) as unknown;
}

async function answer(call: Call): Promise<Reply> {
  try {
    return { id: call.id, value: await invoke(call.name, call.argument) };
  } catch (error) {
    return { id: call.id, error: toPlainError(error) };
  }
}

port.on("message", async (call: Call) => {
  if (call.name === "close" && functions["close"] === undefined) return port.close();
  const reply = await answer(call);
  try {
    port.postMessage(reply, []);
  } catch (error) {
    port.postMessage({ id: call.id, error: toPlainError(error) }, []);
  }
  if (call.name === "close") port.close();
});

port.postMessage("ready", []);
