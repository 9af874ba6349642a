import type { Plan, Statement } from "../sqlite/database.ts";
import type { SpendStep } from "./ledger.ts";
import { toNano } from "./money.ts";

export interface Head {
  head: string;
  length: number;
}

/**
 * One line of the audit chain, and what becomes of its reservation, as one message to the writer: a call that is paid for
 * waits for two of them. Fails with `conflict` where chain or reservation stand otherwise than usual.
 */
export function appendPlan(chain: string, before: Head, { line, hmac }: { line: string; hmac: string }, spend: SpendStep | undefined, now: string): Plan {
  return [
    ...(spend ? spendStatements(spend, now) : []),
    { sql: "INSERT INTO ledger_audit (chain, position, line, hmac) VALUES (?, ?, ?, ?)", rows: [[chain, before.length, line, hmac]] },
    { sql: "UPDATE ledger_audit_chains SET head = ?, length = ? WHERE chain = ? AND head = ? AND length = ?", rows: [[hmac, before.length + 1, chain, before.head, before.length]], changes: 1 },
  ];
}

/** As `endReservation` and `settleReservation` write it; here nothing happens between two statements. */
function spendStatements({ id, charge }: SpendStep, now: string): Statement[] {
  if (charge === null) return [{ sql: "UPDATE ledger_spend SET state = 'dispatched' WHERE id = ? AND state = 'reserved'", rows: [[id]], changes: 1 }];
  const { usd, promptTokens, outputTokens } = charge;
  const nano = toNano(usd);
  return [
    {
      sql: `INSERT INTO ledger_spend_days (day, tenant, backend, nano, tokens)
        SELECT day, tenant, backend, ?, ? FROM ledger_spend WHERE id = ? AND state IN ('reserved', 'dispatched', 'released')
        ON CONFLICT (day, tenant, backend) DO UPDATE SET nano = nano + excluded.nano, tokens = tokens + excluded.tokens`,
      rows: [[nano, promptTokens + outputTokens, id]],
    },
    {
      sql: "UPDATE ledger_spend SET state = 'settled', charged_nano = ?, prompt_tokens = ?, output_tokens = ?, ended_at = ? WHERE id = ? AND state IN ('reserved', 'dispatched', 'released')",
      rows: [[nano, promptTokens, outputTokens, now, id]],
      changes: 1,
    },
  ];
}
