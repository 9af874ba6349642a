import { rank, strictest, type Class } from "../../data/classification.ts";
import type { MentionRecord, StatementRecord } from "../../data/entity.ts";
import { normaliseName } from "../../data/identity.ts";
import type { DocumentPlan } from "../document-writer.ts";
import type { SqlValue, Statement } from "../sqlite/database.ts";
import { keyOf, scopeKey } from "../text/keys.ts";
import { once, upsert } from "../upsert.ts";

const provenanceColumns = ["chunk", "scope", "document", "class", "quote", "start", "end", "description", "confidence", "method", "model", "prompt"];
const tables = ["mentions", "statements", "pictures"];

/**
 * New and changed mentions, statements and pictures, then the removal of those the plan does not name: in this order an
 * entity that is still mentioned is never without a mention, and other documents' merges of it stay.
 */
export function knowledgeChanges(plan: DocumentPlan): Statement[] {
  const scope = scopeKey(plan.scope);
  const classes = new Map(plan.chunks.map((chunk) => [chunk.id, chunk.class]));
  const provenance = (record: MentionRecord | StatementRecord): SqlValue[] => [
    keyOf(record.chunkId), scope, plan.documentId, rank(strictest(record.class, classes.get(record.chunkId))), record.quote, record.start, record.end,
    record.description, record.confidence, record.method, record.model, record.prompt,
  ];
  const { mentions, statements, pictures } = plan;
  return [
    entityRows(mentions, scope),
    ...nameRows(mentions, scope),
    upsert("mentions", ["id"], ["entity", "name", "surface", "alias", ...provenanceColumns], mentions.map((each) => [each.id, each.entityId, each.name, each.surface, normaliseName(each.surface), ...provenance(each)])),
    upsert("statements", ["id"], ["source", "target", "type", "original", "strength", ...provenanceColumns], statements.map((each) => [each.id, each.source, each.target, each.type, each.original, each.strength, ...provenance(each)])),
    upsert("pictures", ["id"], ["scope", "document", "page", "box", "description", "class"], pictures.map((each) => [each.id, scope, plan.documentId, each.page, each.box && JSON.stringify(each.box), each.description, rank(each.class)])),
    ...[mentions, statements, pictures].map((kept, place) =>
      once(`DELETE FROM ${tables[place]} WHERE document = ? AND id NOT IN (SELECT value FROM json_each(?))`, plan.documentId, JSON.stringify(kept.map((each) => each.id))),
    ),
  ];
}

function entityRows(mentions: MentionRecord[], scope: number): Statement {
  const entities = new Map(mentions.map((each) => [each.entityId, each]));
  return {
    sql: "INSERT OR IGNORE INTO entities (id, scope, type, name, qualifier, initials, short) VALUES (?, ?, ?, ?, ?, ?, ?)",
    rows: [...entities].map(([id, { type, name, qualifier }]) => {
      const normal = normaliseName(name);
      return [id, scope, type, normal, qualifier, ...acronyms(normal)];
    }),
  };
}

/** What a name of several words is shortened to: first letters, and first letters before a whole last word ("NEAG" of "Nordlicht Energie AG"). */
export function acronyms(name: string): [initials: string, short: string] {
  const words = name.split(" ");
  if (words.length < 2) return ["", ""];
  const first = words.map((word) => String.fromCodePoint(word.codePointAt(0) ?? 32));
  return [first.join(""), first.slice(0, -1).join("") + words.at(-1)!];
}

function nameRows(mentions: MentionRecord[], scope: number): Statement[] {
  const pairs = new Map<string, [name: string, entity: string]>();
  for (const { entityId, name, surface } of mentions) {
    for (const normal of [normaliseName(name), normaliseName(surface)]) if (normal !== "") pairs.set(`${entityId} ${normal}`, [normal, entityId]);
  }
  const names = [...pairs.values()];
  const words = names.flatMap(([name, entity]) => {
    const all = name.split(" ");
    return [...new Set(all)].map((word): SqlValue[] => [scope, word, name, entity, word === all[0] || word === all.at(-1) ? 1 : 0]);
  });
  return [
    { sql: "INSERT OR IGNORE INTO entity_names (scope, name, entity) VALUES (?, ?, ?)", rows: names.map(([name, entity]) => [scope, name, entity]) },
    { sql: "INSERT OR IGNORE INTO name_words (scope, word, name, entity, edge) VALUES (?, ?, ?, ?, ?)", rows: words },
  ];
}

/**
 * Goes after the mentions of all documents of the transaction: a merge is kept while both of its entities are mentioned
 * somewhere in the scope, since without one of them its evidence is gone.
 */
export function mergeChanges(plan: DocumentPlan): Statement[] {
  const scope = scopeKey(plan.scope);
  const merges = plan.merges.map((each) => ({ ...each, a: each.a < each.b ? each.a : each.b, b: each.a < each.b ? each.b : each.a }));
  return [
    once(
      "DELETE FROM merges WHERE document = ? AND (a, b, method) NOT IN (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?))",
      plan.documentId, JSON.stringify(merges.map(({ a, b, method }) => [a, b, method])),
    ),
    {
      sql: `INSERT INTO merges (a, b, document, method, scope, class, score, evidence)
            SELECT one.id, other.id, ?, ?, one.scope, ?, ?, ? FROM entities one CROSS JOIN entities other ON other.scope = one.scope
            WHERE one.id = ? AND other.id = ? AND one.scope = ?
            ON CONFLICT (a, b, document, method) DO UPDATE SET class = excluded.class, score = excluded.score, evidence = excluded.evidence
            WHERE (merges.class, merges.score, merges.evidence) IS NOT (excluded.class, excluded.score, excluded.evidence)`,
      rows: merges.filter(({ a, b }) => a !== b).map((each) => [plan.documentId, each.method, rank(each.class), each.score, each.evidence, each.a, each.b, scope]),
    },
  ];
}

export const knowledgeErasure = (document: string): Statement[] =>
  [...tables, "merges"].map((table) => once(`DELETE FROM ${table} WHERE document = ?`, document));

export const knowledgeRise = (document: string, value: Class): Statement[] =>
  [...tables, "merges"].map((table) => once(`UPDATE ${table} SET class = ? WHERE document = ? AND class < ?`, rank(value), document, rank(value)));
