import { z } from "zod";
import type { Chunk } from "../data/chunk.ts";
import type { MentionRecord } from "../data/entity.ts";
import { entityId, mentionId, normaliseName } from "../data/identity.ts";
import { SluiceError } from "../errors.ts";
import type { Candidate } from "../language/language.ts";
import type { Asked } from "../models/models.ts";
import { candidateMentions, provenanceOf } from "./built-in-mentions.ts";
import { byType, extractionTask, inPrompt, lenientArray } from "./extraction-task.ts";
import type { ExtractParts } from "./extract-parts.ts";
import { ReadRelation } from "./extraction-artifacts.ts";
import { locate, occurrences } from "./quotes.ts";
import { type Account, accountOf, emptyAccount, type Run, type WorkDocument } from "./work.ts";

const short = (length: number) => z.string().transform((text) => text.slice(0, length));

const Item = z.object({
  name: z.string().trim().min(1).max(300),
  type: z.string().max(60),
  description: short(600).default(""),
  aliases: z.array(short(200)).default([]),
  quote: short(1000).default(""),
  confidence: z.number().min(0).max(1).default(0.8),
});
type Item = z.infer<typeof Item>;

const EntitiesAnswer = z.object({ entities: lenientArray(Item) });
const FastAnswer = z.object({ entities: lenientArray(Item), relations: lenientArray(ReadRelation) });

export interface ChunkEntities {
  chunkId: string;
  mentions: MentionRecord[];
  aliases: { entityId: string; alias: string }[];
  relations: ReadRelation[];
  failed: boolean;
  account: Account;
}

interface Question {
  chunk: Chunk;
  candidates: Candidate[];
  known: { name: string; type: string }[];
  /** Chunks of this document: the batch size the router is told. */
  batch: number;
  document: WorkDocument;
  run: Run;
  parts: ExtractParts;
}

/** One call for one chunk. A chunk that fails is listed and does not fail its document; a model that is away does. */
export async function askEntities(question: Question): Promise<ChunkEntities> {
  const { chunk, candidates, known, parts } = question;
  const fast = parts.options.mode === "fast";
  // The list must not cost more than it tells: what the recogniser is least sure of is asked first. In mode `fast` it is the one of both phases.
  const { list, rest } = byType(candidates.toSorted((a, b) => a.confidence - b.confidence), fast ? Math.max(600, chunk.text.length / 8) : Math.max(180, chunk.text.length / 20));
  const inputs = {
    entityTypes: inPrompt(parts.vocabulary.entityTypes),
    candidates: list,
    known: byType(known, 200).list,
    headings: chunk.headings.join(" > ") || "none",
    text: chunk.text,
    ...(fast ? { relationTypes: inPrompt(parts.vocabulary.relationTypes) } : {}),
  };
  try {
    const common = { inputs, hints: ["candidates", "known"], task: extractionTask(question, "extractEntities"), signal: question.run.signal };
    const answer = fast
      ? await parts.models.ask({ ...common, prompt: "extract-fast", schema: FastAnswer })
      : await parts.models.ask({ ...common, prompt: "extract-entities", schema: EntitiesAnswer });
    return withRest(readAnswer(question, answer), rest, question);
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code !== "model_failed") throw error;
    const warning = { code: "chunk_failed", message: `entities of this passage: ${error.message}`, chunkId: chunk.id };
    return { chunkId: chunk.id, mentions: [], aliases: [], relations: [], failed: true, account: { ...emptyAccount(), warnings: [warning] } };
  }
}

/** Candidates that the prompt had no room for stand as they were recognised, where the model saw nothing itself. */
function withRest(read: ChunkEntities, rest: Candidate[], { chunk, run }: Question): ChunkEntities {
  const free = rest.filter((each) => !read.mentions.some(({ start, end }) => each.start < end && start < each.end));
  const { mentions, aliases } = candidateMentions([chunk], [free], run.scope);
  return { ...read, mentions: [...read.mentions, ...mentions], aliases: [...read.aliases, ...aliases] };
}

function readAnswer(question: Question, answer: Asked<z.infer<typeof EntitiesAnswer> & { relations?: (ReadRelation | null)[] }>): ChunkEntities {
  const { chunk, candidates, run, parts } = question;
  const items = answer.value.entities.filter((each): each is Item => each !== null);
  // In mode `fast` the model names only what the recogniser missed.
  if (parts.options.mode === "fast") items.push(...candidates.map((each) => ({ ...each, quote: "" })));
  const mentions = new Map<string, MentionRecord>();
  const aliases: ChunkEntities["aliases"] = [];
  for (const item of items) {
    const type = parts.vocabulary.entityType(item.type);
    const id = entityId(run.scope, type, normaliseName(item.name));
    for (const place of placesOf(chunk.text, item)) {
      const record: MentionRecord = {
        ...place, id: mentionId(id, chunk.id, place.start, place.end, place.surface), entityId: id, name: item.name, type, qualifier: "",
        description: item.description, confidence: item.confidence, method: "model", model: answer.model, prompt: answer.prompt, ...provenanceOf(chunk),
      };
      mentions.set(record.id, record);
    }
    aliases.push(...item.aliases.filter((alias) => occurrences(chunk.text, alias, 1).length > 0).map((alias) => ({ entityId: id, alias })));
  }
  const dropped = answer.value.entities.length - answer.value.entities.filter(Boolean).length;
  const warnings = dropped ? [{ code: "items_dropped", message: `${dropped} malformed entities of a model's answer were left out`, chunkId: chunk.id }] : [];
  const account = accountOf("extractEntities", { ...answer, warnings: [...answer.warnings, ...warnings] });
  const relations = (answer.value.relations ?? []).filter((each): each is ReadRelation => each !== null);
  return { chunkId: chunk.id, mentions: [...mentions.values()], aliases, relations, failed: false, account };
}

/** Every place where the text names it; else the quote; else one unverified mention without a place. */
function placesOf(text: string, item: Item): { start: number; end: number; quote: string; surface: string }[] {
  const named = [item.name, ...item.aliases].flatMap((name) => occurrences(text, name));
  const places = named.length ? named : [locate(text, item.quote)].filter((each) => each !== null);
  if (!places.length) return [{ start: -1, end: -1, quote: "", surface: item.name }];
  return places.map(({ start, end }) => ({ start, end, quote: text.slice(start, end), surface: named.length ? text.slice(start, end) : item.name }));
}
