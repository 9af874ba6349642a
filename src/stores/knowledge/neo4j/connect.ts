import type { ManagedTransaction, Session } from "neo4j-driver";
import { SluiceError } from "../../../errors.ts";
import { silentLog, type Log } from "../../../telemetry.ts";
import { toGraphError, unreachable } from "./graph-error.ts";
import type { Neo4jOptions } from "./options.ts";
import { watchSockets } from "./own-sockets.ts";

/** One query; its rows as objects by the names it returns. Whole numbers arrive as INTEGER. */
export type Run = <Row extends object>(text: string, parameters?: object) => Promise<Row[]>;

export interface Graph {
  /** All of it in one transaction, sent again when the server says that may help. `work` must bear being run twice. */
  read<T>(work: (run: Run) => Promise<T>): Promise<T>;
  write<T>(work: (run: Run) => Promise<T>): Promise<T>;
  /** Outside a managed transaction, once: statements on the schema. */
  once: Run;
  engine(): Promise<{ name: string; version: string }>;
  close(): Promise<void>;
}

const startMs = 8_000;
/** ms a server has to say goodbye. */
const closeMs = 2_000;

/** The driver is loaded here, so that an embedded installation never does. Fails within 10 s when the server does not answer. */
export async function connect(options: Neo4jOptions, log: Log = silentLog): Promise<Graph> {
  const { default: neo4j } = await import("neo4j-driver");
  const { timeoutMs } = options;
  const driver = neo4j.driver(options.url, neo4j.auth.basic(options.user, options.password), {
    maxConnectionPoolSize: options.poolSize,
    connectionTimeout: Math.min(timeoutMs, 5_000),
    connectionAcquisitionTimeout: timeoutMs,
    maxTransactionRetryTime: timeoutMs,
    // Every number here is far below 2^53; above it the driver would lose digits without a word.
    disableLosslessIntegers: true,
    fetchSize: -1,
    telemetryDisabled: true,
  });
  // Later than the driver's own limits, since a connection that was made may wait for a busy server.
  const sockets = watchSockets(Math.min(timeoutMs, startMs));
  const bookmarkManager = neo4j.bookmarkManager();
  const open = (): Session => driver.session({ ...(options.database ? { database: options.database } : {}), bookmarkManager });
  const transaction = { timeout: neo4j.int(timeoutMs) };

  function parameter(value: unknown): unknown {
    if (typeof value === "number") return Number.isInteger(value) ? neo4j.int(value) : value;
    // A list in a property is of one kind of number.
    if (Array.isArray(value)) return value.some((each) => typeof each === "number" && !Number.isInteger(each)) ? value : value.map(parameter);
    if (value !== null && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, parameter(each)]));
    return value;
  }

  const runner = (target: Pick<ManagedTransaction, "run">): Run => async <Row extends object>(text: string, parameters: object = {}) => {
    const { records } = await target.run(text, parameter(parameters) as Record<string, unknown>);
    return records.map((record) => record.toObject() as Row);
  };

  /** A server that neither answers nor hangs up must not hold a job for ever. What was given up is not committed later. */
  async function within<T>(ms: number, work: (session: Session, expired: () => boolean) => Promise<T>): Promise<T> {
    const session = open();
    let late = false;
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_, refuse) => {
      timer = setTimeout(() => {
        late = true;
        refuse(unreachable());
      }, ms);
    });
    const result = sockets.within(() => work(session, () => late));
    try {
      return await Promise.race([result, deadline]);
    } catch (error) {
      throw toGraphError(error);
    } finally {
      clearTimeout(timer);
      result.catch(() => undefined);
      // Closing waits for the server's answer, which may never come.
      void session.close().catch(() => undefined);
    }
  }

  const managed = <T>(mode: "executeRead" | "executeWrite", work: (run: Run) => Promise<T>): Promise<T> => {
    let attempt = 0;
    return within(timeoutMs, (session, expired) =>
      session[mode](async (tx) => {
        if (expired()) throw unreachable();
        // A deadlock or a lost connection; many of them are worth a look.
        if (++attempt > 1) log.info({ store: "neo4j", attempt }, "transaction sent again");
        const result = await work(runner(tx));
        if (expired()) throw unreachable();
        return result;
      }, transaction),
    );
  };

  async function close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => (timer = setTimeout(resolve, closeMs)));
    await Promise.race([driver.close().catch(() => undefined), enough]);
    clearTimeout(timer);
    sockets.destroy();
  }

  const engine = async (ms: number): Promise<{ name: string; version: string }> => {
    const agent = await within(ms, async (session) => (await session.run("RETURN 1")).summary.server.agent ?? "");
    return { name: "Neo4j", version: agent.split("/")[1] ?? "unknown" };
  };

  try {
    await engine(Math.min(startMs, timeoutMs));
  } catch (error) {
    void close();
    throw error;
  }
  return {
    read: (work) => managed("executeRead", work),
    write: (work) => managed("executeWrite", work),
    once: (text, parameters) => within(timeoutMs, (session) => runner(session)(text, parameters)),
    engine: () => engine(timeoutMs),
    close,
  };
}

/** Cypher: nobody else writes to the node until this transaction ends, and what is read of it afterwards is the latest. Only a change locks: taking away what is not there does not. */
export const locked = (node: string): string => `SET ${node}.lock = true REMOVE ${node}.lock`;

export const noSuchRow = (what: string): SluiceError => new SluiceError("store", `[neo4j] ${what}`, { retryable: true });
