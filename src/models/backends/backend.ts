import type { BaseMessage } from "@langchain/core/messages";
import type { ClearedRequest } from "../../privacy/cleared-request.ts";
import type { BackendOptions } from "../options.ts";

/** A request for one answer, to one model of one backend. */
export interface BackendCall {
  model: string;
  messages: BaseMessage[];
  temperature: number;
  /** Output tokens, thinking included. */
  numPredict: number;
  think: boolean | string | undefined;
  /** JSON schema or `json`; a cloud may ignore it. */
  format: unknown;
  tools: unknown[] | undefined;
  stop: string[] | undefined;
  /** Any class but public: the server must keep it to itself. */
  restricted: boolean;
  signal: AbortSignal;
  /** Cloud only: hands the serialised body to the gate and writes the audit intent; only what it returns is sent. */
  clear: ((body: string, texts: string[], pictures: number) => Promise<ClearedRequest>) | null;
}

export interface ToolCallPiece {
  name: string;
  args: string;
  id: string;
}

/** A piece of a streamed answer; the last one carries `end`. */
export interface Piece {
  text: string;
  thinking: string;
  toolCalls: ToolCallPiece[];
  end: { doneReason: string; promptTokens: number | null; outputTokens: number | null; cachedTokens?: number | null } | null;
}

export interface OfferedModel {
  name: string;
  /** Bytes on disk, 0 when unknown. */
  size: number;
  /** Number of parameters as the server says it, such as "8.2B". */
  parameters: string | null;
  family: string | null;
  /** In the server's memory at the time. Says nothing about how busy it is. */
  resident: boolean;
  capabilities: string[];
  /** Context length in tokens, null when unknown. */
  context: number | null;
  /** Length of its vectors, for embedding models. */
  dimension: number | null;
  /** It sends what it gets to another host: cloud, whatever the address. */
  forwards: boolean;
  /** The server takes `name:local`, and then refuses to forward. */
  localSuffix: boolean;
}

export interface Backend {
  readonly id: string;
  readonly options: BackendOptions;
  /** Throws `Failure`. */
  chat(call: BackendCall): AsyncGenerator<Piece>;
  discover(signal: AbortSignal): Promise<OfferedModel[]>;
  /** What the last `discover` found that an operator should know, or empty. */
  note(): string;
  close(): void;
}

/** Only local backends make vectors. */
export interface EmbeddingBackend extends Backend {
  /** `[texts.length][dimension]` as the server sent them. */
  embed(model: string, texts: string[], signal: AbortSignal): Promise<number[][]>;
  /** Fetches a model, where the server can. Throws `Failure` with the server's own words as cause. */
  pull?(model: string, onProgress: (progress: { status: string; completed: number | null; total: number | null }) => void, signal: AbortSignal): Promise<void>;
}
