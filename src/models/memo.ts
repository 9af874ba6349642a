import { z } from "zod";
import { Decision, Location, type Task } from "../data/decision.ts";
import type { MemoLedger, UsageRow } from "../stores/ledger/ledger.ts";

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
  /** What the decision was made of, to make it again: see `DecisionLine`. Not of answers before it was kept. */
  line: z.record(z.string(), z.unknown()).optional(),
  /** Why there is no answer, of an attempt that failed. */
  failure: z.string().optional(),
  /** The answer was made for another document. */
  fromCache: z.boolean().optional(),
  /** When it failed; of an answer the number of its attempt says when it came. */
  failedAt: z.iso.datetime().optional(),
});
export type Kept = z.infer<typeof Kept>;

/** Null for whatever is not a whole answer: a store may give back less than it was given. */
export function readKept(json: string): Kept | null {
  try {
    return Kept.safeParse(JSON.parse(json)).data ?? null;
  } catch {
    return null;
  }
}

interface Settlement {
  reservationId: string;
  usd: number;
  promptTokens: number;
  outputTokens: number;
}

/** The decision behind one attempt; `line` makes it again (`replayDecision`). */
export interface KeptDecision {
  documentId: string;
  step: string;
  chunkId: string;
  valid: boolean;
  /** Why the attempt brought no answer, in the words of the failure table; null where it did. */
  failure: string | null;
  fromCache: boolean;
  at: string;
  decision: Decision;
  line: Record<string, unknown> | null;
}

/** Answers of the work on one document: what reached us is never asked for again. Calls without a document have none. */
export interface Memo {
  get(task: Task, hash: string): Promise<Kept | null>;
  /** What the attempts of one job about a document were decided on, in the order they ended. Of those that failed, the last of each question. */
  decisions(documentId: string, requestId: string): Promise<KeptDecision[]>;
  /** Durable, together with settlement and usage, before anything uses the answer. False: this call has no memo and nothing was settled. */
  put(task: Task, hash: string, kept: Kept, valid: boolean, settlement: Settlement | null, usage?: UsageRow): Promise<boolean>;
  /** Keeps what an attempt was decided on that brought no answer. */
  failed(task: Task, hash: string, failure: string, decision: Decision, line: object): Promise<void>;
}

/** Failed attempts kept of one question: a job that waits for a model asks it again and again. */
const failuresKept = 8;

export function openMemo(ledger: MemoLedger): Memo {
  let lastAttempt = 0;
  let failures = 0;
  const key = (task: Task, hash: string) => ({ documentId: task.documentId!, chunkId: task.chunkId ?? hash, step: task.step, messagesHash: hash, generation: task.generation });

  return {
    async get(task, hash) {
      if (task.documentId === null) return null;
      const row = await ledger.get(key(task, hash));
      return row ? readKept(row.answer) : null;
    },
    async decisions(documentId, requestId) {
      const rows = await ledger.list(documentId);
      const all = rows.flatMap(({ step, chunkId, valid, attempt, answer }): KeptDecision[] => {
        const kept = readKept(answer);
        if (kept?.requestId !== requestId) return [];
        return [{ documentId, step, chunkId, valid, failure: kept.failure ?? null, fromCache: kept.fromCache ?? false, at: kept.failedAt ?? new Date(attempt).toISOString(), decision: kept.decision, line: kept.line ?? null }];
      });
      return all.toSorted((a, b) => (a.at < b.at ? -1 : 1));
    },
    async put(task, hash, kept, valid, settlement, usage) {
      if (task.documentId === null) return false;
      // Rising over restarts too, so that a later attempt never meets the row of an earlier one.
      lastAttempt = Math.max(lastAttempt + 1, Date.now());
      await ledger.put({ ...key(task, hash), attempt: lastAttempt, valid, answer: JSON.stringify(kept) }, settlement, usage);
      return true;
    },
    async failed(task, hash, failure, decision, line) {
      if (task.documentId === null) return;
      const { backend, model, location } = decision;
      const nothing = { content: "", toolCalls: [], doneReason: "", promptTokens: 0, outputTokens: 0, usd: 0, savedUsd: 0 };
      const kept: Kept = { ...nothing, backend: backend ?? "", model: model ?? "", location, requestId: task.requestId, decision, line: { ...line }, failure, failedAt: new Date().toISOString() };
      await ledger.put({ ...key(task, hash), attempt: -1 - (failures++ % failuresKept), valid: false, answer: JSON.stringify(kept) }, null);
    },
  };
}
