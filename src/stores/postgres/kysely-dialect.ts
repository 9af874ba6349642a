import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, type CompiledQuery, type DatabaseConnection, type Dialect, type Driver, type QueryResult } from "kysely";
import type { PostgresConnection, PostgresPool } from "./open-pool.ts";
import { toPostgresError } from "./postgres-error.ts";

/**
 * Kysely on the pool. Transactions run at READ COMMITTED: each statement sees what was committed before it, and what has
 * to happen one after the other takes a lock first. Every error says whether the work can have been kept.
 */
export function postgresDialect(pool: PostgresPool): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (database) => new PostgresIntrospector(database),
    createDriver: () => new PoolDriver(pool),
  };
}

class PoolDriver implements Driver {
  readonly #pool: PostgresPool;

  constructor(pool: PostgresPool) {
    this.#pool = pool;
  }

  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    try {
      return new PoolConnection(await this.#pool.connect(), this.#pool);
    } catch (error) {
      throw toPostgresError(error, this.#pool.place, "no");
    }
  }
  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as PoolConnection).control("begin");
  }
  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as PoolConnection).control("commit");
  }
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as PoolConnection).control("rollback");
  }
  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    (connection as PoolConnection).release();
  }
  /** The pool outlives its dialects: whoever opened it closes it. */
  async destroy(): Promise<void> {}
}

class PoolConnection implements DatabaseConnection {
  readonly #connection: PostgresConnection;
  readonly #pool: PostgresPool;
  #inTransaction = false;

  constructor(connection: PostgresConnection, pool: PostgresPool) {
    this.#connection = connection;
    this.#pool = pool;
  }

  async control(command: "begin" | "commit" | "rollback"): Promise<void> {
    this.#inTransaction = command === "begin";
    const { command: answer } = await this.#send(command, [], command === "commit" ? "unknown" : "no").catch((error: unknown) => {
      // A connection that is gone has undone its transaction.
      if (command === "rollback") return { command };
      throw error;
    });
    // A transaction that failed earlier answers ROLLBACK to COMMIT.
    if (command === "commit" && answer !== "COMMIT") throw toPostgresError({ code: "40001" }, this.#pool.place, "no");
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const reads = /^\s*select\b/i.test(sql);
    const { rows, rowCount } = await this.#send(sql, parameters, this.#inTransaction || reads ? "no" : "unknown");
    return { rows: rows as R[], numAffectedRows: BigInt(rowCount ?? 0) };
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }

  release(): void {
    this.#connection.release();
  }

  async #send(text: string, values: readonly unknown[], kept: "no" | "unknown") {
    try {
      return await this.#connection.query(text, [...values]);
    } catch (error) {
      throw toPostgresError(error, this.#pool.place, kept);
    }
  }
}
