import { setTimeout as pause } from "node:timers/promises";
import { SluiceError } from "../../errors.ts";
import type { Connection } from "./connection.ts";
import { toStoreError } from "./store-error.ts";

/** Empties the write-ahead log, so that deleted words are in no file; readers in other processes are waited for. */
export async function truncateLog(path: string, attempt: () => boolean | Promise<boolean>): Promise<void> {
  for (let count = 1; count <= 20; count++) {
    if (await attempt()) return;
    await pause(10 * count);
  }
  throw new SluiceError("store", `[sqlite] ${path}: the write-ahead log could not be emptied while another reader works; try again`, { retryable: true });
}

/** One attempt; false while a reader still needs the log. */
export function tryTruncate(connection: Connection, path: string): boolean {
  try {
    return (connection.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[])[0]!.busy === 0;
  } catch (error) {
    if ((error as { code?: string }).code === "SQLITE_BUSY" || (error as { code?: string }).code === "SQLITE_LOCKED") return false;
    throw toStoreError(error, path);
  }
}
