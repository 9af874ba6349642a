import { statusFailure } from "../failure.ts";
import type { BackendOptions } from "../options.ts";
import type { OfferedModel } from "./backend.ts";
import { isCloudName } from "./ollama-models.ts";
import { readText, type Transport, type WireReply } from "./transport.ts";

/** A row of `GET /models`, with what vLLM, llama.cpp, LM Studio and the large clouds add to it. */
interface ListedModel {
  id: string;
  type?: string;
  state?: string;
  capabilities?: string[] | Record<string, boolean>;
  max_model_len?: number;
  max_context_length?: number;
  context_length?: number;
  architecture?: { input_modalities?: string[] };
  meta?: { size?: number; n_params?: number; n_ctx_train?: number; n_embd?: number };
}

/** `/v1` belongs to the address; one without a path gets it. */
export const versioned = (url: string): string => (new URL(url).pathname.replace(/\/$/u, "") === "" ? `${url.replace(/\/$/u, "")}/v1` : url);

/** The models of `GET /models`, and whether the server says that it is a gateway, which sends on what it gets. */
export async function listModels(transport: Transport, headers: Record<string, string>, options: BackendOptions, signal: AbortSignal): Promise<{ models: OfferedModel[]; gateway: string | null }> {
  const reply = await transport.send({ method: "GET", path: "/models", headers, signal });
  const text = await readText(reply.body);
  if (reply.status !== 200) throw statusFailure(reply.status, text, reply.headers["retry-after"]);
  const listed = JSON.parse(text) as { data?: ListedModel[] };
  const gateway = gatewayOf(reply);
  const forwards = (name: string) => isCloudName(name) || (gateway !== null && options.trusted === null);
  return { models: (listed.data ?? []).map((model) => ({ ...describe(model), forwards: options.location === "local" && forwards(model.id) })), gateway };
}

/** Headers by which known gateways name themselves. */
function gatewayOf(reply: WireReply): string | null {
  const names = Object.keys(reply.headers);
  if (names.some((name) => name.startsWith("x-litellm-"))) return "LiteLLM";
  if (names.some((name) => name.startsWith("x-portkey-"))) return "Portkey";
  return null;
}

function describe(model: ListedModel): Omit<OfferedModel, "forwards"> {
  return {
    name: model.id,
    size: model.meta?.size ?? 0,
    parameters: model.meta?.n_params ? `${(model.meta.n_params / 1e9).toFixed(1)}B` : null,
    family: null,
    // These servers hold what they list; LM Studio says which.
    resident: model.state === undefined || model.state === "loaded",
    capabilities: capabilitiesOf(model),
    context: model.max_model_len ?? model.max_context_length ?? model.context_length ?? model.meta?.n_ctx_train ?? null,
    dimension: null,
    localSuffix: false,
  };
}

/** In the words of Ollama; empty where the server does not say. */
function capabilitiesOf({ type, capabilities, architecture }: ListedModel): string[] {
  if (type === "embeddings") return ["embedding"];
  const said = Array.isArray(capabilities) ? capabilities : Object.entries(capabilities ?? {}).flatMap(([name, has]) => (has ? [name] : []));
  const sees = type === "vlm" || said.some((each) => /vision|multimodal|image/u.test(each)) || architecture?.input_modalities?.includes("image");
  if (sees) return ["completion", "vision"];
  return type === "llm" || architecture || said.includes("completion") ? ["completion"] : [];
}
