import { openSqlite } from "../../../src/stores/sqlite/open-sqlite.ts";
import { things } from "./things.ts";

// Each transaction writes two rows of one pair and tells its number after it is durable.
const database = await openSqlite({ path: process.argv[2]!, schemas: [things] });
const start = Number(process.argv[3] ?? 1);
const end = Number(process.argv[4] ?? Infinity);
for (let pair = start; pair <= end; pair++) {
  await database.write([{ sql: "INSERT INTO things (name, value) VALUES (?, ?)", rows: [[`${pair} left`, pair], [`${pair} right`, pair]] }]);
  process.stdout.write(`${pair}\n`);
}
await database.close();
