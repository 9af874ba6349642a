import type { Block } from "../data/block.ts";
import type { Candidate, PatternRelation } from "../language/language.ts";
import type { ChunkOptions } from "./chunk-options.ts";
import type { chunkBlocks } from "./chunking.ts";
import type { ExtractiveAnswer } from "./answering/extractive-answer.ts";
import type { Passage } from "../data/query.ts";

/** Work on whole texts that would block the event loop: it runs in threads (`text-work-thread.ts`). */
export interface TextWork {
  chunk(argument: { documentId: string; blocks: Block[]; options: ChunkOptions }): Promise<ReturnType<typeof chunkBlocks>>;
  /** Candidates of each chunk, read as one document; offsets in the chunk's own text. */
  candidates(argument: { chunks: { text: string; headings: string[] }[]; language: string | null; title: string }): Promise<Candidate[][]>;
  relations(argument: { chunks: { text: string; candidates: Candidate[] }[]; language: string | null }): Promise<PatternRelation[][]>;
  /** Sentences of the passages that answer the question, each cited; null when they do not. `idf` by word of the question. */
  answer(argument: { question: string; language: string | null; passages: Passage[]; idf: Map<string, number> }): Promise<ExtractiveAnswer | null>;
  /** Starts a thread now, so that the first text does not wait for word lists. */
  warm(): void;
  close(): Promise<void>;
}
