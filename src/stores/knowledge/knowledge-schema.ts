import type { StoreSchema } from "../sqlite/database.ts";

/**
 * Truth is the mention and the statement. `entities`, `entity_names` and `name_words` hold only what the mentions say and
 * go with the last of them, so that a store's rows do not tell in which order documents came. `chunk` is a chunk's key,
 * `alias` the normalised surface, `mention_counts` the mentions of an entity in a document by class, kept exact by triggers,
 * since some names stand in every passage; `edge` marks the first and last word of a name.
 */
export const knowledgeSchema: StoreSchema = {
  name: "knowledge",
  migrations: [
    `
    CREATE TABLE entities (id TEXT PRIMARY KEY, scope INTEGER NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL, qualifier TEXT NOT NULL, initials TEXT NOT NULL, short TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE INDEX entities_name ON entities (scope, name);
    CREATE INDEX entities_initials ON entities (scope, initials) WHERE initials <> '';
    CREATE INDEX entities_short ON entities (scope, short) WHERE short <> '';

    CREATE TABLE mentions (
      id TEXT PRIMARY KEY, entity TEXT NOT NULL, chunk INTEGER NOT NULL, scope INTEGER NOT NULL, document TEXT NOT NULL, class INTEGER NOT NULL,
      name TEXT NOT NULL, surface TEXT NOT NULL, alias TEXT NOT NULL, quote TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
      description TEXT NOT NULL, confidence REAL NOT NULL, method TEXT NOT NULL, model TEXT, prompt TEXT) STRICT;
    CREATE INDEX mentions_entity ON mentions (entity, class, chunk, document);
    CREATE INDEX mentions_alias ON mentions (entity, alias, class);
    CREATE INDEX mentions_chunk ON mentions (chunk, class, entity);
    CREATE INDEX mentions_scope ON mentions (scope, entity, class);
    CREATE INDEX mentions_document ON mentions (document);

    CREATE TABLE entity_names (scope INTEGER NOT NULL, name TEXT NOT NULL, entity TEXT NOT NULL, PRIMARY KEY (scope, name, entity)) STRICT, WITHOUT ROWID;
    CREATE INDEX entity_names_entity ON entity_names (entity, name);
    CREATE TABLE name_words (scope INTEGER NOT NULL, word TEXT NOT NULL, name TEXT NOT NULL, entity TEXT NOT NULL, edge INTEGER NOT NULL, PRIMARY KEY (scope, word, name, entity)) STRICT, WITHOUT ROWID;
    CREATE INDEX name_words_entity ON name_words (entity, name);

    CREATE TABLE statements (
      id TEXT PRIMARY KEY, source TEXT NOT NULL, target TEXT NOT NULL, type TEXT NOT NULL, chunk INTEGER NOT NULL, scope INTEGER NOT NULL, document TEXT NOT NULL, class INTEGER NOT NULL,
      original TEXT, strength REAL NOT NULL, quote TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
      description TEXT NOT NULL, confidence REAL NOT NULL, method TEXT NOT NULL, model TEXT, prompt TEXT) STRICT;
    CREATE INDEX statements_source ON statements (source, class, target);
    CREATE INDEX statements_target ON statements (target, class, source);
    CREATE INDEX statements_scope ON statements (scope, source, target, type, class);
    CREATE INDEX statements_chunk ON statements (chunk);
    CREATE INDEX statements_document ON statements (document);

    CREATE TABLE merges (a TEXT NOT NULL, b TEXT NOT NULL, document TEXT NOT NULL, method TEXT NOT NULL, scope INTEGER NOT NULL, class INTEGER NOT NULL, score REAL NOT NULL, evidence TEXT NOT NULL, PRIMARY KEY (a, b, document, method)) STRICT, WITHOUT ROWID;
    CREATE INDEX merges_b ON merges (b, a, class);
    CREATE INDEX merges_scope ON merges (scope, class, a, b);
    CREATE INDEX merges_document ON merges (document);

    CREATE TABLE pictures (id TEXT PRIMARY KEY, scope INTEGER NOT NULL, document TEXT NOT NULL, page INTEGER NOT NULL, box TEXT, description TEXT NOT NULL, class INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE INDEX pictures_document ON pictures (document);

    CREATE TRIGGER alias_gone AFTER DELETE ON mentions
    WHEN NOT EXISTS (SELECT 1 FROM mentions WHERE entity = old.entity AND alias = old.alias)
      AND NOT EXISTS (SELECT 1 FROM entities WHERE id = old.entity AND name = old.alias)
    BEGIN
      DELETE FROM entity_names WHERE entity = old.entity AND name = old.alias;
      DELETE FROM name_words WHERE entity = old.entity AND name = old.alias;
    END;
    CREATE TRIGGER entity_gone AFTER DELETE ON mentions
    WHEN NOT EXISTS (SELECT 1 FROM mentions WHERE entity = old.entity)
    BEGIN
      DELETE FROM entities WHERE id = old.entity;
      DELETE FROM entity_names WHERE entity = old.entity;
      DELETE FROM name_words WHERE entity = old.entity;
      DELETE FROM merges WHERE a = old.entity;
      DELETE FROM merges WHERE b = old.entity;
    END;
    `,
    "CREATE INDEX entities_qualified ON entities (scope, name) WHERE qualifier <> '';",
    `
    CREATE TABLE mention_counts (entity TEXT NOT NULL, class INTEGER NOT NULL, document TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (entity, class, document)) STRICT, WITHOUT ROWID;
    INSERT INTO mention_counts (entity, class, document, count) SELECT entity, class, document, count(*) FROM mentions GROUP BY entity, class, document;
    CREATE TRIGGER mention_new AFTER INSERT ON mentions BEGIN
      INSERT INTO mention_counts (entity, class, document, count) VALUES (new.entity, new.class, new.document, 1) ON CONFLICT (entity, class, document) DO UPDATE SET count = count + 1;
    END;
    CREATE TRIGGER mention_changed AFTER UPDATE OF entity, class, document ON mentions WHEN new.entity <> old.entity OR new.class <> old.class OR new.document <> old.document BEGIN
      INSERT INTO mention_counts (entity, class, document, count) VALUES (new.entity, new.class, new.document, 1) ON CONFLICT (entity, class, document) DO UPDATE SET count = count + 1;
      UPDATE mention_counts SET count = count - 1 WHERE entity = old.entity AND class = old.class AND document = old.document;
      DELETE FROM mention_counts WHERE entity = old.entity AND class = old.class AND document = old.document AND count = 0;
    END;
    CREATE TRIGGER mention_gone AFTER DELETE ON mentions BEGIN
      UPDATE mention_counts SET count = count - 1 WHERE entity = old.entity AND class = old.class AND document = old.document;
      DELETE FROM mention_counts WHERE entity = old.entity AND class = old.class AND document = old.document AND count = 0;
    END;
    `,
  ],
};
