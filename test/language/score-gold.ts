import type { GoldDocument, GoldEntity, GoldIdentity } from "../documents/load-gold.ts";
import { fold } from "../documents/read-pages.ts";
import type { StoredDocument } from "./stored-samples.ts";

const plain = (name: string): string => name.toLowerCase().replace(/[’‘]s\b/gu, "").replace(/[^\p{L}\p{N}%€$]+/gu, " ").trim();
const round = (value: number): number => Math.round(value * 1000) / 1000;

export interface GoldScore {
  document: string;
  /** `right` of `found` are in the gold, `reached` of `wanted` were found; optional ones count on neither side. */
  entities: { precision: number; recall: number; right: number; found: number; reached: number; wanted: number };
  /** `hit` of `wanted` stand with the right type and direction; `quoted` of them on the characters that the gold quotes; `beyond`: pairs the gold does not relate, which nobody judged. */
  relations: { recall: number; hit: number; wanted: number; quoted: number; beyond: number };
  notes: string[];
}

/** One thing of the document: its type and every name that its mentions and merges give it. */
interface Seen {
  type: string;
  names: Set<string>;
}

/** What the stores hold against the hand-written gold; the last row is the sum over all documents. */
export function scoreGold(stored: StoredDocument[], gold: GoldDocument[]): GoldScore[] {
  const rows = gold.map((each) => scoreDocument(stored.find(({ document }) => document.name === each.document)!, each));
  const sum = (pick: (row: GoldScore) => number): number => rows.reduce((total, row) => total + pick(row), 0);
  const [right, found, reached, asked] = [sum((row) => row.entities.right), sum((row) => row.entities.found), sum((row) => row.entities.reached), sum((row) => row.entities.wanted)];
  const [hit, wanted] = [sum((row) => row.relations.hit), sum((row) => row.relations.wanted)];
  return [...rows, {
    document: "all",
    entities: { precision: round(right / found), recall: round(reached / asked), right, found, reached, wanted: asked },
    relations: { recall: round(hit / wanted), hit, wanted, quoted: sum((row) => row.relations.quoted), beyond: sum((row) => row.relations.beyond) },
    notes: [],
  }];
}

function scoreDocument(stored: StoredDocument, gold: GoldDocument): GoldScore {
  const seen = seenIn(stored);
  const things = [...new Set(seen.values())];
  const fits = (each: Seen, entity: GoldEntity): boolean => [entity.type, ...entity.orTypes].includes(each.type) && formsOf(entity).some((form) => each.names.has(form));
  const counted = things.filter((each) => !gold.entities.some((entity) => entity.optional && fits(each, entity)));
  const wrong = counted.filter((each) => !gold.entities.some((entity) => fits(each, entity)));
  const wanted = gold.entities.filter((each) => !each.optional);
  const missed = wanted.filter((entity) => !things.some((each) => fits(each, entity)));
  const right = counted.length - wrong.length;
  const notes = [`wrong: ${wrong.map((each) => `${each.type} ${[...each.names].join("/")}`).join("; ")}`, `missed: ${missed.map((each) => `${each.type} ${each.name}`).join("; ")}`];
  return {
    document: gold.document,
    entities: { precision: round(right / counted.length), recall: round(1 - missed.length / wanted.length), right, found: counted.length, reached: wanted.length - missed.length, wanted: wanted.length },
    relations: scoreRelations(stored, gold, seen, notes),
    notes,
  };
}

function scoreRelations(stored: StoredDocument, gold: GoldDocument, seen: Map<string, Seen>, notes: string[]): GoldScore["relations"] {
  const names = (id: string): Set<string> => seen.get(id)?.names ?? new Set();
  const forms = (name: string): string[] => formsOf(gold.entities.find((each) => each.name === name)!);
  let [hit, quoted] = [0, 0];
  const judged = new Set<string>();
  for (const relation of gold.relations) {
    const [sources, targets] = [forms(relation.source), forms(relation.target)];
    const between = stored.statements.filter((each) => sources.some((form) => names(each.source).has(form)) && targets.some((form) => names(each.target).has(form)));
    for (const each of between) judged.add(each.id);
    const told = between.filter((each) => [relation.type, ...relation.orTypes].includes(each.type));
    if (told.length) hit++;
    else notes.push(`no relation: ${relation.source} ${relation.type} ${relation.target} | ${relation.quote}`);
    if (told.some((each) => relation.quote === null || fold(each.quote).includes(fold(relation.quote)) || fold(relation.quote).includes(fold(each.quote)))) quoted++;
    else if (told.length) notes.push(`quoted elsewhere: ${relation.source} ${relation.type} ${relation.target} | ${relation.quote} | ${told.map((each) => each.quote).join(" | ")}`);
  }
  const beyond = new Set(stored.statements.filter((each) => !judged.has(each.id)).map((each) => `${[...names(each.source)][0]} ${each.type} ${[...names(each.target)][0]}`));
  for (const each of beyond) notes.push(`beyond the gold: ${each}`);
  return { recall: round(hit / gold.relations.length), hit, wanted: gold.relations.length, quoted, beyond: beyond.size };
}

/** By entity id; members of one thing share one entry, with the names of its mentions in this document and of its merges. */
function seenIn({ mentions, things }: StoredDocument): Map<string, Seen> {
  const shared = new Map<string, Seen>();
  const seen = new Map<string, Seen>();
  for (const mention of mentions) {
    const thing = things.get(mention.entityId)!;
    const entry = shared.get(thing.id) ?? { type: mention.type, names: new Set([thing.name, ...thing.aliases].map(plain)) };
    for (const name of [mention.name, mention.surface]) entry.names.add(plain(name));
    shared.set(thing.id, entry);
    seen.set(mention.entityId, entry);
  }
  return seen;
}

const formsOf = (entity: GoldEntity): string[] => [entity.name, ...entity.aliases].map(plain);

/** Names of one thing that are not joined, and things of like name that are; each as one line. */
export function scoreIdentity(stored: StoredDocument[], identity: GoldIdentity): { parted: string[]; mixed: string[] } {
  const things = new Map<string, Set<string>>();
  for (const each of stored) {
    for (const { type, name, surface, entityId } of each.mentions) {
      for (const form of [name, surface]) {
        const key = `${type} ${plain(form)}`;
        things.set(key, (things.get(key) ?? new Set()).add(each.things.get(entityId)!.id));
      }
    }
  }
  const of = (type: string, name: string): Set<string> => things.get(`${type} ${plain(name)}`) ?? new Set();
  const parted = identity.same.filter(({ type, names }) => new Set(names.flatMap((name) => [...of(type, name)])).size > 1).map(({ type, names }) => `${type} ${names.join(" = ")}`);
  const mixed = identity.apart.filter(({ a, b }) => !of(a.type, a.name).isDisjointFrom(of(b.type, b.name))).map(({ a, b }) => `${a.name} | ${b.name}`);
  return { parted, mixed };
}

/** What does not stand where it says: quotes that are not the chunk's characters, classes that are not the chunk's. */
export function misplaced({ document, chunks, mentions, statements }: StoredDocument): string[] {
  return [...mentions, ...statements].flatMap((each) => {
    const chunk = chunks.get(each.chunkId);
    if (!chunk || chunk.text.slice(each.start, each.end) !== each.quote || each.quote === "") return [`${document.name}: ${each.id} does not quote its chunk`];
    return each.class === chunk.class && each.documentId === document.id ? [] : [`${document.name}: ${each.id} is not of its chunk's class and document`];
  });
}
