import { rank, strictest, type Class } from "../../data/classification.ts";
import type { Scope } from "../../data/identity.ts";
import type { DocumentPlan } from "../document-writer.ts";
import type { Statement } from "../sqlite/database.ts";
import { once, upsert } from "../upsert.ts";
import type { ChunkWords } from "./chunk-words.ts";
import { keyOf, scopeKey } from "./keys.ts";

const ofDocument = "SELECT key FROM chunks WHERE document = ?";
const uncounted = `${ofDocument} AND counted = 0`;

/** The scope's row; two scopes with one key break the NOT NULL rule, and with it the transaction. */
export const scopeChange = (scope: Scope, meanLength: number): Statement =>
  once(
    `INSERT INTO text_scopes (key, tenant, collection, mean_length) VALUES (?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET tenant = NULL WHERE (tenant, collection) IS NOT (excluded.tenant, excluded.collection)`,
    scopeKey(scope), scope.tenant, scope.collection, meanLength,
  );

/** A document's row, chunks, postings and counts as the plan wants them. Chunks that stay the same keep their rows. */
export function textChanges(plan: DocumentPlan, words: Map<string, ChunkWords>): Statement[] {
  const scope = scopeKey(plan.scope);
  const id = plan.documentId;
  const wanted = JSON.stringify(plan.chunks.map((chunk) => [keyOf(chunk.id), rank(chunk.class), JSON.stringify(chunk.headings)]));
  const keys = JSON.stringify(plan.chunks.map((chunk) => keyOf(chunk.id)));
  const date = Date.parse(plan.date);
  const documentClass = rank(strictest(plan.class, ...plan.chunks.map((chunk) => chunk.class)));
  return [
    upsert("text_documents", ["id"], ["scope", "name", "media_type", "date", "class", "parent"], [[id, scope, plan.name, plan.mediaType, Number.isNaN(date) ? null : date, documentClass, plan.parentId]]),
    once("UPDATE chunks SET counted = 0 WHERE document = ? AND (key, class, headings) NOT IN (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?))", id, wanted),
    ...uncount(id),
    ...dropWords(uncounted, id),
    once("DELETE FROM chunks WHERE document = ? AND key NOT IN (SELECT value FROM json_each(?))", id, keys),
    chunkRows(plan, scope),
    { sql: "INSERT INTO chunk_words (chunk, words) SELECT key, ? FROM chunks WHERE key = ? AND counted = 0", rows: plan.chunks.map((chunk) => [words.get(chunk.id)!.sequence, keyOf(chunk.id)]) },
    {
      sql: `INSERT INTO postings (scope, term, chunk, class, weight)
            SELECT c.scope, t.key, c.key, c.class, t.value * 2.2 / (t.value + 1.2 * (0.25 + 0.75 * ? / s.mean_length))
            FROM chunks c CROSS JOIN text_scopes s ON s.key = c.scope CROSS JOIN json_each(?) t WHERE c.key = ? AND c.counted = 0`,
      rows: plan.chunks.map((chunk) => [words.get(chunk.id)!.length, JSON.stringify(words.get(chunk.id)!.counts), keyOf(chunk.id)]),
    },
    ...aboutChanges(plan),
    ...count(id),
  ];
}

function chunkRows(plan: DocumentPlan, scope: number): Statement {
  const columns = ["id", "scope", "document", "ordinal", "class", "kind", "page", "start", "end", "tokens", "language", "headings", "boxes", "text"];
  const changing = columns.slice(1).map((each) => `"${each}"`);
  return {
    sql: `INSERT INTO chunks (key, counted, ${columns.map((each) => `"${each}"`).join(", ")}) VALUES (?, 0, ${columns.map(() => "?").join(", ")})
      ON CONFLICT (key) DO UPDATE SET id = iif(id = excluded.id, id, NULL), ${changing.map((each) => `${each} = excluded.${each}`).join(", ")}
      WHERE (id, ${changing.join(", ")}) IS NOT (excluded.id, ${changing.map((each) => `excluded.${each}`).join(", ")})`,
    rows: plan.chunks.map((chunk) => [
      keyOf(chunk.id), chunk.id, scope, plan.documentId, chunk.ordinal, rank(chunk.class), chunk.kind, chunk.page, chunk.start, chunk.end, chunk.tokens,
      chunk.language, JSON.stringify(chunk.headings), JSON.stringify(chunk.boxes), chunk.text,
    ]),
  };
}

