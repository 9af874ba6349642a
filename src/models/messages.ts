import { AIMessage, HumanMessage, SystemMessage, ToolMessage, type BaseMessage } from "@langchain/core/messages";
import { sha256 } from "../data/identity.ts";

export interface PlainText {
  role: string;
  text: string;
}

type Part = { type: string; text?: string; image_url?: string | { url: string } };

const parts = (message: BaseMessage): Part[] => (typeof message.content === "string" ? [{ type: "text", text: message.content }] : (message.content as Part[]));
const urlOf = (part: Part): string => (typeof part.image_url === "string" ? part.image_url : (part.image_url?.url ?? ""));

export const textOf = (message: BaseMessage): string => parts(message).map((part) => part.text ?? "").join("\n");
export const picturesIn = (messages: BaseMessage[]): number => messages.reduce((count, message) => count + parts(message).filter((part) => part.type === "image_url").length, 0);
export const plain = (messages: BaseMessage[]): PlainText[] => messages.map((message) => ({ role: message.getType(), text: textOf(message) }));

/** Hash of the whole conversation; pictures by their own hash. */
export function messagesHash(messages: BaseMessage[]): string {
  const content = messages.map((message) => ({
    role: message.getType(),
    parts: parts(message).map((part) => (part.type === "image_url" ? { image: sha256(urlOf(part)) } : part)),
    toolCalls: message instanceof AIMessage ? message.tool_calls : undefined,
    toolCallId: message instanceof ToolMessage ? message.tool_call_id : undefined,
  }));
  return sha256(JSON.stringify(content));
}

/** The same conversation with other words; null when it holds what cannot be renamed (pictures, tool calls). */
export function withTexts(messages: BaseMessage[], texts: PlainText[]): BaseMessage[] | null {
  const changed: BaseMessage[] = [];
  for (const [index, message] of messages.entries()) {
    const text = texts[index]?.text;
    if (text === undefined) return null;
    if (message.getType() === "system") changed.push(new SystemMessage(text));
    else if (message.getType() === "human") changed.push(new HumanMessage(text));
    else if (message instanceof AIMessage && !message.tool_calls?.length) changed.push(new AIMessage(text));
    else return null;
  }
  return changed;
}

/** Can every word of it be renamed. */
export const renameable = (messages: BaseMessage[]): boolean => picturesIn(messages) === 0 && withTexts(messages, plain(messages)) !== null;
