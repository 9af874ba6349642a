import { createHmac } from "node:crypto";
import type { Decision, Task } from "../data/decision.ts";
import { randomId } from "../data/identity.ts";
import type { AskedReservation, AuditLedger, Charge, Reserved } from "../stores/ledger/paid-calls.ts";
import { Secret } from "./secret.ts";

export interface CloudAttempt {
  attemptId: string;
  task: Task;
  decision: Decision;
  /** Known with the reservation: the release that let the text leave, if any. */
  releaseId: string | null;
  anonymised: boolean;
  payloadHmac: string;
}

export interface CloudOutcome {
  outcome: string;
  charge: Charge;
  latencyMs: number;
}

/** Two records of every cloud attempt: the intent is durable before bytes leave, the outcome follows; and what else has to be on record. Never a text, never a file name. */
export interface Audit {
  /** Something that is no attempt: a release, a blocked request. */
  event(record: { event: string } & Record<string, unknown>): Promise<void>;
  /** Makes the attempt's reservation in the same step, or neither is. */
  intent(attempt: CloudAttempt, asked: AskedReservation): Promise<Reserved>;
  /** With `settle`, what it cost is settled in the same step. */
  outcome(attempt: CloudAttempt, outcome: CloudOutcome, settle: boolean): Promise<void>;
}

/** One chain a process: each line's HMAC covers the one before it, so that a removed, changed or moved line shows. */
export function openAudit(ledger: AuditLedger, key: Secret): Audit {
  const chain = randomId();
  const name = keyName(key);

  const lineOf = (previous: string, length: number, record: Record<string, unknown>) => {
    const line = JSON.stringify({ chain, sequence: length, key: name, ...record });
    return { line, hmac: chainHmac(key, previous, line) };
  };

  return {
    event: (record) => ledger.append(chain, (previous, length) => lineOf(previous, length, { phase: "event", timestamp: new Date().toISOString(), ...record })),
    async intent(attempt, asked) {
      const open = { prompt_tokens: null, output_tokens: null, cost_usd: null, latency_ms: null, outcome: null };
      const reserved = await ledger.reserve(asked, chain, (previous, length, releaseId) => lineOf(previous, length, { phase: "intent", ...fields({ ...attempt, releaseId }), ...open }));
      if (reserved.ok) attempt.releaseId = reserved.releaseId ?? null;
      return reserved;
    },
    outcome(attempt, { outcome, charge, latencyMs }, settle) {
      const record = { phase: "outcome", ...fields(attempt), prompt_tokens: charge.promptTokens, output_tokens: charge.outputTokens, cost_usd: charge.usd, latency_ms: Math.round(latencyMs), outcome };
      return ledger.append(chain, (previous, length) => lineOf(previous, length, record), settle ? { id: attempt.attemptId, charge } : undefined);
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
