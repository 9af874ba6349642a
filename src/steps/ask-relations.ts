import { z } from "zod";
import type { Chunk } from "../data/chunk.ts";
import type { MentionRecord } from "../data/entity.ts";
import { SluiceError } from "../errors.ts";
import type { ExtractParts } from "./extract-parts.ts";
import { ReadRelation } from "./extraction-artifacts.ts";
import { byType, extractionTask, inPrompt, isValue, lenientArray } from "./extraction-task.ts";
import { type Account, accountOf, emptyAccount, type Run, type WorkDocument } from "./work.ts";

const RelationsAnswer = z.object({ relations: lenientArray(ReadRelation) });

interface Question {
  chunk: Chunk;
  mentions: MentionRecord[];
  /** Mode `fast`: what the first call brought already. */
  given: ReadRelation[] | undefined;
  batch: number;
  document: WorkDocument;
  run: Run;
  parts: ExtractParts;
}

interface Answered {
  /** Null when there was nothing to ask or the answer failed. */
  relations: ReadRelation[] | null;
  model: string | null;
  prompt: string | null;
  failed: boolean;
  account: Account;
}

/** One call for one chunk that has at least two entities. */
export async function askRelations(question: Question): Promise<Answered> {
  const { chunk, mentions, parts } = question;
  const names = new Set(mentions.map((each) => each.entityId));
  if (parts.options.mode === "fast") return { relations: question.given ?? null, model: mentions[0]?.model ?? null, prompt: mentions[0]?.prompt ?? null, failed: false, account: emptyAccount() };
  if (names.size < 2) return { relations: null, model: null, prompt: null, failed: false, account: emptyAccount() };
  const named = mentions.filter((each) => !isValue(each));
  const { list, rest } = byType(named, Math.max(600, chunk.text.length / 8));
  const isWhole = !rest.length && named.length === mentions.length;
  const inputs = { relationTypes: inPrompt(parts.vocabulary.relationTypes), entities: isWhole ? list : `${list}\nOthers as written.`, headings: chunk.headings.join(" > ") || "none", text: chunk.text };
  try {
    const answer = await parts.models.ask({ prompt: "extract-relations", inputs, schema: RelationsAnswer, task: extractionTask(question, "extractRelations"), signal: question.run.signal });
    const relations = answer.value.relations.filter((each): each is ReadRelation => each !== null);
    return { relations, model: answer.model, prompt: answer.prompt, failed: false, account: accountOf("extractRelations", answer) };
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code !== "model_failed") throw error;
    const warning = { code: "chunk_failed", message: `relations of this passage: ${error.message}`, chunkId: chunk.id };
    return { relations: null, model: null, prompt: null, failed: true, account: { ...emptyAccount(), warnings: [warning] } };
  }
}
