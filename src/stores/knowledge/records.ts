import { allClasses } from "../../data/classification.ts";
import type { Chunk } from "../../data/chunk.ts";
import type { MentionRecord, MergeRecord, StatementRecord } from "../../data/entity.ts";
import type { SqliteDatabase, SqlRow } from "../sqlite/database.ts";

/** Columns that make a chunk as the product knows it. */
export const chunkColumns = 'c.id, c.document AS documentId, c.ordinal, c.kind, c.text, c.headings, c.page, c.boxes, c.start, c."end", c.tokens, c.class, c.language';

export function toChunk(row: SqlRow): Chunk {
  const { headings, boxes, class: rank, ...rest } = row;
  return { ...rest, headings: JSON.parse(headings as string), boxes: JSON.parse(boxes as string), class: allClasses[rank as number]! } as unknown as Chunk;
}

const provenance = (table: string): string =>
  `c.id AS chunkId, ${table}.document AS documentId, ${table}.class, ${table}.quote, ${table}.start, ${table}."end", ${table}.confidence, ${table}.method, ${table}.model, ${table}.prompt, ${table}.description`;

const classed = <T>(row: SqlRow): T => ({ ...row, class: allClasses[row["class"] as number]! }) as unknown as T;

/** A document's rows as records, ordered by id. */
export function readRecords(database: SqliteDatabase, documentId: string): { chunkIds: string[]; mentions: MentionRecord[]; statements: StatementRecord[]; merges: MergeRecord[] } {
  const rows = (sql: string) => database.read(sql, documentId);
  return {
    chunkIds: rows("SELECT id FROM chunks WHERE document = ? ORDER BY ordinal, id").map((row) => row["id"] as string),
    mentions: rows(`SELECT x.id, x.entity AS entityId, x.name, e.type, e.qualifier, x.surface, ${provenance("x")} FROM mentions x JOIN entities e ON e.id = x.entity JOIN chunks c ON c.key = x.chunk WHERE x.document = ? ORDER BY x.id`).map((row) => classed<MentionRecord>(row)),
    statements: rows(`SELECT t.id, t.source, t.target, t.type, t.original, t.strength, ${provenance("t")} FROM statements t JOIN chunks c ON c.key = t.chunk WHERE t.document = ? ORDER BY t.id`).map((row) => classed<StatementRecord>(row)),
    merges: rows("SELECT a, b, method, score, evidence, document AS documentId, class FROM merges WHERE document = ? ORDER BY a, b, method").map((row) => classed<MergeRecord>(row)),
  };
}
