import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import type { ChatMessage } from "./protocol.ts";

/** The count that a real tokenizer gives; special tokens in the text count as text. */
export const tokens = (text: string): number => (text ? countTokens(text, { allowedSpecial: "all" }) : 0);

/** Every message costs a few tokens of template, a picture a fixed number. */
export const promptTokens = (messages: ChatMessage[]): number =>
  messages.reduce((sum, message) => sum + tokens(message.content) + 4 + 256 * (message.images?.length ?? 0), 3);
