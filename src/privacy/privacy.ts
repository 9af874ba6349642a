import type { Class, Signal, Verdict } from "../data/classification.ts";
import type { Scope } from "../data/identity.ts";
import type { ClearedRequest } from "./cleared-request.ts";
import type { ReleasedValues } from "./released-values.ts";

/** A text to be read by the gate, with what stands around it: the column header of a cell, the key of a value. */
export interface Passage {
  text: string;
  context?: string;
  /** `body`, `cell`, `metadata`, `name`, `header`, `footer`, `watermark`, `comment`, `hidden`, `altText`, `ocr`, `question`. */
  role?: string;
}

export interface Privacy {
  /**
   * Reads the passages as one document; one verdict each, offsets in the passage's own text. Never throws: what cannot be
   * read is `pii` with `complete: false`. Runs in a thread that is killed on a deadline. Values that were `released` are no
   * findings.
   */
  scan(passages: Passage[], scope: Scope, released?: ReleasedValues): Promise<Verdict[]>;
  isReleased(released: ReleasedValues, kind: string, value: string): boolean;
  /** The keyed hash under which a value is released. */
  releaseHash(kind: string, value: string): string;
  /** What class a clean text of this scope has, and the floor its tenant declared. */
  policy(scope: Scope): { policy: "strict" | "balanced"; scope: "document" | "passage"; clean: Class; floor: Class };
  /** What the verdicts' reasons would come to under `balanced`: the job says so. */
  under(verdicts: Verdict[], policy: "strict" | "balanced", scope: Scope): Class;
  /** The verdicts with findings from elsewhere added: they may only raise. `incomplete` names what did not finish. */
  add(verdicts: Verdict[], passages: Passage[], found: { passage: number; signal: Omit<Signal, "class"> }[], options: { scope: Scope; released?: ReleasedValues; incomplete: string | null }): Verdict[];
  anonymise: Anonymise;
  gate: Gate;
  /** At start: throws `config` when a prompt's own words would be a finding, naming prompt and kinds. */
  checkPrompts(prompts: { name: string; text: string }[]): Promise<void>;
  /** Removes the vault of a document. */
  forget(documentId: string): Promise<void>;
  /** Seals the vault of a document with the present key where an earlier one sealed it; true when it did. */
  reseal(documentId: string): Promise<boolean>;
  /** Starts a thread now, so that the first text does not wait for word lists. */
  warm(): void;
  close(): Promise<void>;
}

export interface PlainMessage {
  role: string;
  text: string;
}

/** `owner`: a document (numbering shared by its calls, map in the vault) or a task (numbering of its own; a request's id is its caller's to choose, and two may choose the same). */
export type Owner = { documentId: string; scope: Scope } | { taskId: string; scope: Scope };

/**
 * Replaces what the policy lets leave only under another name by typed, numbered placeholders, and detects again on the
 * result. `clean` false: something was still found, nothing may leave, and `messages` is empty. `restore` puts the real names back into an answer.
 */
export type Anonymise = (messages: PlainMessage[], owner: Owner) => Promise<{ messages: PlainMessage[]; clean: boolean; restore: (text: string) => string }>;

/** What the last gate is told about a request whose serialised bytes it is handed. */
export interface Clearance {
  /** Decoded text fields of the body, each scanned again. */
  texts: string[];
  /** Pictures in the body; any picture needs `vision.cloud` and a public class. */
  pictures: number;
  classification: Class | null;
  anonymised: boolean;
  scope: Scope;
  documentId: string | null;
  /** Further documents whose text the body holds. */
  sources?: string[];
  /** `classification` is a passage's own, and its document's is stricter: such a passage leaves only where the policy's scope is `passage` now. */
  isOfPassage?: boolean;
}

/** The only maker of what may leave. Throws `privacy_blocked` (kinds and counts, never values). */
export type Gate = (body: string, clearance: Clearance) => Promise<ClearedRequest>;
