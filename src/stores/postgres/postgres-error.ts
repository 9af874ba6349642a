import { SluiceError, type ErrorCode } from "../../errors.ts";

/** Where an error came from: the key of the configuration that names the database, and its address without the password. */
export interface PostgresPlace {
  key: string;
  address: string;
}

/** An error of the database; `kept` says whether what was asked for can have been done in spite of it. */
export class PostgresError extends SluiceError {
  readonly kept: "no" | "unknown";

  constructor(code: ErrorCode, message: string, options: { retryable?: boolean; cause?: unknown; kept?: "no" | "unknown" }) {
    super(code, message, options);
    this.kept = options.kept ?? "no";
  }
}

/** What a SQLSTATE means to whoever called (PostgreSQL's Appendix A); `config` errors name the key. */
const states: Record<string, [code: ErrorCode, words: string, retryable: boolean]> = {
  "28P01": ["config", "the user or the password is wrong", false],
  "28000": ["config", "the server does not let this user in", false],
  "3D000": ["config", "the database does not exist; create it or name another", false],
  "42501": ["config", "the user lacks a right there; it has to create and use tables", false],
  "3F000": ["config", "the schema does not exist", false],
  "25006": ["store", "the server takes no writes; is it a standby?", true],
  "40001": ["store", "others changed the same rows; nothing of this was kept, try again", true],
  "40P01": ["store", "others waited for the same rows; nothing of this was kept, try again", true],
  "55P03": ["store", "others held the same rows too long; nothing of this was kept, try again", true],
  "53100": ["store", "its disk is full; nothing of this was kept, make room and try again", true],
  "53200": ["store", "it is out of memory; nothing of this was kept, try again", true],
  "53300": ["store", "it has no connection left; raise max_connections or lower poolSize", true],
  "57014": ["timeout", "a statement took too long and was ended; nothing of it was kept", true],
  "23505": ["conflict", "a row with this id is there already; nothing of this was kept", false],
  "22021": ["invalid_input", "a text holds a zero byte, which cannot be stored", false],
  "22P05": ["invalid_input", "a text holds a character that cannot be stored", false],
};

const unreachable = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT"]);
// The client's own errors carry no code.
const ended = /connection terminated|connection error|not queryable|query read timeout|connection ended|timeout exceeded when trying to connect|timeout expired/i;
const tls = /SSL|certificate|self.signed|altname/i;

/** `kept`: what becomes of the work when the connection is what failed. */
export function toPostgresError(error: unknown, { key, address }: PostgresPlace, kept: "no" | "unknown"): SluiceError {
  if (error instanceof SluiceError) return error;
  const { code: found, message = "" } = (error ?? {}) as { code?: unknown; message?: string };
  const code = typeof found === "string" ? found : "";
  const at = `[postgres] ${key} (${address})`;
  const known = states[code];
  if (known) return new PostgresError(known[0], `${at}: ${known[1]}`, { retryable: known[2], cause: error });
  if (unreachable.has(code)) return new PostgresError("store", `${at}: no answer; is the server up, and the address right?`, { retryable: true, cause: error, kept });
  if (tls.test(message)) return new PostgresError("config", `${at}: no secure connection; check "ssl" and the server's certificate`, { cause: error });
  if (code.startsWith("08") || code.startsWith("57P") || code.startsWith("25P") || code === "ECONNRESET" || code === "EPIPE" || ended.test(message)) {
    const what = kept === "no" ? "nothing of this was kept" : "whether this was kept is not known";
    return new PostgresError("store", `${at}: the connection was lost; ${what}, try again`, { retryable: true, cause: error, kept });
  }
  return new PostgresError("internal", `${at}: a statement failed (${code || "unknown"}); the cause names the reason`, { cause: error });
}

/** After these the connection may still be used; after anything else it is closed. */
export const connectionSurvives = (error: unknown): boolean => {
  const { code, severity } = (error ?? {}) as { code?: unknown; severity?: unknown };
  return typeof code === "string" && code.length === 5 && severity === "ERROR";
};
