import { workerData } from "node:worker_threads";
import { SluiceError } from "../../errors.ts";
import { type PlainError, toPlainError } from "../../workers/plain-error.ts";
import { openConnection, type Connection } from "./connection.ts";
import type { Plan, Statement, StoreSchema } from "./database.ts";
import { migrate } from "./migrate.ts";
import { runStatement, type StatementResult } from "./run-statement.ts";
import { openStatementCache } from "./statement-cache.ts";
import { toStoreError } from "./store-error.ts";
import { tryTruncate } from "./truncate-log.ts";

export interface WriterData {
  path: string;
  schemas: readonly StoreSchema[];
  /** ms to wait for another process that is writing. */
  busyTimeout: number;
}

const { path, schemas, busyTimeout } = workerData as WriterData;
let connection: Connection;
let prepare: ReturnType<typeof openStatementCache>;

export function open(): void {
  guarded(() => {
    connection = openConnection(path, { readonly: false, busyTimeout });
    prepare = openStatementCache(connection);
    migrate(connection, path, schemas);
  });
}

export const run = (plan: Plan): StatementResult[] => together([plan])[0]!;

export type Outcome = { results: StatementResult[] } | { error: PlainError };

/** Several plans with one commit for all; where one of them fails, each by itself. */
export function runAll(plans: Plan[]): Outcome[] {
  try {
    return together(plans).map((results) => ({ results }));
  } catch {
    return plans.map(outcomeOf);
  }
}

function outcomeOf(plan: Plan): Outcome {
  try {
    return { results: run(plan) };
  } catch (error) {
    return { error: toPlainError(error) };
  }
}

const together = (plans: Plan[]): StatementResult[][] =>
  guarded(() => {
    connection.exec("BEGIN IMMEDIATE");
    try {
      const results = plans.map((plan) => plan.map((statement) => runStatement(prepare, statement)));
      connection.exec("COMMIT");
      return results;
    } catch (error) {
      undo();
      throw error;
    }
  });

/** Opens a transaction and runs its first statement. */
export function beginWith(statement: Statement): StatementResult {
  guarded(() => void connection.exec("BEGIN IMMEDIATE"));
  return execute(statement);
}

/** A statement of the transaction that `beginWith` opened; the engine may have ended it itself (disk full). */
export function execute(statement: Statement): StatementResult {
  return guarded(() => {
    if (!connection.inTransaction) throw new SluiceError("store", `[sqlite] ${path}: the transaction was undone by an earlier failure`, { retryable: true });
    return runStatement(prepare, statement);
  });
}

export function commit(): void {
  guarded(() => {
    try {
      connection.exec("COMMIT");
    } catch (error) {
      undo();
      throw error;
    }
  });
}

export const rollback = (): void => guarded(undo);

/** True when the log is empty; false while a reader still needs it. */
export function truncate(): boolean {
  return tryTruncate(connection, path);
}

export const close = (): void => void connection?.close();

function undo(): void {
  if (connection.inTransaction) connection.exec("ROLLBACK");
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toStoreError(error, path);
  }
}
