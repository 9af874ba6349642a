import { EventEmitter } from "node:events";

export const wakeUpKinds = ["changed", "cancelled"] as const;
export type WakeUpKind = (typeof wakeUpKinds)[number];

/**
 * Tells every process at once what it would see at its next look into the ledger: that a job has changed, or is to stop.
 * A message may be lost, come twice or be untrue: who hears it looks into the ledger before acting.
 */
export interface WakeUps {
  say(kind: WakeUpKind, jobId: string): void;
  on(kind: WakeUpKind, listener: (jobId: string) => void): void;
  close(): Promise<void>;
}

/** Within this process. */
export function openWakeUps(): WakeUps {
  const listeners = new EventEmitter();
  return {
    say: (kind, jobId) => void listeners.emit(kind, jobId),
    on: (kind, listener) => void listeners.on(kind, listener),
    close: async () => void listeners.removeAllListeners(),
  };
}
