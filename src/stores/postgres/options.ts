import { readFile } from "node:fs/promises";
import { z } from "zod";
import { SluiceError } from "../../errors.ts";

/** A PostgreSQL 13 or later, for the ledger and the checkpoints. Its database exists; its tables are made at start. */
export const PostgresOptions = z.strictObject({
  driver: z.literal("postgres"),
  /** postgres://USER:PASSWORD@HOST:PORT/DATABASE */
  url: z.string().regex(/^postgres(ql)?:\/\/./, "begins with postgres://"),
  /** Connections of this process; each runs one statement at a time. */
  poolSize: z.number().int().min(1).max(500).default(10),
  /** Made when it is not there, so that several installations can share a database. */
  schema: z.string().regex(/^[a-z_][a-z0-9_]{0,62}$/, "lower case letters, digits and underscores").default("public"),
  /** TLS with a certificate that this machine trusts, or that the authority in the PEM file `ca` has signed. */
  ssl: z.union([z.boolean(), z.strictObject({ ca: z.string().min(1) })]).default(false),
  /** ms until a connection answers or becomes free. */
  connectTimeoutMs: z.number().int().min(100).max(10_000).default(5_000),
  /** ms one statement may take; half of it may go by in waiting for a lock. */
  statementTimeoutMs: z.number().int().min(1_000).default(30_000),
});
export type PostgresOptions = z.infer<typeof PostgresOptions>;

/** Host, port and database: what an error may show of the address. */
export function addressOf(url: string, key: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `${host}${pathname}`;
  } catch {
    throw new SluiceError("config", `[postgres] ${key} is no address; write postgres://USER:PASSWORD@HOST:PORT/DATABASE, with special characters of the password as %XX`);
  }
}

export async function authorityOf(path: string, key: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new SluiceError("config", `[postgres] ${key.replace(/url$/, "ssl.ca")}: the file cannot be read`, { cause });
  }
}
