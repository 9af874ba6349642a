import type { Chunk } from "../../data/chunk.ts";
import type { Entity, MentionRecord, MergeRecord, Relation, StatementRecord } from "../../data/entity.ts";
import type { Mention } from "../../data/entity.ts";
import type { Principal } from "../../data/principal.ts";
import type { Filters } from "../../data/query.ts";
import type { DescriptionSources } from "./show-sources.ts";

/** An entity node as it is stored: what de-duplication compares. */
export interface KnownEntity {
  id: string;
  type: string;
  /** Normalised, and the most frequent visible surface. */
  name: string;
  surface: string;
  qualifier: string;
  description: string;
  /** Its other visible surfaces, normalised. */
  aliases: string[];
}

/** A passage and a name it holds; `about`: its title or a heading is that name. */
export interface Link {
  chunkId: string;
  /** Normalised name: what two passages share. */
  name: string;
  about: boolean;
}

export interface GraphView {
  nodes: Entity[];
  edges: Relation[];
}

/** Truth is the mention and the statement; what is shown as one thing is computed from what the principal may see. */
export interface KnowledgeStore {
  /** Chunks in the order asked for; hidden or absent ones are left out. Carries the document's name, null when hidden. */
  chunks(principal: Principal, ids: string[]): Promise<(Chunk & { document: string | null })[]>;
  documentChunks(principal: Principal, documentId: string, limit: number, cursor: string | null): Promise<{ items: Chunk[]; next: string | null }>;

  /** Entities of one scope by normalised name, by alias, or whose name starts with a given word: candidates to merge with. */
  known(principal: Principal, collection: string, names: string[], types?: string[]): Promise<KnownEntity[]>;
  /** Look-up by name or alias, best first (exact, prefix, words). */
  search(principal: Principal, collections: string[], text: string, type: string | null, limit: number, cursor: string | null): Promise<{ items: Entity[]; next: string | null }>;
  /** The thing any member's id belongs to, in whatever collection of the tenant it lies. */
  entity(principal: Principal, id: string): Promise<Entity | null>;
  /** What its description is made of: at most `bound` characters of descriptions, all read at one moment. */
  sources(principal: Principal, id: string, bound: number): Promise<DescriptionSources | null>;
  mentions(principal: Principal, entityId: string, limit: number): Promise<Mention[]>;
  relations(principal: Principal, entityIds: string[], limit: number): Promise<Relation[]>;
  graph(principal: Principal, collections: string[], entityId: string | null, hops: number, limit: number): Promise<GraphView>;
  /** How two things are joined: at most `limit` of the shortest paths between them, of at most `hops` relations; nodes from one end to the other. */
  paths(principal: Principal, collections: string[], ends: { from: string; to: string }, hops: number, limit: number): Promise<GraphView>;
  /** Most connected first: by number of distinct neighbours. */
  mostConnected(principal: Principal, collections: string[], limit: number): Promise<(Entity & { degree: number })[]>;
  counts(principal: Principal, collections: string[]): Promise<{ chunks: number; entities: number; relations: number }>;

  /** Names the given chunks hold (mentions, joined by visible merges) or are about. */
  linksOfChunks(principal: Principal, chunkIds: string[]): Promise<Link[]>;
  /** Chunks that mention or are about the given normalised names; names in more than `most` chunks come back without their chunks. */
  linksOfNames(principal: Principal, collections: string[], names: string[], most: number): Promise<{ links: Link[]; frequency: Map<string, number> }>;
  /** Of the given normalised word sequences, those that are an `about` name in these collections. */
  aboutNames(principal: Principal, collections: string[], names: string[]): Promise<string[]>;

  /** Those of the chunks that the principal sees and that obey the filters, in the order given. */
  matching(principal: Principal, chunkIds: string[], filters: Filters): Promise<string[]>;
  /** Things the chunks mention, those named most often first. */
  entitiesOfChunks(principal: Principal, chunkIds: string[], limit: number): Promise<Entity[]>;

  /** Everything stored for one document, for verification and for replacing only what changed. */
  documentRecords(documentId: string): Promise<{ chunkIds: string[]; mentions: MentionRecord[]; statements: StatementRecord[]; merges: MergeRecord[] }>;
}
