import type { StoreSchema } from "../sqlite/database.ts";

/**
 * Chunks and their words. `class` is the rank of the class. A posting row is one term in one document's chunks of one
 * class: `chunks` holds pairs of float64, chunk key and saturated term frequency, `count` how many; a row for each chunk
 * took ten times as many random writes. Counts are kept by scope and class, so that a caller's sum holds nothing that is
 * hidden from it; triggers keep them exact.
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
      kind TEXT NOT NULL, page INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, tokens INTEGER NOT NULL,
      language TEXT, headings TEXT NOT NULL, boxes TEXT NOT NULL, text TEXT NOT NULL) STRICT;
    CREATE INDEX chunks_document ON chunks (document, ordinal, class);
    CREATE INDEX chunks_scope ON chunks (scope, key);
    CREATE TABLE chunk_words (chunk INTEGER PRIMARY KEY, words TEXT NOT NULL) STRICT;
    CREATE TABLE postings (scope INTEGER NOT NULL, term TEXT NOT NULL, document INTEGER NOT NULL, class INTEGER NOT NULL, count INTEGER NOT NULL, chunks BLOB NOT NULL, PRIMARY KEY (scope, term, document, class)) STRICT, WITHOUT ROWID;
    CREATE INDEX postings_document ON postings (document);
    CREATE TABLE term_counts (scope INTEGER NOT NULL, term TEXT NOT NULL, class INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (scope, term, class)) STRICT, WITHOUT ROWID;
    CREATE TABLE chunk_counts (scope INTEGER NOT NULL, class INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (scope, class)) STRICT, WITHOUT ROWID;
    CREATE TRIGGER posting_new AFTER INSERT ON postings BEGIN
      INSERT INTO term_counts (scope, term, class, count) VALUES (new.scope, new.term, new.class, new.count) ON CONFLICT (scope, term, class) DO UPDATE SET count = count + excluded.count;
    END;
    CREATE TRIGGER posting_changed AFTER UPDATE OF count ON postings WHEN new.count <> old.count BEGIN
      UPDATE term_counts SET count = count + new.count - old.count WHERE scope = new.scope AND term = new.term AND class = new.class;
    END;
    CREATE TRIGGER posting_gone AFTER DELETE ON postings BEGIN
      UPDATE term_counts SET count = count - old.count WHERE scope = old.scope AND term = old.term AND class = old.class;
      DELETE FROM term_counts WHERE scope = old.scope AND term = old.term AND class = old.class AND count = 0;
    END;
    CREATE TRIGGER chunk_new AFTER INSERT ON chunks BEGIN
      INSERT INTO chunk_counts (scope, class, count) VALUES (new.scope, new.class, 1) ON CONFLICT (scope, class) DO UPDATE SET count = count + 1;
    END;
    CREATE TRIGGER chunk_changed AFTER UPDATE OF class ON chunks WHEN new.class <> old.class BEGIN
      INSERT INTO chunk_counts (scope, class, count) VALUES (new.scope, new.class, 1) ON CONFLICT (scope, class) DO UPDATE SET count = count + 1;
      UPDATE chunk_counts SET count = count - 1 WHERE scope = old.scope AND class = old.class;
      DELETE FROM chunk_counts WHERE scope = old.scope AND class = old.class AND count = 0;
    END;
    CREATE TRIGGER chunk_gone AFTER DELETE ON chunks BEGIN
      UPDATE chunk_counts SET count = count - 1 WHERE scope = old.scope AND class = old.class;
      DELETE FROM chunk_counts WHERE scope = old.scope AND class = old.class AND count = 0;
    END;
    CREATE TABLE about_names (scope INTEGER NOT NULL, name TEXT NOT NULL, chunk INTEGER NOT NULL, class INTEGER NOT NULL, PRIMARY KEY (scope, name, chunk)) STRICT, WITHOUT ROWID;
    CREATE INDEX about_names_chunk ON about_names (chunk);
    `,
  ],
};
