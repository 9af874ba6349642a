import { AIMessage, HumanMessage } from "@langchain/core/messages";
import type { z } from "zod";
import { SluiceError } from "../errors.ts";
import type { Call, Reply } from "./call.ts";
import { readStructured, type Read } from "./structured.ts";

export interface Valid<T> {
  value: T;
  repaired: boolean;
  /** Every answer that was needed, the valid one last. */
  asked: Reply[];
}

/**
 * The ladder below every structured answer, whatever the server makes of `format`: cut, parsed, repaired when the model ended
 * by itself, validated; asked again once with what was wrong and the form in words; and where a cloud failed twice, once more
 * locally. Throws `model_failed` at its end.
 */
export async function askUntilValid<T>(call: Call & { format: object }, schema: z.ZodType<T>, answer: (call: Call) => Promise<Reply>): Promise<Valid<T>> {
  const asked: Reply[] = [];

  async function once(again: Partial<Call>): Promise<Read<T>> {
    let read: Read<T> = { ok: false, issues: "no answer" };
    const check = (reply: Reply) => (read = readStructured(reply.content, reply.doneReason, schema)).ok;
    const reply = await answer({ ...call, ...again, validate: check });
    if (reply.served !== "model") check(reply);
    asked.push(reply);
    return read;
  }

  let read = await once({});
  if (!read.ok) read = await once({ messages: [...call.messages, new AIMessage(asked[0]!.content), complaint(read.issues, call.format)] });
  if (!read.ok && asked.at(-1)!.location === "cloud") {
    try {
      read = await once({ cloudFailed: "invalid" });
    } catch (error) {
      // No local model stands by: the failure is the answer's, and waiting would not mend it.
      if (!(error instanceof SluiceError) || error.code !== "model_unavailable") throw error;
    }
  }
  if (read.ok) return { value: read.value, repaired: read.repaired, asked };
  const { task } = call;
  const where = `step ${task.step}${task.chunkId ? `, chunk ${task.chunkId}` : ""}`;
  throw new SluiceError("model_failed", `the answer of ${asked.at(-1)!.model} does not fit its schema, asked ${asked.length} times (${where}); try again, or choose a stronger model for the tier "${task.tier}"`);
}

function complaint(issues: string, format: object): HumanMessage {
  const { $schema: _dialect, ...schema } = format as { $schema?: string };
  return new HumanMessage(`That answer cannot be used: ${issues}. Answer again with one JSON object of this JSON schema, and nothing else: ${JSON.stringify(schema)}`);
}
