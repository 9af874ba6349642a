import { SluiceError } from "../../errors.ts";
import { siblingModule } from "../../workers/package-root.ts";
import { fromPlainError } from "../../workers/plain-error.ts";
import { startThread, type Thread } from "../../workers/thread.ts";
import type { Plan, Statement } from "./database.ts";
import type { StatementResult } from "./run-statement.ts";
import { truncateLog } from "./truncate-log.ts";
import type { Outcome, WriterData } from "./writer-thread.ts";

export type Priority = "ledger" | "document";

/** Statements that see and change the file as one, with the writer to themselves. */
export interface Transaction {
  execute(statement: Statement): Promise<StatementResult>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

export interface Writer {
  run(plan: Plan, priority: Priority): Promise<StatementResult[]>;
  begin(): Promise<Transaction>;
  truncate(): Promise<void>;
  close(): Promise<void>;
}

interface Turn {
  take(): void;
  refuse(error: SluiceError): void;
}

/** The only writing connection, in a thread of its own; work waits here, so that a ledger write passes waiting documents. */
export async function openWriter(data: WriterData, options: { transactionLimit: number }): Promise<Writer> {
  const waiting: Record<Priority, Turn[]> = { ledger: [], document: [] };
  let busy = false;
  let closed = false;
  let thread: Thread | null = null;
  /** Plans for the ledger that wait for the same turn. */
  let group: { plans: Plan[]; done: Promise<Outcome[]> } | null = null;

  async function call<T>(name: string, argument?: unknown): Promise<T> {
    return (await (await live()).call(name, argument, Infinity)) as T;
  }

  /** A thread that crashed is replaced; what it had not committed is gone, as its caller was told. */
  async function live(): Promise<Thread> {
    if (thread?.alive()) return thread;
    const started = startThread({ module: siblingModule(import.meta.url, "writer-thread"), workerData: data });
    try {
      await started.call("open", undefined, Infinity);
    } catch (error) {
      await started.close();
      throw error;
    }
    return (thread = started);
  }

  function takeTurn(priority: Priority): Promise<void> {
    if (closed) return Promise.reject(shut(data.path));
    if (busy) return new Promise((take, refuse) => waiting[priority].push({ take, refuse }));
    busy = true;
    return Promise.resolve();
  }

  function passTurn(): void {
    const next = waiting.ledger.shift() ?? waiting.document.shift();
    if (next) next.take();
    else busy = false;
  }

  async function inTurn<T>(priority: Priority, work: () => Promise<T>): Promise<T> {
    await takeTurn(priority);
    try {
      return await work();
    } finally {
      passTurn();
    }
  }

  /** What waits together is committed together; nothing passes a transaction that came before it. */
  async function runForLedger(plan: Plan): Promise<StatementResult[]> {
    if (!busy) return inTurn("ledger", () => call<StatementResult[]>("run", plan));
    group ??= gather();
    const place = group.plans.push(plan) - 1;
    const outcome = (await group.done)[place]!;
    if ("error" in outcome) throw fromPlainError(outcome.error, { code: "internal", message: `[sqlite] ${data.path}: a plan failed in the writer` });
    return outcome.results;
  }

  function gather(): { plans: Plan[]; done: Promise<Outcome[]> } {
    const plans: Plan[] = [];
    const done = inTurn("ledger", () => {
      if (group?.plans === plans) group = null;
      return call<Outcome[]>("runAll", plans);
    });
    return { plans, done };
  }

  async function begin(): Promise<Transaction> {
    group = null;
    await takeTurn("ledger");
    try {
      return transaction(await live());
    } catch (error) {
      passTurn();
      throw error;
    }
  }

  /** It begins with its first statement, in one message. */
  function transaction(owner: Thread): Transaction {
    let begun = false;
    let last: Promise<unknown> = Promise.resolve();
    let ended: SluiceError | null = null;
    const limit = setTimeout(() => void end("rollback", late(options.transactionLimit)).catch(() => {}), options.transactionLimit);

    // One call at a time: a time limit that fires during a statement waits for its end.
    function inOrder<T>(work: () => Promise<T>): Promise<T> {
      const next = last.then(work, work);
      last = next.catch(() => {});
      return next;
    }

    function end(name: "commit" | "rollback", reason: SluiceError): Promise<void> {
      return inOrder(async () => {
        if (ended) throw ended;
        ended = reason;
        clearTimeout(limit);
        try {
          if (!begun) return;
          if (owner.alive()) await owner.call(name, undefined, Infinity);
          else if (name === "commit") throw lost(data.path);
        } finally {
          passTurn();
        }
      });
    }

    return {
      execute: (statement) =>
        inOrder(async () => {
          if (ended) throw ended;
          if (!owner.alive()) throw lost(data.path);
          const name = begun ? "execute" : "beginWith";
          begun = true;
          return (await owner.call(name, statement, Infinity)) as StatementResult;
        }),
      commit: () => end("commit", over),
      // What cannot be undone explicitly was undone already: by the time limit, or with its thread.
      rollback: () => end("rollback", over).catch(() => {}),
    };
  }

  await inTurn("ledger", live);

  return {
    run: (plan, priority) => (priority === "ledger" ? runForLedger(plan) : inTurn(priority, () => call<StatementResult[]>("run", plan))),
    begin,
    truncate: () => truncateLog(data.path, () => inTurn("ledger", () => call<boolean>("truncate"))),
    async close() {
      if (closed) return;
      await takeTurn("document");
      closed = true;
      for (const turn of [...waiting.ledger.splice(0), ...waiting.document.splice(0)]) turn.refuse(shut(data.path));
      await thread?.close();
    },
  };
}

const shut = (path: string): SluiceError => new SluiceError("store", `[sqlite] ${path}: the database is closed`);
const over = new SluiceError("internal", "[sqlite] the transaction is over; begin another");
const late = (limit: number): SluiceError => new SluiceError("timeout", `[sqlite] a transaction was undone after ${limit} ms, so that it cannot hold the writer`);
const lost = (path: string): SluiceError => new SluiceError("store", `[sqlite] ${path}: the writer ended inside the transaction; nothing of it was kept`, { retryable: true });
