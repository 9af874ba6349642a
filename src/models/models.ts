import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { z } from "zod";
import type { Class } from "../data/classification.ts";
import type { Costs } from "../data/costs.ts";
import type { Cost, Decision, Task, Tier } from "../data/decision.ts";
import type { Warning } from "../data/warning.ts";
import type { BreakerState } from "./breaker.ts";
import type { KeptDecision } from "./memo.ts";
import type { ModelRow } from "./model-rows.ts";
import type { ModelsInput, ModelsOptions } from "./options.ts";
import type { Pulling } from "./pull-model.ts";
import type { EmbeddingModel } from "../stores/vectors/vector-store.ts";
import type { Preview } from "./preview.ts";

/** How a tier stands: `absent` never answered yet (built-in processing works), `down` did once (jobs wait). */
export type TierState = "ready" | "absent" | "down";

/** `detail` says what is there, `hint` what to do about it. */
export interface BackendStatus {
  backend: string;
  location: string;
  url: string;
  state: "up" | "down" | "disabled" | "quarantined";
  /** It is misconfigured, and not asked until somebody mends it. */
  degraded: boolean;
  models: Partial<Record<Tier, string>>;
  detail: string;
  hint: string | null;
  /** Of an enabled one: calls of this process on their way and waiting, and what holds it back. */
  load?: { slots: number; inFlight: number; queued: number; breakers: Omit<BreakerState, "backend">[] };
}

export interface Asked<T> {
  value: T;
  decision: Decision;
  /** Model that really answered. */
  model: string;
  backend: string;
  /** SHA-256 of the prompt file. */
  prompt: string;
  cost: Cost;
  /** Served from the memo: what it cost when this same job asked it. */
  earlier: Cost | null;
  warnings: Warning[];
  served: "model" | "memo" | "cache";
}

export interface AskOptions<T> {
  /** File name in `prompts/` without ending; its front matter gives the tier. */
  prompt: string;
  /** What the prompt's placeholders are filled with; every one it names must be there. */
  inputs: Record<string, string>;
  /**
   * Names of inputs that only help with the same question (what a recogniser proposed, names known already): the memo serves
   * its answer though they have changed since.
   */
  hints?: string[];
  /** PNG bytes. */
  pictures?: Uint8Array[];
  schema: z.ZodType<T>;
  task: Omit<Task, "tier">;
  signal: AbortSignal;
}

export interface Models {
  /** The routing ChatModel bound to a task: what any LangChain code may use. */
  chat(task: Task): BaseChatModel;
  /** Structured answer through the router: parsed, repaired, validated, asked again once. Throws `model_unavailable`, `model_failed`. */
  ask<T>(options: AskOptions<T>): Promise<Asked<T>>;
  /** A streamed text; `onToken` gets restored text as it comes. A second `onDecision` means that the answer starts afresh: what was shown is void. */
  stream(options: Omit<AskOptions<string>, "schema"> & { onToken: (text: string) => void; onDecision: (decision: Decision) => void }): Promise<Asked<string>>;
  /** With a class: how it stands for text of that class, which may have the local backends only (null is unknown). */
  tier(tier: Tier, classification?: Class | null): TierState;
  /** Whether an answer of this tier is kept for whoever asks the same again. */
  keeps(tier: Exclude<Tier, "embedding">): boolean;
  /** Local embeddings, `[n][dimension]`, length 1; null when there is no embedding model. */
  embeddings(): { model: EmbeddingModel; embed(texts: string[], signal: AbortSignal): Promise<Float32Array[]> } | null;
  /** Is a cloud backend enabled: then pictures and attachments are read before the class is final. */
  cloudEnabled(): boolean;
  /** Asks every backend again what it has; at start and every five minutes. */
  refresh(): Promise<void>;
  /** For `sluice check`, `/health/ready` and the demo: what is there, what is missing and the command that gets it. */
  status(): BackendStatus[];
  /** Where a call would go now and what it would cost; nobody is asked. */
  preview(call: { prompt: string; inputs: Record<string, string>; pictures: number; task: Omit<Task, "tier"> }): Promise<Preview>;
  /** What calls came to in the last UTC days, today included; of one tenant, or (null) of all. */
  costs(query: { tenant: string | null; days: number }): Promise<Costs>;
  /** What the answers of one job about a document were decided on. */
  decisions(documentId: string, jobId: string): Promise<KeptDecision[]>;
  /** Every model of every backend, as it was seen last. */
  list(): ModelRow[];
  /** Has a local Ollama fetch a model. Throws `invalid_input`, `model_unavailable`, `cancelled`. */
  pull(name: string, pulling: Pulling): Promise<{ backend: string; model: string }>;
  /** Makes the tiers that this backend or model once answered absent again; says how many rows there were. */
  forget(backendOrModel: string): Promise<number>;
  /** Closes the breakers of a backend, or all with null: calls go out again at once. */
  resetBreakers(backend: string | null): Promise<void>;
  /** Takes over a changed configuration: new calls go by it, those in flight end on the old. Throws `config` and stays as it was. */
  reload(input: ModelsInput | ModelsOptions): Promise<void>;
  close(): Promise<void>;
}

export { ModelsOptions } from "./options.ts";
