import type { ServerResponse } from "node:http";

/** Every way a model server was seen to fail; `routing.md`'s fallback table has a row for each. */
export const faultKinds = [
  "rate-limit", // 429 without Retry-After
  "rate-limit-retry-after", // 429 with Retry-After
  "usage-limit", // 429 whose text says that the period's allowance is used up
  "payment", // 402
  "unauthorized", // 401
  "forbidden", // 403
  "model-missing", // 404
  "unavailable", // 503
  "internal", // 500
  "slot-timeout", // 503 with the slot time-out's text
  "bad-request", // 400
  "error-mid-stream", // some tokens, then a line { "error": … }
  "cut-stream", // some tokens, then the connection ends
  "empty", // content ""
  "empty-thinking", // content "" while there was thinking
  "malformed-json", // an answer that no JSON parser takes
  "wrong-schema", // JSON of another shape
  "truncated", // done_reason "length", half of the answer
  "redirect", // 307 to another server
  "hang", // nothing, not even headers
  "remote-host", // the reply says that a vendor answered
  "slow", // the answer, late
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Which calls go wrong, and how. A condition that is not given holds for every call. */
export interface Fault {
  kind: FaultKind;
  /** Numbers of the model calls (chat, generate, embed) since start or the last `setFaults`, from 1. */
  requests?: number[];
  /** At most this many times. */
  times?: number;
  path?: string;
  model?: string;
  /** The prompt holds this text. */
  containing?: string;
  /** Seconds, for `rate-limit-retry-after`. */
  retryAfter?: number;
  /** Replaces the status. */
  status?: number;
  /** Replaces the text of the error. */
  message?: string;
  /** Where `redirect` points, or what `remote-host` names. */
  target?: string;
  /** Extra milliseconds of `slow`; default 2000. */
  delayMs?: number;
}

export interface FaultChooser {
  choose(call: { number: number; path: string; model: string; body: string }): Fault | null;
}

/** The first fault whose conditions hold; each is counted down by `times`. */
export function openFaults(faults: Fault[]): FaultChooser {
  const left = faults.map((fault) => fault.times ?? Infinity);
  return {
    choose(call) {
      const index = faults.findIndex(
        (fault, at) =>
          left[at]! > 0 &&
          (fault.requests?.includes(call.number) ?? true) &&
          (fault.path === undefined || fault.path === call.path) &&
          (fault.model === undefined || fault.model === call.model) &&
          (fault.containing === undefined || call.body.includes(JSON.stringify(fault.containing).slice(1, -1))),
      );
      if (index < 0) return null;
      left[index]!--;
      return faults[index]!;
    },
  };
}

const statuses: Partial<Record<FaultKind, [status: number, message: string]>> = {
  "rate-limit": [429, "too many concurrent requests"],
  "rate-limit-retry-after": [429, "too many requests, please slow down"],
  "usage-limit": [429, "you (operator) have reached your weekly usage limit, upgrade for higher limits: https://ollama.com/upgrade"],
  payment: [402, "payment required: this model needs a subscription, upgrade for access: https://ollama.com/upgrade"],
  unauthorized: [401, "unauthorized"],
  forbidden: [403, "this key may not use this model"],
  unavailable: [503, "Server overloaded, please retry shortly (ref: 00000000-0000-4000-8000-000000000000)"],
  internal: [500, "llama runner process has terminated"],
  "slot-timeout": [503, "timed out waiting for a concurrent request slot"],
  "bad-request": [400, "invalid options: temperature"],
};

/** Answers with the fault when it is one of status, redirect or silence; false when it concerns the answer itself. */
export function answerFault(fault: Fault, model: string, response: ServerResponse, body: (status: number, message: string) => object = (_status, error) => ({ error })): boolean {
  if (fault.kind === "hang") return true;
  if (fault.kind === "redirect") {
    response.writeHead(fault.status ?? 307, { location: fault.target ?? "http://127.0.0.1:9/api/chat" }).end();
    return true;
  }
  const known = fault.kind === "model-missing" ? ([404, `model '${model}' not found`] as const) : statuses[fault.kind];
  if (!known) return false;
  const headers = fault.kind === "rate-limit-retry-after" ? { "retry-after": String(fault.retryAfter ?? 1) } : {};
  const status = fault.status ?? known[0];
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
  response.end(JSON.stringify(body(status, fault.message ?? known[1])));
  return true;
}
