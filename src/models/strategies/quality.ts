import type { Task } from "../../data/decision.ts";
import type { Verdict } from "../facts.ts";

/** Cloud wherever quality is asked for or the task is hard. */
export function quality(task: Task): Verdict {
  if (task.quality === "high") return { location: "cloud", reason: "high_quality_required", confidence: 0.95, rule: "quality.quality" };
  if (task.complexity === "high") return { location: "cloud", reason: "high_complexity", confidence: 0.85, rule: "quality.complexity" };
  return { location: "local", reason: "default_local", confidence: 0.7, rule: "quality.default" };
}
