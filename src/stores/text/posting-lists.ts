import type { Connection } from "../sqlite/connection.ts";

/** One term in the chunks of one document that a caller sees. */
export interface PostingRow {
  document: number;
  /** Pairs: chunk key, saturated term frequency. */
  pairs: Float64Array;
}

type Row = [document: number, chunks: Buffer];

/** Every visible posting of the term in these scopes (JSON list of keys). */
export function scanTerm(connection: Connection, scopes: string, term: string, mask: number): PostingRow[] {
  const sql = "SELECT p.document, p.chunks FROM json_each(?) s CROSS JOIN postings p ON p.scope = s.value AND p.term = ? WHERE (1 << p.class) & ?";
  return (connection.prepare(sql).raw().all(scopes, term, mask) as Row[]).map(toRow);
}

/** The same, of these documents only. */
export function lookUpTerm(connection: Connection, scopes: string, term: string, mask: number, documents: Iterable<number>): PostingRow[] {
  const sql =
    "SELECT p.document, p.chunks FROM json_each(?) j CROSS JOIN json_each(?) s CROSS JOIN postings p ON p.scope = s.value AND p.term = ? AND p.document = j.value WHERE (1 << p.class) & ?";
  return (connection.prepare(sql).raw().all(JSON.stringify([...documents]), scopes, term, mask) as Row[]).map(toRow);
}

/** Each term once with the number of visible chunks that hold it, rarest first. */
export function countTerms(connection: Connection, scopes: string, terms: readonly string[], mask: number): { term: string; count: number }[] {
  return connection
    .prepare("SELECT j.value AS term, (SELECT coalesce(sum(t.count), 0) FROM json_each(?) s CROSS JOIN term_counts t ON t.scope = s.value AND t.term = j.value WHERE (1 << t.class) & ?) AS count FROM json_each(?) j ORDER BY 2, 1")
    .all(scopes, mask, JSON.stringify([...new Set(terms)])) as { term: string; count: number }[];
}

function toPairs(chunks: Buffer): Float64Array {
  if (chunks.byteOffset % 8 === 0) return new Float64Array(chunks.buffer, chunks.byteOffset, chunks.length / 8);
  return new Float64Array(Uint8Array.from(chunks).buffer);
}

const toRow = ([document, chunks]: Row): PostingRow => ({ document, pairs: toPairs(chunks) });
