import type { Connection } from "../../../src/stores/sqlite/connection.ts";

export const total = (connection: Connection, { above }: { above: number }): unknown =>
  connection.prepare("SELECT count(*) AS count, sum(value) AS sum FROM things WHERE value > ?").get(above);

export const vectorVersion = (connection: Connection): unknown => connection.prepare("SELECT vec_version() AS version").pluck().get();

export const tryToWrite = (connection: Connection): unknown => connection.prepare("DELETE FROM things").run();
