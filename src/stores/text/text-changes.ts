import { rank, type Class } from "../../data/classification.ts";
import type { Scope } from "../../data/identity.ts";
import type { DocumentPlan } from "../document-writer.ts";
import type { Statement } from "../sqlite/database.ts";
import { once, upsert } from "../upsert.ts";
import type { DocumentWords } from "./chunk-words.ts";
import { keyOf, scopeKey } from "./keys.ts";

const ofDocument = "SELECT key FROM chunks WHERE document = ?";

/** The scope's row; two scopes with one key break the NOT NULL rule, and with it the transaction. */
export const scopeChange = (scope: Scope, meanLength: number): Statement =>
  once(
    `INSERT INTO text_scopes (key, tenant, collection, mean_length) VALUES (?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET tenant = NULL WHERE (tenant, collection) IS NOT (excluded.tenant, excluded.collection)`,
    scopeKey(scope), scope.tenant, scope.collection, meanLength,
  );

/** A document's row, chunks, postings and counts as the plan wants them. Rows that stay the same are not touched. */
export function textChanges(plan: DocumentPlan, words: DocumentWords): Statement[] {
  const scope = scopeKey(plan.scope);
  const id = plan.documentId;
  const keys = JSON.stringify(plan.chunks.map((chunk) => keyOf(chunk.id)));
  const date = Date.parse(plan.date);
  const vanished = `${ofDocument} AND key NOT IN (SELECT value FROM json_each(?))`;
  return [
    upsert("text_documents", ["id"], ["scope", "name", "media_type", "date", "class", "parent"], [[id, scope, plan.name, plan.mediaType, Number.isNaN(date) ? null : date, rank(plan.class), plan.parentId]]),
    ...["chunk_words", "about_names"].map((table) => once(`DELETE FROM ${table} WHERE chunk IN (${vanished})`, id, keys)),
    once("DELETE FROM chunks WHERE document = ? AND key NOT IN (SELECT value FROM json_each(?))", id, keys),
    chunkRows(plan, scope),
    upsert("chunk_words", ["chunk"], ["words"], plan.chunks.map((chunk) => [keyOf(chunk.id), words.sequences.get(chunk.id)!])),
    ...postingChanges(scope, id, words),
    ...aboutChanges(plan, scope),
  ];
}

function chunkRows(plan: DocumentPlan, scope: number): Statement {
  const columns = ["id", "scope", "document", "ordinal", "class", "kind", "page", "start", "end", "tokens", "language", "headings", "boxes", "text"];
  const changing = columns.slice(1).map((each) => `"${each}"`);
  return {
    sql: `INSERT INTO chunks (key, ${columns.map((each) => `"${each}"`).join(", ")}) VALUES (?, ${columns.map(() => "?").join(", ")})
      ON CONFLICT (key) DO UPDATE SET id = iif(id = excluded.id, id, NULL), ${changing.map((each) => `${each} = excluded.${each}`).join(", ")}
      WHERE (id, ${changing.join(", ")}) IS NOT (excluded.id, ${changing.map((each) => `excluded.${each}`).join(", ")})`,
    rows: plan.chunks.map((chunk) => [
      keyOf(chunk.id), chunk.id, scope, plan.documentId, chunk.ordinal, rank(chunk.class), chunk.kind, chunk.page, chunk.start, chunk.end, chunk.tokens,
      chunk.language, JSON.stringify(chunk.headings), JSON.stringify(chunk.boxes), chunk.text,
    ]),
  };
}

const postingChanges = (scope: number, id: string, words: DocumentWords): Statement[] => [
  once("DELETE FROM postings WHERE document = ? AND (term, class) NOT IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))", keyOf(id), words.terms),
  once(
    `INSERT INTO postings (scope, term, document, class, count, chunks)
     SELECT ?, value ->> 0, ?, value ->> 1, value ->> 2, unhex(value ->> 3) FROM json_each(?) WHERE true
     ON CONFLICT (scope, term, document, class) DO UPDATE SET count = excluded.count, chunks = excluded.chunks WHERE chunks <> excluded.chunks`,
    scope, keyOf(id), words.postings,
  ),
];

function aboutChanges(plan: DocumentPlan, scope: number): Statement[] {
  const classes = new Map(plan.chunks.map((chunk) => [chunk.id, rank(chunk.class)]));
  const rows = plan.about.filter(({ name }) => name !== "").map(({ chunkId, name }) => [scope, name, keyOf(chunkId), classes.get(chunkId)!]);
  return [
    once(
      `DELETE FROM about_names WHERE chunk IN (${ofDocument}) AND (name, chunk) NOT IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))`,
      plan.documentId, JSON.stringify(rows.map(([, name, chunk]) => [name, chunk])),
    ),
    upsert("about_names", ["scope", "name", "chunk"], ["class"], rows),
  ];
}

/** Removes the document's texts, and its scope's row when it was the last. */
export const textErasure = (document: string): Statement[] => [
  ...["chunk_words", "about_names"].map((table) => once(`DELETE FROM ${table} WHERE chunk IN (${ofDocument})`, document)),
  once("DELETE FROM postings WHERE document = ?", keyOf(document)),
  once("DELETE FROM chunks WHERE document = ?", document),
  once("DELETE FROM text_documents WHERE id = ?", document),
  once("DELETE FROM text_scopes WHERE NOT EXISTS (SELECT 1 FROM text_documents d WHERE d.scope = text_scopes.key)"),
];

/** Raises every row about the document's texts to `value`; rows above it stay. */
export function textRise(document: string, value: Class): Statement[] {
  const to = rank(value);
  return [
    once("UPDATE text_documents SET class = ? WHERE id = ? AND class < ?", to, document, to),
    once("UPDATE chunks SET class = ? WHERE document = ? AND class < ?", to, document, to),
    once(`UPDATE about_names SET class = ? WHERE class < ? AND chunk IN (${ofDocument})`, to, to, document),
    once(
      `INSERT INTO postings (scope, term, document, class, count, chunks)
       SELECT scope, term, document, ?, sum(count), unhex(group_concat(hex(chunks), '')) FROM postings WHERE document = ? AND class <= ? GROUP BY scope, term, document HAVING min(class) < ?
       ON CONFLICT (scope, term, document, class) DO UPDATE SET count = excluded.count, chunks = excluded.chunks`,
      to, keyOf(document), to, to,
    ),
    once("DELETE FROM postings WHERE document = ? AND class < ?", keyOf(document), to),
  ];
}