function aboutChanges(plan: DocumentPlan): Statement[] {
  const rows = plan.about.filter(({ name }) => name !== "").map(({ chunkId, name }) => [name, keyOf(chunkId)]);
  return [
    once(`DELETE FROM about_names WHERE chunk IN (${ofDocument}) AND (name, chunk) NOT IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))`, plan.documentId, JSON.stringify(rows)),
    { sql: "INSERT OR IGNORE INTO about_names (scope, name, chunk, class) SELECT scope, ?, key, class FROM chunks WHERE key = ?", rows },
  ];
}

const dropWords = (chunks: string, document: string): Statement[] =>
  ["postings", "about_names", "chunk_words"].map((table) => once(`DELETE FROM ${table} WHERE chunk IN (${chunks})`, document));

const addTerms = (sign: string, document: string): Statement[] => [
  once(
    `INSERT INTO term_counts (scope, term, class, count)
     SELECT p.scope, p.term, p.class, ${sign}count(*) FROM chunks c CROSS JOIN postings p ON p.chunk = c.key WHERE c.document = ? AND c.counted = 0 GROUP BY 1, 2, 3
     ON CONFLICT (scope, term, class) DO UPDATE SET count = count + excluded.count`,
    document,
  ),
  once(
    `INSERT INTO chunk_counts (scope, class, count) SELECT scope, class, ${sign}count(*) FROM chunks WHERE document = ? AND counted = 0 GROUP BY 1, 2
     ON CONFLICT (scope, class) DO UPDATE SET count = count + excluded.count`,
    document,
  ),
];

/** Takes the document's chunks that are marked out of the counts. */
const uncount = (document: string): Statement[] => addTerms("-", document);

const count = (document: string): Statement[] => [
  ...addTerms("", document),
  once("UPDATE chunks SET counted = 1 WHERE document = ? AND counted = 0", document),
  once("DELETE FROM term_counts WHERE count = 0"),
  once("DELETE FROM chunk_counts WHERE count = 0"),
];

/** Removes the document's texts, and its scope's row when it was the last. */
export function textErasure(document: string): Statement[] {
  return [
    once("UPDATE chunks SET counted = 0 WHERE document = ?", document),
    ...uncount(document),
    once("DELETE FROM term_counts WHERE count = 0"),
    once("DELETE FROM chunk_counts WHERE count = 0"),
    ...dropWords(ofDocument, document),
    once("DELETE FROM chunks WHERE document = ?", document),
    once("DELETE FROM text_documents WHERE id = ?", document),
    once("DELETE FROM text_scopes WHERE NOT EXISTS (SELECT 1 FROM text_documents d WHERE d.scope = text_scopes.key)"),
  ];
}

/** Raises every row about the document's texts to `value`; rows above it stay. */
export function textRise(document: string, value: Class): Statement[] {
  const to = rank(value);
  return [
    once("UPDATE text_documents SET class = ? WHERE id = ? AND class < ?", to, document, to),
    once("UPDATE chunks SET counted = 0 WHERE document = ? AND class < ?", document, to),
    ...uncount(document),
    once("UPDATE chunks SET class = ? WHERE document = ? AND counted = 0", to, document),
    ...["postings", "about_names"].map((table) => once(`UPDATE ${table} SET class = ? WHERE chunk IN (${uncounted})`, to, document)),
    ...count(document),
  ];
}
