import type { Charge, SpendLedger } from "../stores/ledger/paid-calls.ts";
import type { Log } from "../telemetry.ts";
import type { Audit, CloudAttempt } from "./audit.ts";
import type { Budget, Held } from "./budget.ts";
import { Failure } from "./failure.ts";

export const noCharge: Charge = { usd: 0, promptTokens: 0, outputTokens: 0 };

/** The money and the audit of one cloud attempt, open until it is settled and on record. */
export interface Account {
  record: CloudAttempt;
  /** Null until the bytes are about to leave. */
  held: Held | null;
  isSettled: boolean;
  isRecorded: boolean;
  charge: Charge;
}

export interface AccountParts {
  audit: Audit | null;
  spend: SpendLedger;
  budget: Budget;
  log: Log;
}

/** Settles the charge and writes the outcome, in one step; money is settled even where the record cannot be written. Throws what the ledger throws. */
export async function book(account: Account, end: { outcome: string; latencyMs: number }, { audit, spend, log }: AccountParts): Promise<void> {
  const { charge, record } = account;
  try {
    await audit!.outcome(record, { ...end, charge }, !account.isSettled);
    account.isSettled = true;
    account.isRecorded = true;
  } catch (error) {
    log.error({ event: "outcome_unrecorded", request_id: record.task.requestId, attempt_id: record.attemptId, cause: (error as Error).name }, "the outcome of a cloud attempt could not be put on record");
    if (!account.isSettled) await spend.settle(record.attemptId, charge);
    account.isSettled = true;
  }
}

/** What left is charged, whatever became of the answer. Never throws. */
export async function closeAccount(account: Account, end: { outcome: string; latencyMs: number }, parts: AccountParts): Promise<void> {
  const { held, record, charge } = account;
  if (!held) return;
  try {
    if (!account.isRecorded) await book(account, end, parts);
  } catch (error) {
    // The reservation stays and is charged in full when it expires; the audit chain shows an intent without an outcome.
    parts.log.error({ event: "settlement_failed", request_id: record.task.requestId, attempt_id: record.attemptId, cause: (error as Error).name }, "a cloud attempt could not be settled");
  }
  await parts.budget.charged({ tenant: record.task.tenant, backend: record.decision.backend!, model: record.decision.model!, usd: charge.usd });
}

/** What a failed attempt that had left costs: nothing when the server turned it down or was not reached, else the prompt and what had come. */
export function chargeOf(error: unknown, asked: { backend: string; model: string; promptTokens: number }, held: Held, budget: Budget): Charge {
  if (error instanceof Failure && (error.status !== null || !error.sent)) return noCharge;
  const outputTokens = (error as { outputTokens?: number }).outputTokens ?? 0;
  const tokens = { promptTokens: asked.promptTokens, outputTokens };
  return { usd: budget.price(asked.backend, asked.model, tokens, held), ...tokens };
}
