import { randomId } from "../../data/identity.ts";
import { Failure, statusFailure } from "../failure.ts";
import type { BackendOptions } from "../options.ts";
import { withSchema } from "../structured.ts";
import type { BackendCall, Piece, ToolCallPiece } from "./backend.ts";
import { openAiMessages, type OpenAiMessage } from "./openai-messages.ts";
import { serverEvents } from "./server-events.ts";
import { splitThinking } from "./split-thinking.ts";
import { readText, type WireReply } from "./transport.ts";

export type OpenAiBody = Record<string, unknown> & { messages: OpenAiMessage[] };

interface Delta {
  content?: string | null;
  reasoning_content?: string | null;
  reasoning?: string | null;
  tool_calls?: { index?: number; id?: string; function?: { name?: string; arguments?: string } }[];
}

interface Event {
  choices?: { delta?: Delta; finish_reason?: string | null }[];
  usage?: { prompt_tokens?: number; completion_tokens?: number; prompt_tokens_details?: { cached_tokens?: number } | null } | null;
  error?: { message?: string } | string;
}

/** The body of `POST /chat/completions`. The schema goes as `response_format` where the server takes it, else into the prompt. */
export function openAiBody(call: BackendCall, { structured, outputLimit }: Pick<BackendOptions, "structured" | "outputLimit">): OpenAiBody {
  const schema = typeof call.format === "object" && call.format !== null ? call.format : null;
  const messages = openAiMessages(schema && structured !== "json_schema" ? withSchema(call.messages, schema) : call.messages);
  const asked = call.format === undefined || structured === "prompt" ? null : schema && structured === "json_schema" ? { type: "json_schema", json_schema: { name: "answer", schema } } : { type: "json_object" };
  return {
    model: call.model,
    messages,
    stream: true,
    stream_options: { include_usage: true },
    temperature: call.temperature,
    [outputLimit]: call.numPredict,
    ...(asked ? { response_format: asked } : {}),
    ...(call.tools?.length ? { tools: call.tools } : {}),
    ...(call.stop?.length ? { stop: call.stop } : {}),
    ...(typeof call.think === "string" ? { reasoning_effort: call.think } : {}),
    ...(typeof call.think === "boolean" ? { chat_template_kwargs: { enable_thinking: call.think } } : {}),
  };
}

/** Streams one answer of `/chat/completions`. Thinking comes in a field of its own or between marks at the start of the content. */
export async function* streamOpenAi(body: OpenAiBody, send: (body: OpenAiBody) => Promise<WireReply>): AsyncGenerator<Piece> {
  const reply = await send(body);
  if (reply.status !== 200) throw statusFailure(reply.status, await readText(reply.body, 100_000), reply.headers["retry-after"]);
  const split = splitThinking();
  const tools = new Map<number, ToolCallPiece>();
  let finish: string | null = null;
  let usage: Event["usage"] = null;
  for await (const data of serverEvents(reply.body)) {
    if (data === "[DONE]") {
      finish ??= "stop";
      continue;
    }
    const event = readEvent(data);
    usage = event.usage ?? usage;
    const choice = event.choices?.[0];
    if (!choice) continue;
    const { delta = {} } = choice;
    const { text, thinking } = split.push(delta.content ?? "");
    gather(tools, delta);
    finish = choice.finish_reason ?? finish;
    const thought = (delta.reasoning_content ?? delta.reasoning ?? "") + thinking;
    if (text || thought) yield { text, thinking: thought, toolCalls: [], end: null };
  }
  if (finish === null) throw new Failure("broken_stream", "its answer broke off");
  const end = { doneReason: finish === "tool_calls" ? "stop" : finish, promptTokens: usage?.prompt_tokens ?? null, cachedTokens: usage?.prompt_tokens_details?.cached_tokens ?? null, outputTokens: usage?.completion_tokens ?? null };
  yield { ...split.end(), toolCalls: [...tools.values()], end };
}

function readEvent(data: string): Event {
  let event: Event;
  try {
    event = JSON.parse(data) as Event;
  } catch {
    throw new Failure("broken_stream", "its answer has a line that is not JSON");
  }
  if (event.error === undefined) return event;
  const said = typeof event.error === "string" ? event.error : (event.error.message ?? "");
  throw new Failure("broken_stream", "it reported an error in the middle of its answer", { cause: new Error(said.slice(0, 500)) });
}

/** The arguments of a call come in pieces that belong to an index. */
function gather(tools: Map<number, ToolCallPiece>, delta: Delta): void {
  for (const { index = 0, id, function: called } of delta.tool_calls ?? []) {
    const before = tools.get(index) ?? { name: "", args: "", id: "" };
    tools.set(index, { name: before.name || (called?.name ?? ""), args: before.args + (called?.arguments ?? ""), id: before.id || id || randomId() });
  }
}
