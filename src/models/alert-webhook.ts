import { setTimeout as sleep } from "node:timers/promises";
import { counter, type Log } from "../telemetry.ts";
import { openTransport, readText } from "./backends/transport.ts";
import type { Alert } from "./budget-alerts.ts";
import type { Webhook } from "./options.ts";
import { Secret } from "./secret.ts";

const calls = counter("llm_budget_webhook_total", "alerts posted to the webhook", ["outcome"]);

/** A share of a budget is used up, or the last gate stopped a request: kinds and counts, never a value. */
export type Notice = ({ event: "budget_alert" } & Alert) | { event: "privacy_blocked"; tenant: string; documentId: string | null; kinds: Record<string, number> };

export interface AlertWebhook {
  /** Posts the notice, three times at most; what becomes of it is in the log and the metrics. */
  send(notice: Notice): Promise<void>;
  /** Waits for what is on its way, three seconds at most. */
  close(): Promise<void>;
}

/** A tenant's name may be a client's: a webhook outside the operator's network is not told whose budget or document it is. */
export function openAlertWebhook(webhook: Webhook, log: Log, pauseMs = 1000): AlertWebhook {
  const transport = openTransport({ url: webhook.url, privateOnly: webhook.location === "local" && webhook.trusted === null });
  const path = new URL(webhook.url).pathname.endsWith("/") ? "/" : "";
  const headers: Record<string, string> = webhook.apiKey ? { authorization: `Bearer ${Secret.reveal(webhook.apiKey)}` } : {};
  const closing = new AbortController();

  async function post(notice: Notice): Promise<void> {
    const { tenant, ...rest } = notice;
    const body = JSON.stringify({ ...rest, ...(webhook.location === "local" ? { tenant } : { scope: tenant === null ? "all" : "tenant" }) });
    const reply = await transport.send({ method: "POST", path, body, headers, signal: AbortSignal.any([AbortSignal.timeout(10_000), closing.signal]) });
    await readText(reply.body, 65_536);
    if (reply.status < 200 || reply.status > 299) throw new Error(`status ${reply.status}`);
  }

  async function deliver(notice: Notice): Promise<void> {
    for (let attempt = 1; !closing.signal.aborted; attempt++) {
      try {
        await post(notice);
        calls.inc({ outcome: "sent" });
        return;
      } catch (error) {
        const cause = (error as { code?: string }).code ?? (error as Error).message.slice(0, 60);
        if (attempt < 3) {
          await sleep(pauseMs * attempt, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
          continue;
        }
        calls.inc({ outcome: "failed" });
        return void log.error({ event: "budget_webhook_failed", cause, alert: notice.event }, "an alert could not be posted to budgets.webhook");
      }
    }
  }

  const open = new Set<Promise<void>>();
  return {
    send(notice) {
      const sent = deliver(notice).finally(() => open.delete(sent));
      open.add(sent);
      return sent;
    },
    async close() {
      if (open.size > 0) await Promise.race([Promise.all(open), sleep(3000)]);
      closing.abort();
      transport.close();
    },
  };
}
