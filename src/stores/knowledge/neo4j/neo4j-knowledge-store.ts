import { normaliseName } from "../../../data/identity.ts";
import type { Principal } from "../../../data/principal.ts";
import { SluiceError } from "../../../errors.ts";
import { readWhole, type ReadInFlight } from "../../store-writer.ts";
import type { Class } from "../../../data/classification.ts";
import type { KnowledgeStore } from "../knowledge-store.ts";
import { chunksById, chunksOfDocument, matchingChunks } from "./chunks.ts";
import type { Graph } from "./connect.ts";
import { knownEntities } from "./known.ts";
import { aboutNames, entitiesOfChunks, linksOfChunks, linksOfNames } from "./links.ts";
import { lookUpEntity, lookUpMentions, lookUpSources, searchEntities } from "./look-up.ts";
import { findPaths } from "./paths.ts";
import { readRecords, type DocumentRecords } from "./records.ts";
import { relationsOf } from "./relations.ts";
import { scopesOf, sightOf } from "./sight.ts";
import type { Reader } from "./things.ts";
import type { TypeNames } from "./type-names.ts";
import { mostConnected, walkGraph } from "./walk.ts";
import { countGraph } from "./whole-graph.ts";

interface Options<T> {
  touches?: (result: T, document: string) => boolean;
  only?: readonly Class[] | undefined;
}

/** The knowledge graph in Neo4j. Each read is one transaction, run again when a document it may have read changed meanwhile. */
export function openNeo4jKnowledgeStore(graph: Graph, types: TypeNames, readInFlight: ReadInFlight): KnowledgeStore {
  const read = <T>(principal: Principal, work: (reader: Reader) => Promise<T>, { touches, only }: Options<T> = {}): Promise<T> =>
    readWhole(principal.tenant, readInFlight, (inFlight) => graph.read((run) => work({ run, sight: sightOf(principal, inFlight, only), types })), touches);
  /** With the scopes of the collections. */
  const within = <T>(principal: Principal, collections: string[], work: (reader: Reader, scopes: string[]) => Promise<T>): Promise<T> =>
    read(principal, (reader) => work(reader, scopesOf(reader.sight, collections)));

  return {
    chunks: (principal, ids) => read(principal, (reader) => chunksById(reader, ids)),
    documentChunks: (principal, documentId, limit, cursor) => {
      const after = place(cursor, -1);
      return read(principal, (reader) => chunksOfDocument(reader, documentId, after, limit), { touches: (_, document) => document === documentId });
    },
    known: (principal, collection, names, asked) =>
      within(principal, [collection], (reader, [scope]) => knownEntities(reader, scope!, names.map(normaliseName).filter((name) => name !== ""), asked ?? null)),
    async search(principal, collections, text, type, limit, cursor) {
      const offset = place(cursor, 0);
      return within(principal, collections, (reader, scopes) => searchEntities(reader, scopes, text, type, limit, offset));
    },
    entity: (principal, id) => read(principal, (reader) => lookUpEntity(reader, id)),
    sources: (principal, id, bound) => read(principal, (reader) => lookUpSources(reader, id, bound)),
    mentions: (principal, id, limit) => read(principal, (reader) => lookUpMentions(reader, id, limit)),
    relations: (principal, ids, limit) => read(principal, (reader) => relationsOf(reader, ids, limit)),
    graph: (principal, collections, entityId, hops, limit) => within(principal, collections, (reader, scopes) => walkGraph(reader, scopes, entityId, hops, limit)),
    paths: (principal, collections, ends, hops, limit) => within(principal, collections, (reader, scopes) => findPaths(reader, scopes, { ...ends, hops, limit })),
    mostConnected: (principal, collections, limit) => within(principal, collections, (reader, scopes) => mostConnected(reader, scopes, limit)),
    counts: (principal, collections) => within(principal, collections, countGraph),

    linksOfChunks: (principal, ids) => read(principal, (reader) => linksOfChunks(reader, ids)),
    linksOfNames: (principal, collections, names, most) => within(principal, collections, (reader, scopes) => linksOfNames(reader, scopes, names, most)),
    aboutNames: (principal, collections, names) => within(principal, collections, (reader, scopes) => aboutNames(reader, scopes, names)),

    matching: (principal, ids, filters) => read(principal, (reader) => matchingChunks(reader, ids, filters), { only: filters.classes }),
    entitiesOfChunks: (principal, ids, limit) => read(principal, (reader) => entitiesOfChunks(reader, ids, limit)),

    async documentRecords(documentId): Promise<DocumentRecords> {
      const [found] = await graph.read((run) => run<{ tenant: string }>("MATCH (d:Document {id: $documentId}) RETURN d.tenant AS tenant", { documentId }));
      if (!found) return { chunkIds: [], mentions: [], statements: [], merges: [] };
      const sight = { tenant: found.tenant, classes: [] };
      return readWhole(
        found.tenant, readInFlight,
        (inFlight) => graph.read((run) => readRecords({ run, sight: { ...sight, flying: sightOf({ tenant: found.tenant, classes: [], roles: [], keyId: null }, inFlight).flying }, types }, documentId)),
        (_, document) => document === documentId,
      );
    },
  };
}

function place(cursor: string | null, start: number): number {
  if (cursor === null) return start;
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new SluiceError("invalid_input", "the cursor is none that this list gave; start without one");
}
