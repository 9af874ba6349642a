import type { ServerResponse } from "node:http";
import type { ServedModel } from "./catalogue.ts";
import type { Fault } from "./faults.ts";
import { pieces, spoil } from "./generation.ts";
import { type ChatMessage, type Generation, HttpFailure, type JsonSchema, type Reply, type ToolDefinition } from "./protocol.ts";
import { tokens } from "./tokens.ts";

/** OpenAI's protocol as vLLM and llama.cpp speak it: `/v1/models`, `/v1/chat/completions` (also streamed), `/v1/embeddings`. */
export const openAiPaths = { chat: "/v1/chat/completions", embed: "/v1/embeddings", models: "/v1/models" };

/** vLLM's list: an id, no abilities, the longest context. */
export const listed = (models: ServedModel[]) => ({ object: "list", data: models.map((model) => ({ id: model.name, object: "model", created: 1_767_600_000, owned_by: "server", max_model_len: model.contextLength })) });

export const openAiError = (status: number, message: string) => ({ error: { message, type: status === 429 ? "rate_limit_error" : status < 500 ? "invalid_request_error" : "server_error", param: null, code: status === 429 && /usage|quota/.test(message) ? "insufficient_quota" : null } });

interface Part {
  type: string;
  text?: string;
  image_url?: { url: string };
}

/** Reads the body of `/v1/chat/completions`; throws a 400 as the servers do. */
export function readOpenAi(body: Record<string, unknown>): Generation {
  if (typeof body.model !== "string" || !body.model) throw new HttpFailure(400, "you must provide a model parameter");
  const given = (body.messages as { role: string; content: string | Part[] | null }[] | undefined) ?? [];
  const messages = given.map(({ role, content }): ChatMessage => {
    if (!["system", "developer", "user", "assistant", "tool"].includes(role)) throw new HttpFailure(400, `invalid message role: ${role}`);
    const parts: Part[] = typeof content === "string" ? [{ type: "text", text: content }] : (content ?? []);
    const images = parts.flatMap((part) => (part.type === "image_url" ? [String(part.image_url?.url).replace(/^data:image\/\w+;base64,/, "")] : []));
    return { role, content: parts.map((part) => part.text ?? "").join("\n"), ...(images.length ? { images } : {}) };
  });
  const format = body.response_format as { type: string; json_schema?: { schema: JsonSchema } } | undefined;
  if (format?.type === "json_schema" && !format.json_schema?.schema) throw new HttpFailure(400, "response_format.json_schema.schema is required");
  const effort = body.reasoning_effort as string | undefined;
  const thinking = (body.chat_template_kwargs as { enable_thinking?: boolean } | undefined)?.enable_thinking;
  const limit = Number(body.max_completion_tokens ?? body.max_tokens ?? 0);
  return {
    model: body.model,
    messages,
    format: format?.type === "json_schema" ? format.json_schema!.schema : format?.type === "json_object" ? "json" : null,
    think: effort ?? thinking ?? null,
    tools: (body.tools as ToolDefinition[] | undefined) ?? [],
    stream: body.stream === true,
    options: { num_predict: limit, stop: (body.stop as string[] | undefined) ?? [] },
    truncate: false,
  };
}

interface Sending {
  generation: Generation;
  reply: Reply;
  promptTokens: number;
  fault: Fault | null;
  /** `stream_options.include_usage`. */
  usage: boolean;
  /** Thinking stands in the content, between marks, as without a reasoning parser. */
  marks: boolean;
  response: ServerResponse;
}

/** Sends a reply as one object or as server-sent events, with whatever fault concerns the answer itself. Returns its tokens. */
export async function sendOpenAi({ generation, reply, promptTokens, fault, usage, marks, response }: Sending): Promise<number> {
  const { content, thinking, doneReason } = spoil(reply, generation, fault);
  const outputTokens = tokens(content) + tokens(thinking);
  const counts = { prompt_tokens: promptTokens, completion_tokens: outputTokens, total_tokens: promptTokens + outputTokens };
  const calls = reply.toolCalls?.map((each, index) => ({ index, id: `call_${index}`, type: "function", function: { name: each.function.name, arguments: JSON.stringify(each.function.arguments) } }));
  const finish = calls?.length ? "tool_calls" : doneReason;
  const base = { id: "chatcmpl-1", created: 1_767_600_000, model: generation.model };
  const shown = marks && thinking ? `<think>${thinking}</think>\n${content}` : content;
  const thought = marks ? "" : thinking;
  const breaks = fault?.kind === "error-mid-stream" || fault?.kind === "cut-stream";
  if (!generation.stream && !breaks) {
    response.writeHead(200, { "content-type": "application/json" });
    const message = { role: "assistant", content: shown, ...(thought ? { reasoning_content: thought } : {}), ...(calls ? { tool_calls: calls } : {}) };
    response.end(JSON.stringify({ ...base, object: "chat.completion", choices: [{ index: 0, message, finish_reason: finish }], usage: counts }));
    return outputTokens;
  }
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  const event = (value: object): boolean => response.write(`data: ${JSON.stringify(value)}\n\n`);
  const chunk = (delta: object, reason: string | null = null) => event({ ...base, object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: reason }] });
  chunk({ role: "assistant", content: "" });
  for (const piece of pieces(thought)) chunk({ reasoning_content: piece });
  const words = pieces(shown);
  for (const piece of breaks ? words.slice(0, Math.max(1, Math.floor(words.length / 2))) : words) {
    chunk({ content: piece });
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (fault?.kind === "cut-stream") response.destroy();
  else if (fault?.kind === "error-mid-stream") {
    event(openAiError(500, fault.message ?? "an error was encountered while running the model"));
    response.end();
  } else {
    // Arguments come in pieces, as they are written.
    for (const call of calls ?? []) {
      const half = Math.ceil(call.function.arguments.length / 2);
      chunk({ tool_calls: [{ ...call, function: { name: call.function.name, arguments: call.function.arguments.slice(0, half) } }] });
      chunk({ tool_calls: [{ index: call.index, function: { arguments: call.function.arguments.slice(half) } }] });
    }
    chunk({}, finish);
    if (usage) event({ ...base, object: "chat.completion.chunk", choices: [], usage: counts });
    response.end("data: [DONE]\n\n");
  }
  return outputTokens;
}
