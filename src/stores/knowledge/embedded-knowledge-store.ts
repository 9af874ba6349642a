import type { Chunk } from "../../data/chunk.ts";
import type { Entity } from "../../data/entity.ts";
import { normaliseName } from "../../data/identity.ts";
import type { Principal } from "../../data/principal.ts";
import { SluiceError } from "../../errors.ts";
import { siblingModule } from "../../workers/package-root.ts";
import type { SqliteDatabase } from "../sqlite/database.ts";
import { keysOf, maskOf } from "../text/keys.ts";
import { scopesSql, type Sight } from "../text/scope-filter.ts";
import type { KnowledgeStore, Link } from "./knowledge-store.ts";
import type { PackedLinks } from "./links.ts";
import { chunkColumns, readRecords, toChunk } from "./records.ts";
import type { Thing } from "./thing.ts";

const module = (name: string): string => siblingModule(import.meta.url, name).href;
const lookUp = module("look-up");
const walk = module("walk");
const paths = module("paths");
const links = module("links");
const known = module("known");

/** The knowledge graph in the shared SQLite file. Look-ups by key are read at once; what walks or scans runs in a reader thread. */
export function openKnowledgeStore(database: SqliteDatabase): KnowledgeStore {
  const eyes = (principal: Principal) => ({ tenant: principal.tenant, mask: maskOf(principal) });
  const sight = (principal: Principal, collections: string[]): Sight => ({ ...eyes(principal), collections });

  return {
    async chunks(principal, ids) {
      const { tenant, mask } = eyes(principal);
      const rows = database.read(
        `SELECT ${chunkColumns}, iif((1 << d.class) & ?, d.name, NULL) AS name FROM json_each(?) j CROSS JOIN chunks c ON c.key = j.value
         CROSS JOIN text_scopes s ON s.key = c.scope AND s.tenant = ? CROSS JOIN text_documents d ON d.id = c.document WHERE (1 << c.class) & ?`,
        mask, JSON.stringify(keysOf(ids)), tenant, mask,
      );
      const found = new Map(rows.map(({ name, ...row }) => [row["id"] as string, { ...toChunk(row), document: name as string | null }]));
      return ids.flatMap((id) => found.get(id) ?? []);
    },
    async documentChunks(principal, documentId, limit, cursor) {
      const { tenant, mask } = eyes(principal);
      const rows = database.read(
        `SELECT ${chunkColumns} FROM chunks c JOIN text_scopes s ON s.key = c.scope AND s.tenant = ?
         WHERE c.document = ? AND c.ordinal > ? AND (1 << c.class) & ? ORDER BY c.ordinal LIMIT ?`,
        tenant, documentId, place(cursor, -1), mask, limit + 1,
      );
      const items: Chunk[] = rows.slice(0, limit).map(toChunk);
      return { items, next: rows.length > limit ? String(items.at(-1)!.ordinal) : null };
    },

    known: (principal, collection, names, types) => database.query(known, "knownEntities", { ...sight(principal, [collection]), names: names.map(normaliseName).filter((name) => name !== ""), types: types ?? null }),
    async search(principal, collections, text, type, limit, cursor) {
      const offset = place(cursor, 0);
      const found = await database.query<{ items: never[]; more: boolean }>(lookUp, "searchEntities", { ...sight(principal, collections), text, type, limit, offset });
      return { items: found.items, next: found.more ? String(offset + limit) : null };
    },
    entity: (principal, id) => database.query(lookUp, "lookUpEntity", { ...eyes(principal), id }),
    sources: (principal, id, bound) => database.query(lookUp, "lookUpSources", { ...eyes(principal), id, bound }),
    mentions: (principal, id, limit) => database.query(lookUp, "lookUpMentions", { ...eyes(principal), id, limit }),
    relations: (principal, ids, limit) => database.query(lookUp, "lookUpRelations", { ...eyes(principal), ids, limit }),
    graph: (principal, collections, entityId, hops, limit) => database.query(walk, "walkGraph", { ...sight(principal, collections), entityId, hops, limit }),
    paths: (principal, collections, ends, hops, limit) => database.query(paths, "findPaths", { ...sight(principal, collections), ...ends, hops, limit }),
    mostConnected: (principal, collections, limit) => database.query(walk, "mostConnected", { ...sight(principal, collections), limit }),
    counts: (principal, collections) => database.query(walk, "countGraph", sight(principal, collections)),

    linksOfChunks: (principal, ids) => database.query(links, "linksOfChunks", { ...eyes(principal), chunks: keysOf(ids) }),
    async linksOfNames(principal, collections, names, most) {
      const read = async (some: string[]) => unpack(some, await database.query<PackedLinks>(links, "linksOfNames", { ...sight(principal, collections), names: some, most }));
      const found = await Promise.all(halves(names).map(read));
      const frequency = new Map(found.flatMap((each) => [...each.frequency]));
      return { links: found.flatMap((each) => each.links), frequency: new Map(names.map((name) => [name, frequency.get(name)!])) };
    },
    async aboutNames(principal, collections, names) {
      const sql = `SELECT j.value AS name FROM json_each(?) j WHERE EXISTS (SELECT 1 FROM (${scopesSql}) s CROSS JOIN about_names a ON a.scope = s.key AND a.name = j.value WHERE (1 << a.class) & ?)`;
      return database.read<{ name: string }>(sql, JSON.stringify(names), principal.tenant, JSON.stringify(collections), maskOf(principal)).map((row) => row.name);
    },

    async matching(principal, ids, filters) {
      const argument = { tenant: principal.tenant, mask: maskOf(principal, filters.classes), chunks: keysOf(ids), filters };
      const passing = new Set(await database.query<string[]>(links, "matchingChunks", argument));
      return ids.filter((id) => passing.has(id));
    },
    async entitiesOfChunks(principal, ids, limit) {
      const things = await database.query<Thing[]>(links, "thingsOfChunks", { ...eyes(principal), chunks: keysOf(ids), limit });
      const described = await Promise.all(halves(things).map((some) => database.query<Entity[]>(links, "describeThings", { ...eyes(principal), things: some })));
      const byId = new Map(described.flat().map((each) => [each.id, each]));
      return things.flatMap(({ id }) => byId.get(id) ?? []);
    },

    documentRecords: async (documentId) => readRecords(database, documentId),
  };
}

/** Two readers at once, where most of the time goes into reading mentions; every other one, since those of a kind stand together. */
function halves<T>(items: T[]): T[][] {
  return [0, 1].map((half) => items.filter((_, index) => index % 2 === half)).filter((each) => each.length > 0);
}

function place(cursor: string | null, start: number): number {
  if (cursor === null) return start;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new SluiceError("invalid_input", "the cursor is none that this list gave; start without one");
}

function unpack(names: string[], { chunkIds, places, lengths, frequency }: PackedLinks): { links: Link[]; frequency: Map<string, number> } {
  const found: Link[] = [];
  let at = 0;
  for (const [index, name] of names.entries()) {
    for (const end = at + 2 * lengths[index]!; at < end; at += 2) found.push({ chunkId: chunkIds[places[at]!]!, name, about: places[at + 1] === 1 });
  }
  return { links: found, frequency: new Map(names.map((name, index) => [name, frequency[index]!])) };
}
