import { AIMessage, ToolMessage, type BaseMessage } from "@langchain/core/messages";
import { SluiceError } from "../../errors.ts";

export interface OpenAiMessage {
  role: "system" | "user" | "assistant" | "tool";
  content: string | object[];
  tool_calls?: { id: string; type: "function"; function: { name: string; arguments: string } }[];
  tool_call_id?: string;
}

const roles: Record<string, OpenAiMessage["role"]> = { system: "system", human: "user", ai: "assistant", tool: "tool" };

/** LangChain's messages in the shape of `/chat/completions`. */
export const openAiMessages = (messages: BaseMessage[]): OpenAiMessage[] =>
  messages.map((message) => ({
    role: roles[message.getType()] ?? "user",
    content: typeof message.content === "string" ? message.content : message.content.map(partOf),
    ...(message instanceof AIMessage && message.tool_calls?.length
      ? { tool_calls: message.tool_calls.map((call) => ({ id: call.id ?? "", type: "function" as const, function: { name: call.name, arguments: JSON.stringify(call.args) } })) }
      : {}),
    ...(message instanceof ToolMessage ? { tool_call_id: message.tool_call_id } : {}),
  }));

function partOf(part: object): object {
  const { type, text, image_url: picture } = part as { type: string; text?: string; image_url?: string | { url: string } };
  if (type === "image_url") return { type, image_url: typeof picture === "string" ? { url: picture } : picture };
  if (type === "text") return { type, text: text ?? "" };
  throw new SluiceError("invalid_input", `a message holds a part of the type "${type}"; texts and pictures (image_url) can be sent`);
}

/** Every text of a body, for the gate: each is scanned again. Model name and pictures are not texts. */
export function textsOfOpenAi(body: Record<string, unknown>): { texts: string[]; pictures: number } {
  const texts: string[] = [];
  let pictures = 0;
  const walk = (value: unknown, key: string): void => {
    if (typeof value === "string") texts.push(value);
    else if (key === "image_url") pictures++;
    else if (Array.isArray(value)) for (const each of value) walk(each, "");
    else if (value !== null && typeof value === "object") for (const [name, each] of Object.entries(value)) walk(each, name);
  };
  const { model: _model, ...rest } = body;
  walk(rest, "");
  return { texts, pictures };
}
