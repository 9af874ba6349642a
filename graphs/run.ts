import { type Account, boundWarnings, type Run } from "../src/steps/work.ts";
import type { IngestState } from "./ingest.state.ts";

/** Gives a node what stands beside the state while it runs: lease, abort signal, progress. */
export type OpenRun = (state: Pick<IngestState, "jobId" | "tenant" | "collection" | "generation">, signal: AbortSignal | undefined) => Run;

/** A step's result as a state update, its account under the node's own name. */
export function accounted<T extends { account: Account }>(node: string, state: Pick<IngestState, "accounts">, result: T): Omit<T, "account"> & { accounts: Record<string, Account> } {
  const { account, ...update } = result;
  return { ...update, accounts: { ...state.accounts, [node]: { ...account, warnings: boundWarnings(account.warnings, node) } } };
}
