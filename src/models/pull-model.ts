import { SluiceError } from "../errors.ts";
import { isCloudName } from "./backends/ollama-models.ts";
import { Failure } from "./failure.ts";
import type { Registry } from "./registry.ts";

/** How far a download is; bytes are of the layer that is on its way, and null where none is. */
export interface PullProgress {
  status: string;
  completed: number | null;
  total: number | null;
}

export interface Pulling {
  /** Backend to pull to; else the first local one that can. */
  backend?: string;
  onProgress: (progress: PullProgress) => void;
  signal: AbortSignal;
}

/** Has a local server fetch a model, and looks at what came. Throws `invalid_input`, `model_unavailable`, `cancelled`. */
export async function pullModel(name: string, { backend, onProgress, signal }: Pulling, registry: Registry): Promise<{ backend: string; model: string }> {
  if (isCloudName(name)) throw new SluiceError("invalid_input", `${name} is a model that the server forwards to its vendor; it is not pulled`);
  const entry = registry.local().find((each) => each.backend.pull && (backend === undefined || each.backend.id === backend));
  if (!entry) throw new SluiceError("invalid_input", backend === undefined ? "no local backend can fetch models; only those with driver: ollama do" : `the backend "${backend}" is no enabled local one with driver: ollama`);
  try {
    await entry.backend.pull!(name, onProgress, signal);
  } catch (error) {
    if (signal.aborted) throw new SluiceError("cancelled", `pulling ${name} was cancelled; what came is kept by the server`);
    if (!(error instanceof Failure)) throw error;
    const said = error.cause instanceof Error ? `: ${error.cause.message}` : "";
    throw new SluiceError("model_unavailable", `the backend "${entry.backend.id}" could not pull ${name} (${error.message}${said})`, { retryable: true, cause: error });
  }
  await registry.refresh();
  const came = entry.offered.find((model) => model.name === name || model.name === `${name}:latest`);
  if (came?.forwards) throw new SluiceError("invalid_input", `${name} came as a model that is forwarded to another host; it is not used`);
  return { backend: entry.backend.id, model: came?.name ?? name };
}
