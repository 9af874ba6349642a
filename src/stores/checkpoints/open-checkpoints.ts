import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import Database from "better-sqlite3";
import { z } from "zod";
import { makePrivate } from "../sqlite/private-file.ts";
import { toStoreError } from "../sqlite/store-error.ts";
import { tryTruncate, truncateLog } from "../sqlite/truncate-log.ts";

export const CheckpointsOptions = z.strictObject({ path: z.string().min(1) });
export type CheckpointsOptions = z.infer<typeof CheckpointsOptions>;

/** LangGraph's own saver on a file of its own; a deleted thread leaves nothing in it. */
export class Checkpoints extends SqliteSaver {
  readonly path: string;

  constructor(connection: Database.Database, path: string) {
    super(connection);
    this.path = path;
    this.setup();
  }

  override async deleteThread(threadId: string): Promise<void> {
    try {
      await super.deleteThread(threadId);
    } catch (error) {
      throw toStoreError(error, this.path);
    }
    await truncateLog(this.path, () => tryTruncate(this.db, this.path));
  }

  async close(): Promise<void> {
    this.db.close();
  }
}

/** Each checkpoint is on the disk when its write resolves: what was paid for is not asked for again. */
export async function openCheckpoints(options: CheckpointsOptions): Promise<Checkpoints> {
  const { path } = CheckpointsOptions.parse(options);
  try {
    makePrivate(path);
    const connection = new Database(path, { timeout: 5_000 });
    connection.pragma("journal_mode = WAL");
    connection.pragma("synchronous = FULL");
    connection.pragma("secure_delete = ON");
    connection.pragma("temp_store = MEMORY");
    return new Checkpoints(connection, path);
  } catch (error) {
    throw toStoreError(error, path);
  }
}
