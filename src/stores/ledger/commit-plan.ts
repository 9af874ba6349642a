import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type RawBuilder } from "kysely";
import type { DocumentPlan, Lease } from "../document-writer.ts";
import type { SqlValue, Statement } from "../sqlite/database.ts";
import { commitChanges, eraseChanges, jobsOf, treeOf, type Change } from "./commit-changes.ts";

// What the embedded engine does to the ledger in one message to its writer, and the document writer inside its own transaction.

const compiler = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

export function toStatement({ sql, changes }: Change): Statement {
  const { sql: text, parameters } = sql.compile(compiler);
  return { sql: text, rows: [[...parameters] as SqlValue[]], ...(changes === undefined ? {} : { changes }) };
}

const asked = (sql: RawBuilder<unknown>): Statement => toStatement({ sql });

/** Fails the plan with `conflict` when the job is no longer held with this lease number. */
export function leaseFence(lease: Lease): Statement {
  return {
    sql: "UPDATE ledger_jobs SET lease_until = lease_until WHERE id = ? AND lease_number = ? AND lease_owner IS NOT NULL",
    rows: [[lease.jobId, lease.number]],
    changes: 1,
  };
}

/** See `commitChanges`. */
export const commitDocument = (plan: DocumentPlan, now: string = new Date().toISOString()): Statement[] => commitChanges("sqlite", plan, now).map(toStatement);

/** See `treeOf`; its only parameter is the id. */
export const documentTree = (documentId: string): Statement => asked(treeOf(documentId));

/** See `jobsOf`. Put it before the removal. */
export const jobsOfDocuments = (documentIds: string[]): Statement => asked(jobsOf("sqlite", documentIds));

/** See `eraseChanges`. */
export const eraseDocument = (documentIds: string[]): Statement[] => eraseChanges("sqlite", documentIds).map(toStatement);
