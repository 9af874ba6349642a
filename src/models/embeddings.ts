import { SluiceError } from "../errors.ts";
import type { EmbeddingModel } from "../stores/vectors/vector-store.ts";
import type { EmbeddingBackend, OfferedModel } from "./backends/backend.ts";
import { cancelled, Failure } from "./failure.ts";
import type { Limiter } from "./limiter.ts";
import { counted } from "./model-metrics.ts";
import type { Registry } from "./registry.ts";

/** Texts in one request. */
const batchSize = 32;

export interface EmbeddingParts {
  registry: Registry;
  limiters: Map<string, Limiter>;
  answered: (tier: "embedding", backend: string, model: string) => Promise<void>;
}

export interface Embeddings {
  model: EmbeddingModel;
  embed(texts: string[], signal: AbortSignal): Promise<Float32Array[]>;
}

/** Vectors by a local model, whatever the class of the texts: there is no way to a cloud in here. Null without a model. */
export function openEmbeddings(parts: EmbeddingParts): Embeddings | null {
  const places = parts.registry.local().flatMap((entry) => {
    const model = entry.chosen.embedding;
    return model?.dimension && entry.state !== "quarantined" ? [{ id: entry.backend.id, backend: entry.backend as EmbeddingBackend, model }] : [];
  });
  const first = places[0];
  if (!first) return null;
  const model: EmbeddingModel = { name: first.model.name, dimension: first.model.dimension! };
  // Another server may stand in only with the same model: vectors of two models do not compare.
  const same = places.filter((place) => place.model.name === model.name && place.model.dimension === model.dimension);

  async function batch(texts: string[], signal: AbortSignal): Promise<Float32Array[]> {
    const failures: Failure[] = [];
    for (const { id, backend, model: offered } of same.toSorted((a, b) => parts.limiters.get(a.id)!.load() - parts.limiters.get(b.id)!.load())) {
      const release = await parts.limiters.get(id)!.slot("ingest", signal);
      try {
        const vectors = checked(await backend.embed(offered.name, texts, signal), texts.length, model, offered);
        counted.request({ location: "local", backend: id, model: model.name, taskType: "embedding" }, "answered");
        parts.registry.report(id, "up", offered.name);
        return vectors;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        failures.push(error);
        counted.request({ location: "local", backend: id, model: model.name, taskType: "embedding" }, error.kind);
        if (error.kind === "network") parts.registry.report(id, "down");
        if (error.kind === "bad_request") break;
      } finally {
        release();
      }
    }
    throw noVectors(model, failures);
  }

  return {
    model,
    async embed(texts, signal) {
      if (signal.aborted) throw cancelled(signal);
      const batches: string[][] = [];
      for (let at = 0; at < texts.length; at += batchSize) batches.push(texts.slice(at, at + batchSize));
      const vectors = (await Promise.all(batches.map((each) => batch(each, signal)))).flat();
      if (texts.length) await parts.answered("embedding", first.id, model.name);
      return vectors;
    },
  };
}

function noVectors(model: EmbeddingModel, failures: Failure[]): SluiceError {
  const said = failures.map((each) => each.message).join("; ");
  if (failures.at(-1)?.kind === "bad_request") return new SluiceError("model_failed", `the embedding model ${model.name} refused a text, most likely as too long: ${said}`, { cause: failures.at(-1) });
  return new SluiceError("model_unavailable", `no local server made vectors with ${model.name}: ${said}`, { retryable: true, retryAfter: 30, cause: failures.at(-1) });
}

/** As many vectors as texts, of the dimension that was announced, each brought to length 1. */
function checked(raw: number[][], count: number, model: EmbeddingModel, offered: OfferedModel): Float32Array[] {
  if (raw.length !== count) throw new Failure("invalid", `it sent ${raw.length} vectors for ${count} texts`);
  return raw.map((values) => {
    if (values.length !== model.dimension) throw new Failure("invalid", `${offered.name} sent ${values.length} dimensions and announced ${model.dimension}`);
    const length = Math.hypot(...values);
    if (!Number.isFinite(length) || length === 0) throw new Failure("invalid", `${offered.name} sent a vector without a direction`);
    return Float32Array.from(values, (value) => value / length);
  });
}
