import type { MentionRecord, MergeRecord, StatementRecord } from "../../../data/entity.ts";
import { current } from "./sight.ts";
import { rowQueries } from "./stored-rows.ts";
import type { Reader } from "./things.ts";
import { prefixOf, recordOf, type EdgeKind } from "./document-rows.ts";

export interface DocumentRecords {
  chunkIds: string[];
  mentions: MentionRecord[];
  statements: StatementRecord[];
  merges: MergeRecord[];
}

type Found = Record<string, never> & { row: Record<string, never>; from: Record<string, never>; to: Record<string, never>; type: string };

/** A document's rows as its readers see them, ordered by id. */
export async function readRecords({ run, sight, types }: Reader, document: string): Promise<DocumentRecords> {
  const rows = async (kind: EdgeKind): Promise<Found[]> => {
    const queries = rowQueries(kind, types).map(({ match, type }) => `${match} AND ${current("row")} RETURN properties(row) AS row, properties(from) AS from, properties(to) AS to, ${type === null ? "null" : `'${type}'`} AS type`);
    return run<Found>(queries.join("\nUNION ALL\n"), { prefix: prefixOf(document), flying: sight.flying });
  };
  const provenance = ({ row }: Found): object => ({
    chunkId: row["chunk"], documentId: row["document"], class: row["class"], quote: row["quote"], start: row["start"], end: row["end"], confidence: row["confidence"],
    method: row["method"], model: row["model"] ?? null, prompt: row["prompt"] ?? null, description: row["description"],
  });
  const chunks = (await rows("HAS_CHUNK")).sort((a, b) => a.row["ordinal"]! - b.row["ordinal"]! || (a.row["chunk"]! < b.row["chunk"]! ? -1 : 1));
  const mentions = (await rows("MENTIONED_IN")).map((each) => {
    const { row, from } = each;
    return { id: recordOf(document, row["key"]!), entityId: from["id"], name: row["name"], type: from["type"], qualifier: from["qualifier"] ?? "", surface: row["surface"], ...provenance(each) } as unknown as MentionRecord;
  });
  const statements = (await rows("STATEMENT")).map((each) => {
    const { row, from, to } = each;
    return { id: row["statement"], source: from["id"], target: to["id"], type: each.type, original: row["original"] ?? null, strength: row["strength"], ...provenance(each) } as unknown as StatementRecord;
  });
  const merges = (await rows("SAME_AS")).map(({ row, from, to }) => ({ a: from["id"], b: to["id"], method: row["method"], score: row["score"], evidence: row["evidence"], documentId: row["document"], class: row["class"] }) as unknown as MergeRecord);
  const byId = <T extends { id: string }>(each: T[]): T[] => each.sort((a, b) => (a.id < b.id ? -1 : 1));
  const order = ({ a, b, method }: MergeRecord): string => `${a} ${b} ${method}`;
  return { chunkIds: chunks.map(({ row }) => row["chunk"] as unknown as string), mentions: byId(mentions), statements: byId(statements), merges: merges.sort((a, b) => (order(a) < order(b) ? -1 : 1)) };
}
