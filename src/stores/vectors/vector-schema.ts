import type { StoreSchema } from "../sqlite/database.ts";

/**
 * One vector a chunk: signs of its components as bits for the first pass, the components (float32, little endian, padded
 * with zeros to a multiple of eight) for the second. Plain tables, since sqlite-vec's own keep deleted vectors in their pages.
 */
export const vectorSchema: StoreSchema = {
  name: "vectors",
  migrations: [
    `
    CREATE TABLE embedding_models (scope INTEGER PRIMARY KEY, name TEXT NOT NULL, dimension INTEGER NOT NULL) STRICT;
    CREATE TABLE vector_bits (scope INTEGER NOT NULL, chunk INTEGER NOT NULL, class INTEGER NOT NULL, bits BLOB NOT NULL, PRIMARY KEY (scope, chunk)) STRICT, WITHOUT ROWID;
    CREATE INDEX vector_bits_chunk ON vector_bits (chunk);
    CREATE TABLE vectors (chunk INTEGER PRIMARY KEY, components BLOB NOT NULL) STRICT;
    `,
  ],
};
