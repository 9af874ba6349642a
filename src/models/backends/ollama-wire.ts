import { ReadableStream } from "node:stream/web";
import { ChatOllama } from "@langchain/ollama";
import { Failure, statusFailure } from "../failure.ts";
import type { BackendCall, Piece, ToolCallPiece } from "./backend.ts";
import { readText, wholeBody, type WireReply } from "./transport.ts";

interface WireMessage {
  role: string;
  content: string;
  images?: string[];
}

export type Body = Record<string, unknown> & { messages: WireMessage[] };

/** What a server's reply line may carry besides the answer. */
export interface Watch {
  /** Called with `remote_host`: the server sent the text to another host. */
  forwarded?: (host: string) => void;
}

/**
 * Streams one answer through `@langchain/ollama`. One instance per call, since aborting one of two calls on a shared
 * instance ends the wrong one; its `fetch` is ours and carries the signal, since it passes none; it gets no callbacks, since
 * tokens would be counted twice.
 */
export async function* streamOllama(call: BackendCall, model: string, numCtx: number | null, send: (body: Body) => Promise<WireReply>, watch: Watch): AsyncGenerator<Piece> {
  let lines: AsyncGenerator<Uint8Array> | null = null;
  const inner = new ChatOllama({
    model,
    baseUrl: "http://backend.invalid", // never used: `fetch` below decides where to
    temperature: call.temperature,
    numPredict: call.numPredict,
    ...(numCtx === null ? {} : { numCtx }),
    maxRetries: 0,
    callbacks: [],
    fetch: async (_url, init) => {
      const reply = await send(prepare(JSON.parse(String(init?.body)) as Body, call.think));
      if (reply.status !== 200) throw statusFailure(reply.status, await readText(reply.body, 100_000), reply.headers["retry-after"]);
      lines = checkedLines(reply.body, watch);
      return new Response(ReadableStream.from(lines) as unknown as BodyInit);
    },
  });
  const options = { callbacks: [], ...(call.format === undefined ? {} : { format: call.format as string }), ...(call.tools ? { tools: call.tools as never } : {}), ...(call.stop ? { stop: call.stop } : {}) };
  let ended = false;
  try {
    for await (const chunk of inner._streamResponseChunks(call.messages, options as never)) {
      const { message } = chunk;
      const metadata = message.response_metadata as { done_reason?: string; done?: boolean; prompt_eval_count?: number; eval_count?: number };
      const toolCalls = ((message as { tool_call_chunks?: ToolCallPiece[] }).tool_call_chunks ?? []).map(({ name, args, id }) => ({ name: name ?? "", args: args ?? "", id: id ?? "" }));
      const end = metadata.done ? { doneReason: metadata.done_reason ?? "stop", promptTokens: metadata.prompt_eval_count ?? null, outputTokens: metadata.eval_count ?? null } : null;
      if (end) ended = true;
      yield { text: typeof message.content === "string" ? message.content : "", thinking: String(message.additional_kwargs.reasoning_content ?? ""), toolCalls, end };
    }
    if (!ended) throw new Failure("broken_stream", "its answer broke off");
  } finally {
    void letGo(lines, ended);
  }
}

/** The client stops reading at the last line: the rest is read here, so that the connection can be used again, or ended. */
async function letGo(lines: AsyncGenerator<Uint8Array> | null, ended: boolean): Promise<void> {
  if (!lines) return;
  try {
    if (ended) for await (const _rest of lines);
    else await lines.return(undefined);
  } catch {
    // The answer is here already; the connection closes itself.
  }
}

/** Adds what the client cannot say: refuse an overflow instead of cutting silently, think or not; pictures go with their text. */
function prepare(body: Body, think: boolean | string | undefined): Body {
  const messages: WireMessage[] = [];
  for (const message of body.messages) {
    const last = messages.at(-1);
    if (message.images && last?.role === message.role) last.images = [...(last.images ?? []), ...message.images];
    else messages.push({ ...message });
  }
  const { think: _dropped, ...rest } = body;
  return { ...rest, messages, truncate: false, shift: false, ...(think === undefined ? {} : { think }) };
}

/** Passes the reply on line by line: an error line or a line that is no JSON becomes a failure, and a forwarding host is seen at once. */
async function* checkedLines(body: AsyncIterable<Uint8Array>, watch: Watch): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const part of wholeBody(body)) {
    rest += decoder.decode(part, { stream: true });
    const end = rest.lastIndexOf("\n") + 1;
    for (const line of rest.slice(0, end).split("\n")) check(line, watch);
    rest = rest.slice(end);
    yield part;
  }
  check(rest, watch);
}

function check(line: string, watch: Watch): void {
  if (line.trim() === "") return;
  let value: { error?: unknown; remote_host?: string };
  try {
    value = JSON.parse(line) as typeof value;
  } catch (error) {
    throw new Failure("broken_stream", "its answer has a line that is not JSON", { cause: new Error("not JSON", { cause: error instanceof SyntaxError ? undefined : error }) });
  }
  if (value.remote_host) watch.forwarded?.(value.remote_host);
  if (value.error !== undefined) throw new Failure("broken_stream", "it reported an error in the middle of its answer", { cause: new Error(String(value.error).slice(0, 500)) });
}

/** Every text of a body, for the gate: each is scanned again. Model name and pictures are not texts. */
export function textsOf(body: Body): { texts: string[]; pictures: number } {
  const texts: string[] = [];
  let pictures = 0;
  const walk = (value: unknown, key: string): void => {
    if (typeof value === "string") texts.push(value);
    else if (key === "images" && Array.isArray(value)) pictures += value.length;
    else if (Array.isArray(value)) for (const each of value) walk(each, "");
    else if (value !== null && typeof value === "object") for (const [name, each] of Object.entries(value)) walk(each, name);
  };
  const { model: _model, ...rest } = body;
  walk(rest, "");
  return { texts, pictures };
}
