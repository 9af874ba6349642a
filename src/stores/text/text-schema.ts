import type { StoreSchema } from "../sqlite/database.ts";

/**
 * Chunks and their words. `class` is the rank of the class; `counted` says whether the chunk's postings are in the
 * counts; `weight` is the saturated term frequency. Counts are kept by scope and class, so that a caller's sum holds
 * nothing that is hidden from it.
 */
export const textSchema: StoreSchema = {
  name: "text",
  migrations: [
    `
    CREATE TABLE text_scopes (key INTEGER PRIMARY KEY, tenant TEXT NOT NULL, collection TEXT NOT NULL, mean_length REAL NOT NULL, UNIQUE (tenant, collection)) STRICT;
    CREATE TABLE text_documents (id TEXT PRIMARY KEY, scope INTEGER NOT NULL, name TEXT NOT NULL, media_type TEXT NOT NULL, date INTEGER, class INTEGER NOT NULL, parent TEXT) STRICT, WITHOUT ROWID;
    CREATE INDEX text_documents_scope ON text_documents (scope);
    CREATE INDEX text_documents_parent ON text_documents (parent) WHERE parent IS NOT NULL;
    CREATE TABLE chunks (
      key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope INTEGER NOT NULL, document TEXT NOT NULL, ordinal INTEGER NOT NULL, class INTEGER NOT NULL,
      counted INTEGER NOT NULL, kind TEXT NOT NULL, page INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, tokens INTEGER NOT NULL,
      language TEXT, headings TEXT NOT NULL, boxes TEXT NOT NULL, text TEXT NOT NULL) STRICT;
    CREATE INDEX chunks_document ON chunks (document, ordinal, class, counted);
    CREATE INDEX chunks_scope ON chunks (scope, key);
    CREATE TABLE chunk_words (chunk INTEGER PRIMARY KEY, words TEXT NOT NULL) STRICT;
    CREATE TABLE postings (scope INTEGER NOT NULL, term TEXT NOT NULL, chunk INTEGER NOT NULL, class INTEGER NOT NULL, weight REAL NOT NULL, PRIMARY KEY (scope, term, chunk)) STRICT, WITHOUT ROWID;
    CREATE INDEX postings_chunk ON postings (chunk);
    CREATE TABLE term_counts (scope INTEGER NOT NULL, term TEXT NOT NULL, class INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (scope, term, class)) STRICT, WITHOUT ROWID;
    CREATE INDEX term_counts_zero ON term_counts (scope) WHERE count = 0;
    CREATE TABLE chunk_counts (scope INTEGER NOT NULL, class INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (scope, class)) STRICT, WITHOUT ROWID;
    CREATE TABLE about_names (scope INTEGER NOT NULL, name TEXT NOT NULL, chunk INTEGER NOT NULL, class INTEGER NOT NULL, PRIMARY KEY (scope, name, chunk)) STRICT, WITHOUT ROWID;
    CREATE INDEX about_names_chunk ON about_names (chunk);
    `,
  ],
};
