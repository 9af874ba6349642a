export interface QueueItem {
  jobId: string;
  documentId: string;
  /** Lower goes first; equal ones in the order they came. */
  priority: number;
}

/**
 * Wakes workers for accepted jobs, one at a time for each document. It holds nothing that cannot be lost: the ledger is
 * the truth of what was accepted, and `jobs/` adds what is due again and again.
 */
export interface Queue {
  add(item: QueueItem): Promise<void>;
  /** The next item whose document nobody works on; waits until there is one. Rejects with AbortError. */
  take(signal: AbortSignal): Promise<QueueItem>;
  /** `item` as `take` gave it: its document is free for its next job. */
  done(item: QueueItem): Promise<void>;
  remove(jobId: string): Promise<void>;
  depth(): Promise<number>;
  close(): Promise<void>;
}
