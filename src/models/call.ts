import type { BaseMessage } from "@langchain/core/messages";
import type { Cost, Decision, Location, Task } from "../data/decision.ts";
import type { Warning } from "../data/warning.ts";
import type { AppliedRule } from "./rules.ts";
import type { ToolCallPiece } from "./backends/backend.ts";

/** One question to the router, whatever door it came in by. */
export interface Call {
  task: Task;
  messages: BaseMessage[];
  /** Hash that the memo knows it by; of the messages unless this is a second try at the same question. */
  memoHash?: string;
  format?: unknown;
  tools?: unknown[];
  stop?: string[];
  signal: AbortSignal;
  /** Restored text as it comes; a new decision means that the answer starts afresh. */
  onText?: (text: string) => void;
  onDecision?: (decision: Decision) => void;
  /** Says whether an answer is usable; one that is not is kept in the memo with its cost, and never served. */
  validate?: (reply: Reply) => boolean;
  /** Rules the cloud out from the start: what failed there, in one word. */
  cloudFailed?: string;
  /** Set by the router: what the rule table says about it. */
  rule?: AppliedRule | null;
}

export interface Reply {
  content: string;
  toolCalls: ToolCallPiece[];
  doneReason: string;
  backend: string;
  location: Location;
  model: string;
  promptTokens: number;
  outputTokens: number;
  usd: number;
  savedUsd: number;
  /** What it cost when this same job asked it, in an earlier round or before it was interrupted. */
  earlier?: Cost | null;
  decision: Decision;
  warnings: Warning[];
  served: "model" | "memo" | "cache";
}

/** What earlier attempts of the same call leave for the next one. */
export interface Course {
  cloudFailed: string | null;
  /** Local backends that failed this call. */
  localFailed: Set<string>;
  cloudRetries: number;
  rateLimitWaits: number;
  roomRetries: number;
  warnings: Warning[];
}

export const newCourse = (call: Call): Course => ({ cloudFailed: call.cloudFailed ?? null, localFailed: new Set(), cloudRetries: 0, rateLimitWaits: 0, roomRetries: 0, warnings: [] });
