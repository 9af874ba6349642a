import { siblingModule } from "../workers/package-root.ts";
import { openThreadPool } from "../workers/thread-pool.ts";
import type { TextWork } from "./text-work.ts";

/** `deadline` in ms for one document's text. */
export function openTextWork(options: { size: number; deadline: number }): TextWork {
  const pool = openThreadPool({ module: siblingModule(import.meta.url, "text-work-thread"), ...options });
  return {
    chunk: (argument) => pool.call("chunk", argument),
    candidates: (argument) => pool.call("candidates", argument),
    relations: (argument) => pool.call("relations", argument),
    answer: (argument) => pool.call("answer", argument),
    warm: () => pool.warm(),
    close: () => pool.close(),
  };
}
