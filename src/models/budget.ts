import { Decimal } from "decimal.js";
import type { Tier } from "../data/decision.ts";
import type { AskedReservation, Leaving, Reserved, SpendLedger } from "../stores/ledger/paid-calls.ts";
import { counter } from "../telemetry.ts";
import type { BudgetAlerts } from "./budget-alerts.ts";
import { Failure } from "./failure.ts";
import type { ModelsOptions } from "./options.ts";
import { costUsd, highestRate, rateAt, type Tokens } from "./prices.ts";

const spentTotal = counter("llm_cost_usd_total", "USD spent", ["backend", "model", "tenant"]);

export interface Spending {
  spentDay: number;
  spentMonth: number;
  tenantSpentDay: number;
  tenantSpentMonth: number;
}

/** A reservation: what may be spent at most, and when it was made. */
export interface Held {
  usd: number;
  at: Date;
}

interface CallToPay {
  /** Of the attempt. */
  id: string;
  tenant: string;
  backend: string;
  model: string;
  taskType: string;
  usd: number;
  tokens: number;
  documentId: string | null;
  documents: Leaving | null;
}

/** Money: estimates before, reservations during, settlements after. Truth and limits are the ledger's, in its transaction. */
export interface Budget {
  /** USD that a call costs at most, or null when the model has no price. */
  estimate(backend: string, model: string, promptTokens: number, outputTokens: number): number | null;
  spending(tenant: string): Promise<Spending>;
  tokensLeft(backend: string): Promise<boolean>;
  /** `reserve` asks the ledger. Throws `Failure("refused")` with the ledger's reason. */
  hold(call: CallToPay, reserve: (asked: AskedReservation) => Promise<Reserved>): Promise<Held>;
  /** USD of the tokens really used, at the price of the moment that the call was reserved. */
  price(backend: string, model: string, tokens: Tokens, held: Held): number;
  /** USD of the same tokens at the price of the tier's reference model; null where there is none. */
  reference(tier: Tier, tokens: Tokens): number | null;
  /** A guard kept a call local for want of money: `rule` says of which. */
  refused(tenant: string, rule: string): Promise<void>;
  charged(call: { tenant: string; backend: string; model: string; usd: number }): Promise<void>;
}

export function openBudget(options: ModelsOptions, { spend, alerts }: { spend: SpendLedger; alerts: BudgetAlerts }): Budget {
  const { budgets, prices } = options;
  const backend = (id: string) => options.backends.find((each) => each.id === id);
  const timeout = (id: string) => backend(id)?.timeoutMs ?? 300_000;

  return {
    estimate(id, model, promptTokens, outputTokens) {
      const rate = highestRate(prices, id, model, new Date(), timeout(id) + 60_000);
      return rate ? costUsd(rate, { promptTokens, outputTokens }) : null;
    },
    async spending(tenant) {
      const used = await spend.used(tenant, new Date().toISOString());
      return { spentDay: used.dayUsd, spentMonth: used.monthUsd, tenantSpentDay: used.tenantDayUsd, tenantSpentMonth: used.tenantMonthUsd };
    },
    async tokensLeft(id) {
      const limit = backend(id)?.monthTokens ?? 0;
      return limit <= 0 || (await spend.monthTokens(id, new Date().toISOString())) < limit;
    },
    async hold(call, reserve) {
      const at = new Date();
      const expiresAt = new Date(at.getTime() + timeout(call.backend) + 60_000).toISOString();
      const { documents, ...reservation } = call;
      const limits = {
        dayUsd: budgets.dayUsd,
        monthUsd: budgets.monthUsd,
        tenantDayUsd: budgets.tenantDayUsd,
        tenantMonthUsd: budgets.tenantMonthUsd,
        monthTokens: backend(call.backend)?.monthTokens ?? 0,
      };
      const reserved = await reserve({ reservation: { ...reservation, expiresAt }, limits, documents });
      if (!reserved.ok) throw new Failure("refused", reserved.reason, { sent: false });
      return { usd: call.usd, at };
    },
    price(id, model, tokens, held) {
      const rate = rateAt(prices, id, model, held.at) ?? rateAt(prices, id, model, new Date());
      // A call that was reserved had a price; should it be gone, what was reserved is what it cost.
      return rate ? costUsd(rate, tokens) : held.usd;
    },
    reference(tier, tokens) {
      const reference = tier === "embedding" ? undefined : budgets.reference[tier];
      const rate = reference === undefined ? null : rateAt(prices, null, reference, new Date());
      return rate ? costUsd(rate, tokens) : null;
    },
    async refused(tenant, rule) {
      const [, period] = /^guard\.budget\.(?:tenant_)?(day|month)$/u.exec(rule) ?? [];
      if (period) await alerts.exhausted(period as "day" | "month", rule.includes("tenant_") ? tenant : null);
    },
    async charged({ tenant, backend: id, model, usd }) {
      if (usd > 0) spentTotal.inc({ backend: id, model, tenant }, usd);
      await alerts.look(tenant);
    },
  };
}

/** What an answer saved against the reference, never below nothing. */
export const savedUsd = (reference: number | null, usd: number): number => (reference === null ? 0 : Decimal.max(0, new Decimal(reference).minus(usd)).toNumber());
