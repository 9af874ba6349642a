import { createHash } from "node:crypto";
import { HttpFailure } from "./protocol.ts";

/** A model that the server has (local) or offers (cloud). */
export interface ServedModel {
  name: string;
  capabilities: string[];
  parameterSize: string;
  /** Bytes. */
  size: number;
  contextLength: number;
  embeddingLength?: number;
  /** Set: the daemon forwards this model to a vendor, as Ollama does with its cloud models and their aliases. */
  remoteHost?: string;
  remoteModel?: string;
}

const modified = "2026-01-05T08:00:00Z";

export const localModels: ServedModel[] = [
  { name: "qwen3:8b", capabilities: ["completion", "tools", "thinking"], parameterSize: "8.2B", size: 5_225_388_164, contextLength: 40_960 },
  { name: "llama3.2:3b", capabilities: ["completion", "tools"], parameterSize: "3.2B", size: 2_019_393_189, contextLength: 131_072 },
  { name: "qwen2.5vl:7b", capabilities: ["completion", "vision"], parameterSize: "8.3B", size: 5_969_245_856, contextLength: 128_000 },
  { name: "bge-m3:latest", capabilities: ["embedding"], parameterSize: "566.70M", size: 1_157_672_605, contextLength: 8192, embeddingLength: 1024 },
];

export const cloudModels: ServedModel[] = [
  { name: "gpt-oss:120b", capabilities: ["completion", "tools", "thinking"], parameterSize: "116.8B", size: 65_290_180_981, contextLength: 131_072 },
  { name: "gpt-oss:20b", capabilities: ["completion", "tools", "thinking"], parameterSize: "20.9B", size: 13_780_162_412, contextLength: 131_072 },
  { name: "qwen3-vl:235b", capabilities: ["completion", "vision", "tools", "thinking"], parameterSize: "235.7B", size: 142_000_000_000, contextLength: 262_144 },
];

/**
 * Finds a model as Ollama does: no tag means `latest`; `:local` insists on weights on this machine, so that a forwarded
 * model is not found under it.
 */
export function findModel(models: ServedModel[], asked: string): ServedModel {
  const local = asked.endsWith(":local");
  const name = local ? asked.slice(0, -":local".length) : asked;
  const full = name.includes(":") ? name : `${name}:latest`;
  const found = models.find((each) => each.name === name || each.name === full);
  if (!found || (local && found.remoteHost)) throw new HttpFailure(404, `model '${asked}' not found`);
  return found;
}

const digest = (name: string): string => createHash("sha256").update(name).digest("hex");

const family = (name: string): string => /^[a-z]+/.exec(name)?.[0] ?? name;

const details = (model: ServedModel) => ({
  parent_model: "", format: "gguf", family: family(model.name), families: [family(model.name)], parameter_size: model.parameterSize, quantization_level: "Q4_K_M",
});

const remote = (model: ServedModel) => (model.remoteHost ? { remote_model: model.remoteModel ?? model.name, remote_host: model.remoteHost } : {});

/** `/api/tags`. */
export const tags = (models: ServedModel[]) => ({
  models: models.map((model) => ({ name: model.name, model: model.name, ...remote(model), modified_at: modified, size: model.size, digest: digest(model.name), details: details(model) })),
});

/** `/api/ps`: a model is resident once it was called. */
export const running = (models: ServedModel[]) => ({
  models: models.map((model) => ({
    name: model.name, model: model.name, size: model.size, digest: digest(model.name), details: details(model),
    expires_at: "2318-01-01T00:00:00Z", size_vram: model.size, context_length: model.contextLength,
  })),
});

/** `/api/show`. */
export const show = (model: ServedModel) => ({
  license: "", modelfile: `FROM ${model.name}`, parameters: "temperature 0", template: "{{ .Prompt }}", details: details(model), ...remote(model),
  model_info: {
    "general.architecture": family(model.name),
    [`${family(model.name)}.context_length`]: model.contextLength,
    ...(model.embeddingLength ? { [`${family(model.name)}.embedding_length`]: model.embeddingLength } : {}),
  },
  capabilities: model.capabilities, modified_at: modified,
});
