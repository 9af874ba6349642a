import type { BackendOptions } from "../options.ts";
import type { Backend, EmbeddingBackend } from "./backend.ts";
import { openOllamaCloud, type ClearPlain } from "./ollama-cloud.ts";
import { openOllamaLocal } from "./ollama-local.ts";
import { openOpenAiCloud } from "./openai-cloud.ts";
import { openOpenAiLocal } from "./openai-local.ts";

/** `quarantine` is called with the model that a server called local would forward, and whether it did. */
export const openLocal = (options: BackendOptions, quarantine: (model: string, forwarded: boolean) => void): EmbeddingBackend =>
  options.driver === "openai" ? openOpenAiLocal(options) : openOllamaLocal(options, quarantine);

export const openCloud = (options: BackendOptions, clearPlain: ClearPlain): Backend => (options.driver === "openai" ? openOpenAiCloud(options) : openOllamaCloud(options, clearPlain));
