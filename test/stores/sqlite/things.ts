import type { StoreSchema } from "../../../src/stores/sqlite/database.ts";

export const things: StoreSchema = {
  name: "things",
  migrations: ["CREATE TABLE things (name TEXT PRIMARY KEY, value INTEGER NOT NULL, bytes BLOB) STRICT"],
};
