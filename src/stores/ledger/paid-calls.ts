import type { Class } from "../../data/classification.ts";
import type { Lease } from "../document-writer.ts";

export interface Reservation {
  id: string;
  tenant: string;
  backend: string;
  model: string;
  usd: number;
  tokens: number;
  documentId: string | null;
  taskType: string;
  expiresAt: string;
}

export interface Limits {
  dayUsd: number;
  monthUsd: number;
  tenantDayUsd?: number;
  tenantMonthUsd?: number;
  /** Tokens of this backend in this month; 0 or less means none. */
  monthTokens?: number;
}

/**
 * Those whose text leaves with a call, and the classes of which text may leave. `passage`: of this document only one passage
 * does, and the work that holds the lease has read the passage's own class.
 */
export interface Leaving {
  ids: string[];
  allowed: Class[];
  passage?: { documentId: string; lease: Lease } | null;
}

/** A call that is to be paid for. */
export interface AskedReservation {
  reservation: Reservation;
  limits: Limits;
  documents: Leaving | null;
}

/** `releaseId` names a release that lets one of the documents leave. */
export type Reserved = { ok: true; releaseId?: string } | { ok: false; reason: "budget_exceeded" | "token_limit" | "class_changed" };

export interface Charge {
  usd: number;
  promptTokens: number;
  outputTokens: number;
}

export interface SpendLedger {
  /** Ends the reservation; `usd` and tokens are what is charged. Idempotent. */
  settle(id: string, charge: Charge): Promise<void>;
  /** Charges reservations that expired, in full. Returns how many. */
  expire(now: string): Promise<number>;
  totals(tenant: string | null, now: string): Promise<{ dayUsd: number; monthUsd: number; reservedUsd: number }>;
  /** Spent and reserved of this day and month, as `reserve` counts them: of all tenants, and of this one. */
  used(tenant: string, now: string): Promise<{ dayUsd: number; monthUsd: number; tenantDayUsd: number; tenantMonthUsd: number }>;
  /** Reservations in the order of their ids, those after this one: each has its audit records under its id. */
  left(after: string, limit: number): Promise<string[]>;
  monthTokens(backend: string, now: string): Promise<number>;
}

export interface AuditLine {
  line: string;
  hmac: string;
}

export interface AuditLedger {
  /**
   * Appends to the chain of this process: `make` gets the previous HMAC and length. What the call cost that the line is about
   * is settled with it (as `SpendLedger.settle`), or neither is. Durable when resolved.
   */
  append(chain: string, make: (previous: string, length: number) => AuditLine, settled?: { id: string; charge: Charge }): Promise<void>;
  /**
   * In one transaction: reads spent + reserved of day and month (UTC) and the classes and releases now of the documents, makes
   * the reservation, and appends the line that says that its bytes are about to leave; or says why not. From now on a
   * reservation that nobody settles is charged in full when it expires. Asked twice, it is made once.
   */
  reserve(asked: AskedReservation, chain: string, make: (previous: string, length: number, releaseId: string | null) => AuditLine): Promise<Reserved>;
  /** Every chain of which anything is left; `head` and `length` are null where only lines are. */
  chains(): Promise<{ chain: string; head: string | null; length: number | null }[]>;
  rows(chain: string): AsyncIterable<{ line: string; hmac: string }>;
}
