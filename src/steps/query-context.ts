import type { Class } from "../data/classification.ts";
import type { Principal } from "../data/principal.ts";
import type { QueryEvent } from "../data/query.ts";

/** On whose behalf a question is asked and who listens; never part of a state. */
export interface QueryContext {
  principal: Principal;
  requestId: string;
  signal: AbortSignal;
  onEvent(event: QueryEvent): void;
}

/** What the question asks for, read without a model. */
export interface Understood {
  class: Class;
  language: string | null;
  /** Names in the question, normalised. */
  names: string[];
  /** Several hops, a comparison or a list. */
  complexity: "low" | "medium" | "high";
}
