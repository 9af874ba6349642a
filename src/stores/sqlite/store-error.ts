import { SluiceError } from "../../errors.ts";

/** What an error of the engine means to whoever called; the engine's own words are only the cause. */
export function toStoreError(error: unknown, path: string): SluiceError {
  if (error instanceof SluiceError) return error;
  const code = (error as { code?: unknown } | null)?.code;
  const name = typeof code === "string" ? code : "";
  const at = `[sqlite] ${path}`;
  if (name === "SQLITE_FULL" || name === "ENOSPC") return new SluiceError("store", `${at}: the disk is full; nothing of this write was kept, make room and try again`, { retryable: true, cause: error });
  if (name.startsWith("SQLITE_CORRUPT") || name === "SQLITE_NOTADB") return new SluiceError("store", `${at}: the file is damaged or no SQLite database; restore it from a backup`, { cause: error });
  if (name.startsWith("SQLITE_BUSY") || name.startsWith("SQLITE_LOCKED")) return new SluiceError("store", `${at}: another process holds the file; try again`, { retryable: true, cause: error });
  if (name.startsWith("SQLITE_CANTOPEN") || name === "EACCES" || name === "EPERM" || name === "ENOTDIR") return new SluiceError("store", `${at}: the file cannot be opened; check the folder and its rights`, { cause: error });
  if (name.startsWith("SQLITE_READONLY")) return new SluiceError("store", `${at}: the file may not be written; check its rights`, { cause: error });
  if (name.startsWith("SQLITE_IOERR")) return new SluiceError("store", `${at}: the disk failed (${name}); nothing of this write was kept`, { retryable: true, cause: error });
  return new SluiceError("internal", `${at}: a statement failed (${name || "unknown"}); the cause names the reason`, { cause: error });
}
