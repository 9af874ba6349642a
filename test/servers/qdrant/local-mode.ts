import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { qdrantPython } from "../server-cache.ts";
import { RequestError } from "./request-error.ts";

/** Names of the calls in local-mode.py. */
export type LocalCall = "list" | "aliases" | "changeAliases" | "create" | "update" | "delete" | "index" | "dropIndex" | "upsert" | "deletePoints" | "setPayload" | "overwritePayload" | "deletePayload" | "clearPayload" | "updateVectors" | "deleteVectors" | "batch" | "retrieve" | "scroll" | "count" | "query" | "queryBatch" | "facet";

export interface LocalMode {
  /** Calls are answered one after the other, in the order in which they were sent. */
  call(call: LocalCall, collection: string | null, body?: unknown): Promise<unknown>;
  close(): void;
}

interface Answer {
  id: number;
  result?: unknown;
  status?: number;
  error?: string;
}

/** Starts the Python client's local mode on a folder; it keeps there what it is given. Ends this process when it ends by itself. */
export async function openLocalMode(folder: string): Promise<LocalMode> {
  const child = spawn(qdrantPython, ["-u", fileURLToPath(new URL("local-mode.py", import.meta.url)), folder], { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" } });
  const waiting = new Map<number, (answer: Answer) => void>();
  let [last, closed] = [0, false];
  const ready = new Promise<Answer>((resolve) => waiting.set(0, resolve));
  createInterface({ input: child.stdout }).on("line", (line) => {
    const answer = JSON.parse(line) as Answer;
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  child.once("exit", (code, signal) => {
    if (closed) return;
    process.stderr.write(`the local mode ended with ${code ?? signal}\n`);
    process.exit(1);
  });
  await ready;
  return {
    call: async (call, collection, body) => {
      const id = ++last;
      const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
      child.stdin.write(`${JSON.stringify({ id, call, collection, body })}\n`);
      const answer = await answered;
      if (answer.error !== undefined) throw new RequestError(statusOf(answer), answer.error);
      return answer.result;
    },
    close: () => {
      closed = true;
      child.stdin.end();
    },
  };
}

/** The local mode raises ValueError for all that is wrong; the real server tells absent and already there from wrong. */
function statusOf({ status = 500, error = "" }: Answer): number {
  if (/^(Collection|Alias) .* already exists$/.test(error)) return 409;
  if (/^(Collection .* not found|Alias .* does not exist|Point .* is not found in the collection)$/.test(error)) return 404;
  return status;
}
