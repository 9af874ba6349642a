import type { Connection } from "../sqlite/connection.ts";
import { countTerms, lookUpTerm, scanTerm, type PostingRow } from "./posting-lists.ts";
import { idsOf, scopesOf, snapshot, type Sight } from "./scope-filter.ts";
import type { Holding } from "./text-index.ts";

/** So many chunks are read for the words sooner than the other words' postings. */
const readAtOnce = 300;

/** Chunks that hold every word, found from the rarest on, are read for the words in one piece. */
export function searchPhrases(connection: Connection, question: Sight & { phrases: string[][]; limit: number }): Holding[] {
  return snapshot(connection, () => {
    const scopes = JSON.stringify(scopesOf(connection, question));
    return question.phrases.map((words) => {
      const keys = chunksHolding(connection, scopes, words, question.mask);
      const first = keys.slice(0, question.limit);
      const ids = idsOf(connection, first);
      return { chunkIds: first.map((key) => ids.get(key)!), total: keys.length };
    });
  });
}

function chunksHolding(connection: Connection, scopes: string, words: string[], mask: number): number[] {
  const [rarest, ...others] = countTerms(connection, scopes, words, mask);
  if (!rarest || rarest.count === 0) return [];
  let holding = documentsOf(scanTerm(connection, scopes, rarest.term, mask));
  for (const { term } of others) {
    if (holding.size <= readAtOnce) break;
    const also = documentsOf(lookUpTerm(connection, scopes, term, mask, new Set(holding.values())));
    holding = new Map([...holding].filter(([chunk]) => also.has(chunk)));
  }
  return connection
    .prepare("SELECT w.chunk FROM json_each(?) j CROSS JOIN chunk_words w ON w.chunk = j.value WHERE instr(w.words, ?)")
    .pluck()
    .all(JSON.stringify([...holding.keys()].sort((a, b) => a - b)), ` ${words.join(" ")} `) as number[];
}

/** Chunk key → document key. */
function documentsOf(rows: PostingRow[]): Map<number, number> {
  const found = new Map<number, number>();
  for (const { document, pairs } of rows) for (let place = 0; place < pairs.length; place += 2) found.set(pairs[place]!, document);
  return found;
}
