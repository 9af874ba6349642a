import type { Location, TaskType } from "../data/decision.ts";

const kept = 200;

/** The last latencies per location and task type, in ms. */
export class LatencyHistory {
  readonly #samples = new Map<string, number[]>();

  add(location: Location, taskType: TaskType, ms: number): void {
    const key = `${location} ${taskType}`;
    const samples = this.#samples.get(key) ?? [];
    samples.push(ms);
    if (samples.length > kept) samples.shift();
    this.#samples.set(key, samples);
  }

  /** Null without history. */
  p95(location: Location, taskType: TaskType): number | null {
    const samples = this.#samples.get(`${location} ${taskType}`);
    if (!samples?.length) return null;
    return samples.toSorted((a, b) => a - b)[Math.min(samples.length - 1, Math.ceil(samples.length * 0.95) - 1)]!;
  }
}
