import { setTimeout as sleep } from "node:timers/promises";
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { Client } from "@langchain/langgraph-sdk";
import { IngestState } from "../../graphs/ingest.state.ts";
import { isAbort, SluiceError } from "../errors.ts";
import type { RunResult } from "../jobs/perform.ts";
import type { JobRow, Ledger } from "../stores/ledger/ledger.ts";
import { initialState } from "./start-run.ts";

/** Runs ingest jobs as runs of LangGraph's dev server, on thread = job id, so that they can be looked at there. */
export interface DevServerRuns {
  start(job: JobRow, signal: AbortSignal, documents: Ledger["documents"]): Promise<RunResult>;
  /** Takes a job's thread off the server, with its runs and states. */
  forget(jobId: string): Promise<void>;
  /** Bound to the graph: the server tells a failed run's message only, this keeps the error itself, with its code. */
  failures: BaseCallbackHandler;
}

export function openDevServerRuns(client: Client): DevServerRuns {
  const failures = new Failures();
  return {
    failures,
    async start(job, signal, documents) {
      // A run that the server was stopped in is never ended by it, and keeps its thread busy.
      const before = await client.runs.list(job.id).catch(absent);
      if (before?.some((each) => each.status === "pending" || each.status === "running")) await forget(job.id);
      await client.threads.create({ threadId: job.id, graphId: "ingest", ifExists: "do_nothing" });
      const run = await client.runs.create(job.id, "ingest", { input: await initialState(job, documents) });
      const status = await ended(client, job.id, run.run_id, signal);
      const failure = failures.take(run.run_id);
      if (status !== "success") throw failure ?? new SluiceError("internal", `run ${run.run_id} of job ${job.id} ended as ${status}; the dev server's output says where`);
      const state = await client.threads.getState(job.id);
      return IngestState.parse(state.values);
    },
    forget,
  };

  async function forget(jobId: string): Promise<void> {
    await client.threads.delete(jobId).catch(absent);
  }
}

class Failures extends BaseCallbackHandler {
  override name = "sluice_failures";
  readonly #errors = new Map<string, Error>();

  override handleChainError(error: Error, runId: string, parentRunId?: string): void {
    if (parentRunId === undefined) this.#errors.set(runId, error);
  }

  take(runId: string): Error | undefined {
    const error = this.#errors.get(runId);
    this.#errors.delete(runId);
    return error;
  }
}

/** How the run ended. A job that is stopped stops its run, and waits until it has. */
async function ended(client: Client, threadId: string, runId: string, signal: AbortSignal): Promise<string> {
  for (;;) {
    if (signal.aborted) await client.runs.cancel(threadId, runId, true).catch(absent);
    signal.throwIfAborted();
    // The answer comes when the run is over, or breaks off when that takes longer than a connection holds.
    await client.runs.join(threadId, runId, { signal }).catch((error: unknown) => (isAbort(error) ? undefined : sleep(500)));
    if (signal.aborted) continue;
    const { status } = await client.runs.get(threadId, runId);
    if (status !== "pending" && status !== "running") return status;
    await sleep(100);
  }
}

/** What is not there needs no stopping and no removing. */
function absent(error: unknown): null {
  if (error instanceof Error && "status" in error && error.status === 404) return null;
  throw error;
}
