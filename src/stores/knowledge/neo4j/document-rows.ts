import { rank, strictest, type Class } from "../../../data/classification.ts";
import type { MentionRecord, StatementRecord } from "../../../data/entity.ts";
import { hashId, normaliseName } from "../../../data/identity.ts";
import type { DocumentPlan } from "../../document-writer.ts";
import { acronyms } from "../knowledge-changes.ts";
import { scopeOf } from "./sight.ts";
import { knownType, type TypeNames } from "./type-names.ts";

export const edgeKinds = ["HAS_CHUNK", "IS_ABOUT", "MENTIONED_IN", "STATEMENT", "SAME_AS", "ON"] as const;
/** `STATEMENT`: an edge of a relation type; `ON`: a picture, whose node carries the row. */
export type EdgeKind = (typeof edgeKinds)[number];

type Value = string | number | string[] | number[];
export type Properties = Record<string, Value>;

/** One versioned row as a plan wants it. `key` = document and record, without the revision. */
export interface Row {
  kind: EdgeKind;
  key: string;
  /** Relation type of a statement. */
  type: string | null;
  class: Class;
  /** Ids or keys of the nodes it ties together. */
  from: string;
  to: string;
  /** Without class, key, since and until. */
  properties: Properties;
}

export interface DocumentRows {
  rows: Row[];
  sections: Map<string, Properties>;
  chunks: Map<string, Properties>;
  entities: Map<string, Properties>;
  names: Map<string, Properties>;
  /** Entity id → keys of the names it has besides its own. */
  namesOf: Map<string, Set<string>>;
}

const captionLength = 60;

/** Keys of a document's rows are `DOCUMENT:RECORD@SINCE`. */
export const prefixOf = (document: string): string => `${document}:`;
export const recordOf = (document: string, key: string): string => key.slice(prefixOf(document).length, key.lastIndexOf("@"));

/** What the graph holds of a document. Null has no place in a graph: such a property is left out. */
export function documentRows(plan: DocumentPlan, types: TypeNames): DocumentRows {
  const { documentId: document, scope: owner } = plan;
  const scope = scopeOf(owner.tenant, owner.collection);
  const owned = { scope, ...owner };
  const rows: Row[] = [];
  const [sections, chunks, entities, names] = [new Map<string, Properties>(), new Map<string, Properties>(), new Map<string, Properties>(), new Map<string, Properties>()];
  const namesOf = new Map<string, Set<string>>();
  const classes = new Map(plan.chunks.map((chunk) => [chunk.id, chunk.class]));
  const add = (kind: EdgeKind, record: string, value: Class, from: string, to: string, properties: object, type: string | null = null): void =>
    void rows.push({ kind, key: `${prefixOf(document)}${record}`, type, class: value, from, to, properties: present({ ...properties, document }) });

  const named = (name: string): string => {
    const key = `${scope}:${name}`;
    if (!names.has(key)) names.set(key, { key, name, scope, ...edges(name) });
    return key;
  };

  for (const chunk of plan.chunks) {
    const { id, text, headings, boxes, class: value, documentId: _, ...place } = chunk;
    const section = hashId("section", document, ...headings);
    sections.set(section, { id: section, name: headings.at(-1) ?? "(no heading)", path: headings, document, ...owned });
    chunks.set(id, { id, name: caption(text), text, document, ...owned });
    add("HAS_CHUNK", `${section}:${id}`, value, section, id, { ...place, chunk: id, scope, headings, boxes: boxes.flatMap(({ page, x, y, width, height }) => [page, x, y, width, height]) });
  }
  for (const { chunkId, name } of plan.about) {
    if (name !== "") add("IS_ABOUT", `${chunkId}:${hashId("about", name)}`, classes.get(chunkId)!, chunkId, named(name), { chunk: chunkId });
  }
  for (const mention of plan.mentions) {
    const { id, entityId, type, qualifier, name, surface } = mention;
    const normal = normaliseName(name);
    const alias = normaliseName(surface);
    const [initials, short] = acronyms(normal);
    entities.set(entityId, present({ id: entityId, name: normal, type: knownType(types.entities, type, document), qualifier: qualifier || null, initials: initials || null, short: short || null, ...edges(normal), ...owned }));
    if (!namesOf.has(entityId)) namesOf.set(entityId, new Set());
    if (alias !== "" && alias !== normal) namesOf.get(entityId)!.add(named(alias));
    add("MENTIONED_IN", id, atLeast(mention, classes), entityId, mention.chunkId, { name, surface, alias, ...provenance(mention) });
  }
  for (const statement of plan.statements) {
    const { id, source, target, type, original, strength } = statement;
    add("STATEMENT", id, atLeast(statement, classes), source, target, { statement: id, original, strength, ...provenance(statement) }, knownType(types.relations, type, document));
  }
  for (const merge of plan.merges) {
    const [a, b] = merge.a < merge.b ? [merge.a, merge.b] : [merge.b, merge.a];
    const { method, score, evidence } = merge;
    if (a !== b) add("SAME_AS", `${a} ${b} ${method}`, merge.class, a, b, { method, score, evidence, scope });
  }
  for (const { id, page, box, description, class: value } of plan.pictures) {
    add("ON", id, value, id, document, { id, page, description, name: caption(description), box: box && [box.page, box.x, box.y, box.width, box.height], ...owned });
  }
  return { rows: [...new Map(rows.map((row) => [row.key, row])).values()], sections, chunks, entities, names, namesOf };
}

const atLeast = (record: MentionRecord | StatementRecord, classes: Map<string, Class>): Class => strictest(record.class, classes.get(record.chunkId));

function provenance({ chunkId, quote, start, end, description, confidence, method, model, prompt }: MentionRecord | StatementRecord): object {
  return { chunk: chunkId, quote, start, end, description, confidence, method, model, prompt };
}

/** First and last word: what two writings of one name often share. */
function edges(name: string): { first: string; last: string } {
  const words = name.split(" ");
  return { first: words[0]!, last: words.at(-1)! };
}

const present = (properties: object): Properties => Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null && value !== undefined));

/** What a graph browser writes on the node. */
const caption = (text: string): string => (text.length <= captionLength ? text : `${Array.from(text.slice(0, captionLength)).slice(0, -1).join("")}…`);

/** The document's own properties; `time` in ms since 1970, absent when the date is none. */
export function documentProperties(plan: DocumentPlan): Properties {
  const time = Date.parse(plan.date);
  return present({ name: plan.name, mediaType: plan.mediaType, language: plan.language, date: plan.date, time: Number.isNaN(time) ? null : time, parentId: plan.parentId });
}

export const isStricter = (one: Class, other: Class): boolean => rank(one) > rank(other);
