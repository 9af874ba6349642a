import type { BaseMessage } from "@langchain/core/messages";
import type { Scope } from "../data/identity.ts";
import type { Call } from "./call.ts";
import { plain, renameable, withTexts, type PlainText } from "./messages.ts";

/** Puts real names back; `field`: the text is one value of an answer, not a part of one. */
export type Restore = (text: string, field?: boolean) => string;

/** As privacy gives it: numbered per document or per task, the result read again. */
export type Anonymise = (
  messages: PlainText[],
  owner: { documentId: string; scope: Scope } | { taskId: string; scope: Scope },
) => Promise<{ messages: PlainText[]; clean: boolean; restore: Restore }>;

export interface Anonymised {
  messages: BaseMessage[];
  restore: Restore;
}

export const scopeOf = (task: Call["task"]): Scope => ({ tenant: task.tenant, collection: task.collection ?? "default" });

/** The call under other names, or null when it may not leave: something was still found, or part of it cannot be renamed. */
export async function anonymiseCall(call: Call, anonymise: Anonymise): Promise<Anonymised | null> {
  const { task, messages } = call;
  if (!renameable(messages) || call.tools?.length) return null;
  const owner = task.documentId === null ? { taskId: task.taskId, scope: scopeOf(task) } : { documentId: task.documentId, scope: scopeOf(task) };
  const result = await anonymise(plain(messages), owner);
  const changed = result.clean ? withTexts(messages, result.messages) : null;
  return changed ? { messages: changed, restore: result.restore } : null;
}
