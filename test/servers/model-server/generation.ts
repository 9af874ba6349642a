import type { ServerResponse } from "node:http";
import type { Fault } from "./faults.ts";
import type { Generation, Reply } from "./protocol.ts";
import { tokens } from "./tokens.ts";

interface Sending {
  path: string;
  generation: Generation;
  reply: Reply;
  promptTokens: number;
  fault: Fault | null;
  /** `remote_model` and `remote_host`, when the daemon forwards the model. */
  remote: Record<string, string>;
  response: ServerResponse;
  serviceMs: number;
}

/** Content type of the vendor's streams. */
const ndjson = "application/x-ndjson";
const json = "application/json; charset=utf-8";

/** Sends a reply as one object or as lines, with whatever fault concerns the answer itself. Returns its tokens. */
export async function send({ path, generation, reply, promptTokens, fault, remote, response, serviceMs }: Sending): Promise<number> {
  const { content, thinking, doneReason } = spoil(reply, generation, fault);
  const outputTokens = tokens(content) + tokens(thinking);
  const base = { model: generation.model, created_at: new Date().toISOString(), ...remote, ...(fault?.kind === "remote-host" ? { remote_model: generation.model, remote_host: fault.target ?? "https://ollama.com:443" } : {}) };
  const part = (text: string, thought: string, calls?: Reply["toolCalls"]) =>
    path === "/api/chat"
      ? { message: { role: "assistant", content: text, ...(thought ? { thinking: thought } : {}), ...(calls?.length ? { tool_calls: calls } : {}) } }
      : { response: text, ...(thought ? { thinking: thought } : {}) };
  const nanoseconds = Math.round(serviceMs * 1e6);
  const closing = {
    done: true, done_reason: doneReason, total_duration: nanoseconds, load_duration: 0, prompt_eval_count: promptTokens,
    prompt_eval_duration: Math.round(nanoseconds / 4), eval_count: outputTokens, eval_duration: Math.round((nanoseconds * 3) / 4),
  };
  if (!generation.stream && !(fault?.kind === "error-mid-stream" || fault?.kind === "cut-stream")) {
    response.writeHead(200, { "content-type": json });
    response.end(JSON.stringify({ ...base, ...part(content, thinking, reply.toolCalls), ...closing }));
    return outputTokens;
  }
  response.writeHead(200, { "content-type": generation.stream ? ndjson : json });
  const line = (value: object): boolean => response.write(`${JSON.stringify(value)}\n`);
  for (const piece of pieces(thinking)) line({ ...base, ...part("", piece), done: false });
  const words = pieces(content);
  const stop = fault?.kind === "error-mid-stream" || fault?.kind === "cut-stream" ? Math.max(1, Math.floor(words.length / 2)) : words.length;
  for (const piece of words.slice(0, stop)) {
    line({ ...base, ...part(piece, ""), done: false });
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (fault?.kind === "error-mid-stream") response.end(`${JSON.stringify({ error: fault.message ?? "an error was encountered while running the model: unexpected EOF" })}\n`);
  else if (fault?.kind === "cut-stream") response.destroy();
  else {
    if (reply.toolCalls?.length) line({ ...base, ...part("", "", reply.toolCalls), done: false });
    response.end(`${JSON.stringify({ ...base, ...part("", ""), ...closing })}\n`);
  }
  return outputTokens;
}

/** The answer as the fault, the stop words and the output limit leave it. */
export function spoil(reply: Reply, generation: Generation, fault: Fault | null): { content: string; thinking: string; doneReason: string } {
  const thinks = generation.think !== null && generation.think !== false;
  const thinking = thinks || fault?.kind === "empty-thinking" ? (reply.thinking ?? "") : "";
  const content = { "empty": "", "empty-thinking": "", "malformed-json": malformed(reply.content), "wrong-schema": '{"unexpected": [1, 2, 3]}' }[fault?.kind as string] ?? reply.content;
  if (fault?.kind === "truncated") return { content: content.slice(0, Math.ceil(content.length / 2)), thinking, doneReason: "length" };
  const limit = generation.options.num_predict ?? 0;
  if (limit > 0 && tokens(content) + tokens(thinking) > limit) return { content: cutTo(content, Math.max(0, limit - tokens(thinking))), thinking, doneReason: "length" };
  const stop = (generation.options.stop ?? []).map((each) => content.indexOf(each)).filter((at) => at >= 0);
  return { content: stop.length ? content.slice(0, Math.min(...stop)) : content, thinking, doneReason: "stop" };
}

/** Nothing that a repair library could make the asked shape of. */
const malformed = (content: string): string => `]]}} ${content.replace(/["{}[\]:]/g, " ").slice(0, 80)} {{[[`;

/** About as many characters as the tokens hold: cut word by word. */
function cutTo(content: string, limit: number): string {
  let text = "";
  for (const piece of pieces(content)) {
    if (tokens(text + piece) > limit) break;
    text += piece;
  }
  return text;
}

/** A word with its blank is one streamed piece. */
export const pieces = (text: string): string[] => text.match(/\s*\S{1,24}/g) ?? [];
