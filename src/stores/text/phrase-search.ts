import type { Connection } from "../sqlite/connection.ts";
import { countTerms, lookUpTerm, scanTerm, type PostingRow } from "./posting-lists.ts";
import { idsOf, scopesOf, snapshot, type Sight } from "./scope-filter.ts";

/** So many chunks are read for the words sooner than the other words' postings. */
const readAtOnce = 300;

/** Chunks that hold every word, found from the rarest on, are read for the words in one piece. */
export function searchPhrase(connection: Connection, question: Sight & { words: string[]; limit: number }): { chunkIds: string[]; total: number } {
  return snapshot(connection, () => {
    const scopes = JSON.stringify(scopesOf(connection, question));
    const [rarest, ...others] = countTerms(connection, scopes, question.words, question.mask);
    if (!rarest || rarest.count === 0) return { chunkIds: [], total: 0 };
    let holding = documentsOf(scanTerm(connection, scopes, rarest.term, question.mask));
    for (const { term } of others) {
      if (holding.size <= readAtOnce) break;
      const also = documentsOf(lookUpTerm(connection, scopes, term, question.mask, new Set(holding.values())));
      holding = new Map([...holding].filter(([chunk]) => also.has(chunk)));
    }
    const keys = connection
      .prepare("SELECT w.chunk FROM json_each(?) j CROSS JOIN chunk_words w ON w.chunk = j.value WHERE instr(w.words, ?)")
      .pluck()
      .all(JSON.stringify([...holding.keys()].sort((a, b) => a - b)), ` ${question.words.join(" ")} `) as number[];
    const first = keys.slice(0, question.limit);
    const ids = idsOf(connection, first);
    return { chunkIds: first.map((key) => ids.get(key)!), total: keys.length };
  });
}

/** Chunk key → document key. */
function documentsOf(rows: PostingRow[]): Map<number, number> {
  const found = new Map<number, number>();
  for (const { document, pairs } of rows) for (let place = 0; place < pairs.length; place += 2) found.set(pairs[place]!, document);
  return found;
}
