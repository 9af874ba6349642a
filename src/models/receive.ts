import type { Piece, ToolCallPiece } from "./backends/backend.ts";
import { Failure } from "./failure.ts";
import { heldBack } from "./held-back.ts";
import { estimateTokens } from "./tokens.ts";

export interface Received {
  content: string;
  thinking: string;
  toolCalls: ToolCallPiece[];
  doneReason: string;
  promptTokens: number | null;
  /** Of the prompt, those that the server had in its own cache. */
  cachedTokens: number | null;
  outputTokens: number | null;
}

/** Gathers an answer, passing its text on as it comes. A failure carries how much had come, for the bill. */
export async function receive(pieces: AsyncGenerator<Piece>, options: { restore: ((text: string) => string) | null; onText: ((text: string) => void) | undefined }): Promise<Received> {
  const received: Received = { content: "", thinking: "", toolCalls: [], doneReason: "", promptTokens: null, cachedTokens: null, outputTokens: null };
  const { onText, restore } = options;
  const held = onText && restore ? heldBack(restore, onText) : null;
  const show = held ? held.push : (onText ?? (() => {}));
  try {
    for await (const piece of pieces) {
      received.content += piece.text;
      received.thinking += piece.thinking;
      received.toolCalls.push(...piece.toolCalls);
      if (piece.text) show(piece.text);
      if (piece.end) Object.assign(received, piece.end);
    }
    held?.end();
    if (received.content.trim() === "" && received.toolCalls.length === 0) {
      if (received.thinking) throw new Failure("thinking_only", "its whole answer was thinking");
      throw new Failure("empty", "its answer was empty");
    }
    return received;
  } catch (error) {
    if (error instanceof Error) Object.assign(error, { outputTokens: received.outputTokens ?? estimateTokens([received.content, received.thinking]) });
    throw error;
  }
}
