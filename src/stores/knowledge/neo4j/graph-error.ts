import { SluiceError } from "../../../errors.ts";

interface DriverError {
  code?: string;
  retriable?: boolean;
}

/** What an answer of Neo4j means, and which key of the configuration mends it; its own words, which may quote values, stay in the cause. */
export function toGraphError(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error;
  const { code = "unknown", retriable = false } = (error ?? {}) as DriverError;
  const config = (message: string): SluiceError => new SluiceError("config", `[neo4j] ${message}`, { cause: error });
  if (code === "Neo.ClientError.Security.Unauthorized") return config("stores.knowledge.password: the server refused user and password; correct stores.knowledge.user or .password");
  if (code === "Neo.ClientError.Security.AuthenticationRateLimit") return config("stores.knowledge.password: the server refuses every login for some seconds after too many wrong ones; correct the password, then wait");
  if (code === "Neo.ClientError.Security.Forbidden") return config("stores.knowledge.user: this user may not do what the knowledge graph needs (read, write, schema)");
  if (code === "Neo.ClientError.Database.DatabaseNotFound") return config("stores.knowledge.database: the server has no such database; leave it empty for the user's home database");
  if (code === "ServiceUnavailable" || code === "SessionExpired") return unreachable(error);
  return new SluiceError("store", `[neo4j] the server refused a request (${/^[\w.]+$/.test(code) ? code : "unknown"})${retriable ? "; the same may pass later" : ""}`, { retryable: retriable, cause: error });
}

export const unreachable = (cause?: unknown): SluiceError =>
  new SluiceError("store", "[neo4j] no answer from the address in stores.knowledge.url; is the server up, and the port right?", { retryable: true, cause });

/** The row the batch wanted to create is there, or a node it wanted to tie to is gone: what is stored must be read again. */
export function isOutOfDate(error: unknown): boolean {
  const { code } = ((error instanceof SluiceError ? error.cause : error) ?? {}) as DriverError;
  return code === "Neo.ClientError.Schema.ConstraintValidationFailed" || code === "Neo.ClientError.Statement.EntityNotFound";
}
