import type { Cache } from "../stores/cache/cache.ts";
import type { AlertLedger, MemoLedger, TierLedger, UsageLedger } from "../stores/ledger/ledger.ts";
import type { AuditLedger, SpendLedger } from "../stores/ledger/paid-calls.ts";
import type { HoldLedger } from "../stores/ledger/holds.ts";
import type { Log } from "../telemetry.ts";
import type { Anonymise } from "./anonymise-call.ts";
import type { Alert } from "./budget-alerts.ts";
import type { Gate } from "./dispatch.ts";
import type { RouteEvent } from "./route.ts";

export type ModelsEvent = RouteEvent | { type: "quarantined"; backend: string; model: string; forwarded: boolean } | ({ type: "budget_alert" } & Alert);

/** What the models stand on; `anonymise` and `gate` are privacy's, handed in by `app.ts`. */
export interface ModelsParts {
  memo: MemoLedger;
  spend: SpendLedger;
  audit: AuditLedger;
  usage: UsageLedger;
  alerts: AlertLedger;
  tiers: TierLedger;
  holds: HoldLedger;
  cache: Cache;
  anonymise: Anonymise;
  gate: Gate;
  log: Log;
  onEvent?: (event: ModelsEvent) => void;
}
