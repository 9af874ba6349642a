import { type Work } from "./prompt-reading.ts";
import type { Generation, Reply, ToolDefinition } from "./protocol.ts";
import { readAnswer } from "./reading/answers.ts";
import { readEntities } from "./reading/entities.ts";
import { describePicture } from "./reading/pictures.ts";
import { readRelations } from "./reading/relations.ts";
import { readSame } from "./reading/same-entity.ts";
import { clip, sentences } from "./reading/sentences.ts";
import { fill } from "./reading/structured.ts";

/** A rule of the caller's own, asked before the built-in ones; null leaves the request to the next. */
export type Rule = (work: Work, generation: Generation) => Reply | null | Promise<Reply | null>;

/** The built-in model: it reads the material of the prompt and answers in the shape that was asked for. */
export async function answerByRules(work: Work, generation: Generation): Promise<Reply> {
  const thinking = `The task is ${work.kind}; I read ${work.text.length} characters.`;
  const tool = generation.tools[0];
  if (tool && generation.messages.at(-1)?.role !== "tool") return { content: "", thinking, toolCalls: [callTool(tool, work.question)] };
  const value = await valueFor(work);
  return { content: typeof value === "string" ? value : JSON.stringify(value), thinking };
}

async function valueFor(work: Work): Promise<unknown> {
  if (work.kind === "entities") return { entities: readEntities(work.text, work.listed, work.entityTypes) };
  if (work.kind === "relations") return { relations: readRelations(work.text, work.listed, work.relationTypes) };
  if (work.kind === "fast") return readFast(work);
  if (work.kind === "same") return { same: readSame(work.pairs) };
  if (work.kind === "answer") return readAnswer(work.question, work.passages);
  if (work.kind === "picture") return readPictures(work);
  if (work.kind === "structured" && work.schema) return fill(work.schema, work.question);
  return work.wantsJson ? { answer: clip(work.question, 200) } : (sentences(work.text)[0]?.text ?? "Yes.");
}

/** What was listed stays as it is; only what the list lacks is named. */
function readFast(work: Work): unknown {
  const all = readEntities(work.text, work.listed, work.entityTypes);
  const listed = new Set(work.listed.map((each) => each.name));
  return { entities: all.filter((each) => !listed.has(each.name)), relations: readRelations(work.text, all, work.relationTypes) };
}

async function readPictures(work: Work): Promise<unknown> {
  const read = await Promise.all(work.images.map(describePicture));
  const words = work.readInPicture.replace(/\s+/g, " ").trim();
  const description = [...read.map((each) => each.description), ...(words ? [`It reads: ${clip(words, 200)}`] : [])].join(" ");
  if (!work.schema && !work.wantsJson) return description;
  const filled = work.schema ? (fill(work.schema, description) as Record<string, unknown>) : {};
  return { ...filled, description, text: work.readInPicture };
}

const callTool = (tool: ToolDefinition, question: string) => ({
  function: { name: tool.function.name, arguments: tool.function.parameters ? (fill(tool.function.parameters, question) as Record<string, unknown>) : {} },
});
