import { z } from "zod";
import { Decision, Location, type Task } from "../data/decision.ts";
import type { MemoLedger } from "../stores/ledger/ledger.ts";

/** An answer as it rests in memo and cache: restored, with the real names, and with what it cost when it was made. */
export const Kept = z.object({
  content: z.string(),
  toolCalls: z.array(z.object({ name: z.string(), args: z.string(), id: z.string() })),
  doneReason: z.string(),
  backend: z.string(),
  location: Location,
  model: z.string(),
  promptTokens: z.number(),
  outputTokens: z.number(),
  usd: z.number(),
  savedUsd: z.number(),
  /** The job or query that it was made for. */
  requestId: z.string().default(""),
  decision: Decision,
});
export type Kept = z.infer<typeof Kept>;

interface Settlement {
  reservationId: string;
  usd: number;
  promptTokens: number;
  outputTokens: number;
}

/** Answers of the work on one document: what reached us is never asked for again. Calls without a document have none. */
export interface Memo {
  get(task: Task, hash: string): Promise<Kept | null>;
  /** Durable, together with the settlement, before anything uses the answer. False: this call has no memo and nothing was settled. */
  put(task: Task, hash: string, kept: Kept, valid: boolean, settlement: Settlement | null): Promise<boolean>;
}

export function openMemo(ledger: MemoLedger): Memo {
  let lastAttempt = 0;
  const key = (task: Task, hash: string) => ({ documentId: task.documentId!, chunkId: task.chunkId ?? hash, step: task.step, messagesHash: hash, generation: task.generation });

  return {
    async get(task, hash) {
      if (task.documentId === null) return null;
      const row = await ledger.get(key(task, hash));
      const kept = row ? Kept.safeParse(JSON.parse(row.answer)) : null;
      return kept?.success ? kept.data : null;
    },
    async put(task, hash, kept, valid, settlement) {
      if (task.documentId === null) return false;
      // Rising over restarts too, so that a later attempt never meets the row of an earlier one.
      lastAttempt = Math.max(lastAttempt + 1, Date.now());
      await ledger.put({ ...key(task, hash), attempt: lastAttempt, valid, answer: JSON.stringify(kept) }, settlement);
      return true;
    },
  };
}
