import type { Task } from "../../data/decision.ts";
import type { Facts, Verdict } from "../facts.ts";

/** The default: local, unless the task gains from a cloud. The first rule that holds decides. */
export function hybrid(task: Task, { thresholds, gpuLoad }: Facts): Verdict {
  if (task.latencyMs !== null && task.latencyMs < thresholds.lowLatencyMs) return { location: "local", reason: "low_latency_required", confidence: 0.9, rule: "hybrid.latency" };
  if (task.modelSizeGb !== null && task.modelSizeGb > thresholds.modelSizeGb) return { location: "cloud", reason: "model_size", confidence: 0.95, rule: "hybrid.model_size" };
  if (task.taskType === "extraction" && (task.quality === "high" || task.complexity === "high")) {
    return { location: "cloud", reason: "high_quality_extraction", confidence: 0.95, rule: "hybrid.extraction" };
  }
  if (task.batchSize > thresholds.batch) return { location: "cloud", reason: "batch", confidence: 0.85, rule: "hybrid.batch" };
  if (gpuLoad !== null && gpuLoad > thresholds.gpuBusy) return { location: "cloud", reason: "local_gpu_busy", confidence: 0.85, rule: "hybrid.gpu" };
  return { location: "local", reason: "default_local", confidence: 0.7, rule: "hybrid.default" };
}
