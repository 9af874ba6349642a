import { createHmac } from "node:crypto";
import type { Decision, Task } from "../data/decision.ts";
import { randomId } from "../data/identity.ts";
import type { AuditLedger } from "../stores/ledger/ledger.ts";
import { Secret } from "./secret.ts";

export interface CloudAttempt {
  attemptId: string;
  task: Task;
  decision: Decision;
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

/** Two records of every cloud attempt: the intent is durable before bytes leave, the outcome follows. Never a text, never a file name. */
export interface Audit {
  intent(attempt: CloudAttempt): Promise<void>;
  outcome(attempt: CloudAttempt, outcome: CloudOutcome): Promise<void>;
}

/** One chain a process: each line's HMAC covers the one before it, so that a removed, changed or moved line shows. */
export function openAudit(ledger: AuditLedger, key: Secret): Audit {
  const chain = randomId();

  function append(record: Record<string, unknown>): Promise<void> {
    return ledger.append(chain, (previous, length) => {
      const line = JSON.stringify({ chain, sequence: length, ...record });
      return { line, hmac: chainHmac(key, previous, line) };
    });
  }

  return {
    intent: (attempt) => append({ phase: "intent", ...fields(attempt), prompt_tokens: null, output_tokens: null, cost_usd: null, latency_ms: null, outcome: null }),
    outcome: (attempt, outcome) =>
      append({
        phase: "outcome",
        ...fields(attempt),
        prompt_tokens: outcome.promptTokens,
        output_tokens: outcome.outputTokens,
        cost_usd: outcome.costUsd,
        latency_ms: Math.round(outcome.latencyMs),
        outcome: outcome.outcome,
      }),
  };
}

export const chainHmac = (key: Secret, previous: string, line: string): string => createHmac("sha256", Secret.reveal(key)).update(previous).update("\n").update(line).digest("hex");

function fields({ attemptId, task, decision, anonymised, payloadHmac }: CloudAttempt): Record<string, unknown> {
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
    release_id: null,
    anonymised,
    payload_hmac: payloadHmac,
    backend: decision.backend,
    model: decision.model,
    decision_reason: decision.reason,
  };
}
