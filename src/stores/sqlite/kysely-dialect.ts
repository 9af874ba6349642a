import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type CompiledQuery, type DatabaseConnection, type Dialect, type Driver, type QueryResult, type TransactionSettings } from "kysely";
import type { SqlValue } from "./database.ts";
import type { StatementResult } from "./run-statement.ts";
import type { Transaction, Writer } from "./writer.ts";

export interface DialectParts {
  writer: Writer;
  /** Rows, or null when the statement writes and so belongs to the writer. */
  tryRead(sql: string, parameters: readonly unknown[]): unknown[] | null;
}

/** Reads run on the read-only connection, single writes as plans, transactions alone in the writer thread. */
export function kyselyDialect(parts: DialectParts): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createDriver: () => new WriterDriver(parts),
  };
}

class WriterDriver implements Driver {
  readonly #parts: DialectParts;

  constructor(parts: DialectParts) {
    this.#parts = parts;
  }

  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    return new WriterConnection(this.#parts);
  }
  async beginTransaction(connection: DatabaseConnection, _settings: TransactionSettings): Promise<void> {
    (connection as WriterConnection).transaction = await this.#parts.writer.begin();
  }
  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as WriterConnection).endTransaction()!.commit();
  }
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as WriterConnection).endTransaction()?.rollback();
  }
  async releaseConnection(): Promise<void> {}
  /** The database outlives its dialects: whoever opened it closes it. */
  async destroy(): Promise<void> {}
}

class WriterConnection implements DatabaseConnection {
  transaction: Transaction | null = null;
  readonly #parts: DialectParts;

  constructor(parts: DialectParts) {
    this.#parts = parts;
  }

  /** Null after a commit that failed: the writer undid it already. */
  endTransaction(): Transaction | null {
    const ending = this.transaction;
    this.transaction = null;
    return ending;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const statement = { sql, rows: [[...parameters] as SqlValue[]] };
    if (this.transaction) return toResult<R>(await this.transaction.execute(statement));
    const rows = this.#parts.tryRead(sql, parameters);
    if (rows) return { rows: rows as R[] };
    return toResult<R>((await this.#parts.writer.run([statement], "ledger"))[0]!);
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }
}

function toResult<R>({ rows, changes }: StatementResult): QueryResult<R> {
  return { rows: (rows ?? []) as R[], numAffectedRows: BigInt(changes) };
}
