import { createHmac } from "node:crypto";
import type { Decision, Task } from "../data/decision.ts";
import { randomId } from "../data/identity.ts";
import type { AuditLedger, SpendStep } from "../stores/ledger/ledger.ts";
import { Secret } from "./secret.ts";

export interface CloudAttempt {
  attemptId: string;
  task: Task;
  decision: Decision;
  releaseId: string | null;
  anonymised: boolean;
  payloadHmac: string;
}

export interface CloudOutcome {
  outcome: string;
  promptTokens: number;
  outputTokens: number;
  costUsd: number;
  latencyMs: number;
}

/** Two records of every cloud attempt: the intent is durable before bytes leave, the outcome follows; and what else has to be on record. Never a text, never a file name. */
export interface Audit {
  /** Something that is no attempt: a release, a blocked request. */
  event(record: { event: string } & Record<string, unknown>): Promise<void>;
  /** Marks the attempt's reservation as dispatched in the same step. */
  intent(attempt: CloudAttempt): Promise<void>;
  /** With `settle`, what it cost is settled in the same step. */
  outcome(attempt: CloudAttempt, outcome: CloudOutcome, settle: boolean): Promise<void>;
}

/** One chain a process: each line's HMAC covers the one before it, so that a removed, changed or moved line shows. */
export function openAudit(ledger: AuditLedger, key: Secret): Audit {
  const chain = randomId();
  const name = keyName(key);

  function append(record: Record<string, unknown>, step?: SpendStep): Promise<void> {
    const make = (previous: string, length: number) => {
      const line = JSON.stringify({ chain, sequence: length, key: name, ...record });
      return { line, hmac: chainHmac(key, previous, line) };
    };
    return ledger.append(chain, make, step);
  }

  return {
    event: (record) => append({ phase: "event", timestamp: new Date().toISOString(), ...record }),
    intent: (attempt) => append({ phase: "intent", ...fields(attempt), prompt_tokens: null, output_tokens: null, cost_usd: null, latency_ms: null, outcome: null }, { id: attempt.attemptId, charge: null }),
    outcome(attempt, { outcome, promptTokens, outputTokens, costUsd, latencyMs }, settle) {
      const record = { phase: "outcome", ...fields(attempt), prompt_tokens: promptTokens, output_tokens: outputTokens, cost_usd: costUsd, latency_ms: Math.round(latencyMs), outcome };
      return append(record, settle ? { id: attempt.attemptId, charge: { usd: costUsd, promptTokens, outputTokens } } : undefined);
    },
  };
}

export const chainHmac = (key: Secret, previous: string, line: string): string => createHmac("sha256", Secret.reveal(key)).update(previous).update("\n").update(line).digest("hex");

/** Names a key without telling it: which of several keys a chain was written with. */
export const keyName = (key: Secret): string => createHmac("sha256", Secret.reveal(key)).update("the name of this key").digest("hex").slice(0, 12);

function fields({ attemptId, task, decision, releaseId, anonymised, payloadHmac }: CloudAttempt): Record<string, unknown> {
  return {
    timestamp: new Date().toISOString(),
    event: "cloud_execution",
    attempt_id: attemptId,
    request_id: task.requestId,
    user_id: task.userId,
    tenant: task.tenant,
    document_id: task.documentId,
    task_id: task.taskId,
    task_type: task.taskType,
    data_classification: task.classification,
    release_id: releaseId,
    anonymised,
    payload_hmac: payloadHmac,
    backend: decision.backend,
    model: decision.model,
    decision_reason: decision.reason,
  };
}
