import type { RunnableConfig } from "@langchain/core/runnables";
import { SluiceError } from "../errors.ts";
import type { Ledger, JobRow } from "../stores/ledger/ledger.ts";
import { IngestState } from "../../graphs/ingest.state.ts";
import type { buildIngestGraph } from "../../graphs/ingest.ts";
import type { RunResult } from "../jobs/perform.ts";
import { workDocument } from "../steps/parse.ts";

type IngestGraph = ReturnType<typeof buildIngestGraph>;

/** What a job's thread begins with. */
export async function initialState(job: JobRow, documents: Ledger["documents"]): Promise<IngestState> {
  const row = await documents.row(job.documentId);
  if (!row) throw new SluiceError("not_found", `document ${job.documentId} was erased`);
  return { jobId: job.id, tenant: job.tenant, collection: job.collection, generation: job.generation, documents: [workDocument(row, null)], accounts: {}, round: 0, news: false, stored: false };
}

/** Invokes the graph on thread = job id from where it stopped: at the start, at the node that was interrupted, or not at all. */
export function localRuns(graph: IngestGraph, documents: Ledger["documents"], deleteThread: (threadId: string) => Promise<void>) {
  return async (job: JobRow, signal: AbortSignal): Promise<RunResult> => {
    const config: RunnableConfig = { configurable: { thread_id: job.id }, signal, recursionLimit: 60 };
    const snapshot = await graph.getState(config);
    const known = IngestState.safeParse(snapshot.values);
    const started = Object.keys(snapshot.values ?? {}).length > 0;
    if (known.success && known.data.stored) return known.data;
    // A thread of an older shape restarts; what its steps left as artifacts is found again. Whether there is a next node says
    // nothing: there is none either while a node's writes are saved and their checkpoint is not.
    const resumable = known.success;
    if (started && !resumable) await deleteThread(job.id);
    const result = await graph.invoke(resumable ? null : await initialState(job, documents), { ...config, durability: "sync" });
    return IngestState.parse(result);
  };
}
