import { startDeadline } from "../deadline.ts";
import { Failure, statusFailure, toFailure } from "../failure.ts";
import type { BackendOptions } from "../options.ts";
import { isEmbedding } from "../pick-model.ts";
import { Secret } from "../secret.ts";
import type { BackendCall, EmbeddingBackend, OfferedModel, Piece } from "./backend.ts";
import { listModels, versioned } from "./openai-models.ts";
import { openAiBody, streamOpenAi, type OpenAiBody } from "./openai-wire.ts";
import { openTransport, readText } from "./transport.ts";

/**
 * A server of the operator's own that speaks OpenAI's protocol: vLLM, llama.cpp, LM Studio. The protocol has no word by
 * which a server could say that it forwards, so one that is known to (Ollama, whose own driver can ask it; a gateway) has
 * all its models marked as forwarding, and the address is checked at every connection.
 */
export function openOpenAiLocal(options: BackendOptions): EmbeddingBackend {
  const base = versioned(options.url);
  const place = { privateOnly: options.trusted === null };
  const transport = openTransport({ url: base, ...place });
  const root = openTransport({ url: new URL("/", base).href, ...place });
  const headers = (): Record<string, string> => (options.apiKey ? { authorization: `Bearer ${Secret.reveal(options.apiKey)}` } : {});
  const dimensions = new Map<string, number>();
  let note = "";

  async function isOllama(signal: AbortSignal): Promise<boolean> {
    const reply = await root.send({ method: "GET", path: "/api/version", headers: headers(), signal });
    const text = await readText(reply.body);
    return reply.status === 200 && /^\s*\{\s*"version"\s*:/u.test(text);
  }

  async function embed(model: string, texts: string[], signal: AbortSignal): Promise<number[][]> {
    const deadline = startDeadline(options.timeoutMs, signal);
    try {
      const reply = await transport.send({ method: "POST", path: "/embeddings", body: JSON.stringify({ model, input: texts, encoding_format: "float" }), headers: headers(), signal: deadline.either });
      const text = await readText(reply.body, 1024 * 1024 * 1024);
      if (reply.status !== 200) throw statusFailure(reply.status, text, reply.headers["retry-after"]);
      const { data = [] } = JSON.parse(text) as { data?: { index?: number; embedding: number[] }[] };
      return data.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0)).map((each) => each.embedding);
    } catch (error) {
      throw toFailure(error, signal, deadline.signal);
    } finally {
      deadline.end();
    }
  }

  /** The list does not say how long a model's vectors are: one is made. */
  async function measured(model: OfferedModel, signal: AbortSignal): Promise<OfferedModel> {
    if (!isEmbedding(model) && options.models.embedding !== model.name) return model;
    if (!dimensions.has(model.name)) {
      const [vector] = await embed(model.name, ["length"], signal).catch(() => []);
      if (vector?.length) dimensions.set(model.name, vector.length);
    }
    return { ...model, capabilities: ["embedding"], dimension: dimensions.get(model.name) ?? null };
  }

  return {
    id: options.id,
    options,
    async *chat(call: BackendCall): AsyncGenerator<Piece> {
      const send = (body: OpenAiBody) => transport.send({ method: "POST", path: "/chat/completions", body: JSON.stringify(body), headers: { ...headers(), accept: "text/event-stream" }, signal: call.signal });
      yield* streamOpenAi(openAiBody(call, options), send);
    },
    async discover(signal) {
      const { models, gateway } = await listModels(transport, headers(), options, signal);
      const ollama = await isOllama(signal);
      if (ollama) note = "it is an Ollama server, which may forward: use driver: ollama; none of its models are used";
      else if (gateway && options.trusted === null) note = `it is a gateway (${gateway}), which forwards: set location: cloud, or trusted: <reason>; none of its models are used`;
      else note = "";
      const offered = models.map((model) => (ollama ? { ...model, forwards: true } : model));
      return Promise.all(offered.map((model) => (model.forwards ? model : measured(model, signal))));
    },
    note: () => note,
    embed(model, texts, signal) {
      if (note) throw new Failure("forwarded", note, { sent: false });
      return embed(model, texts, signal);
    },
    close() {
      transport.close();
      root.close();
    },
  };
}
