/** Kinds of record a document leaves in the stores. `texts`: chunks that text search knows; `vectors`: chunks that have one. */
export const recordKinds = ["chunks", "texts", "vectors", "mentions", "statements", "merges", "pictures"] as const;
export type RecordKind = (typeof recordKinds)[number];

/** Ids by kind; a merge's is `a b method`. A kind the store does not keep is left out. */
export type StoredRecords = Partial<Record<RecordKind, string[]>>;

/** What verification asks of a store. */
export interface VerifiedStore {
  /** As a person knows it: `neo4j`, `qdrant`, `sqlite`. */
  name: string;
  /** Documents that have anything in the store. */
  documents(): AsyncIterable<string>;
  /** What readers see of a document once it is whole. */
  stored(documentId: string): Promise<StoredRecords>;
  /** Everything derived from these documents goes. */
  erase(documentIds: string[]): Promise<void>;
}
