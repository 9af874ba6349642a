import { ClearedRequest } from "../../privacy/cleared-request.ts";
import { Failure } from "../failure.ts";
import type { BackendOptions } from "../options.ts";
import { Secret } from "../secret.ts";
import { withSchema } from "../structured.ts";
import type { Backend, BackendCall, Piece } from "./backend.ts";
import { clearChat } from "./clear-chat.ts";
import { describeModel, readJson, type Tag } from "./ollama-models.ts";
import { streamOllama, textsOf, type Body } from "./ollama-wire.ts";
import { openTransport, type WireReply } from "./transport.ts";

/** Clears a request that holds no document: the name of a model whose abilities are asked. */
export type ClearPlain = (body: string, texts: string[]) => Promise<ClearedRequest>;

/** A cloud. What it sends with a body is a `ClearedRequest`, of which only the bytes leave; the key is known here alone. */
export function openOllamaCloud(options: BackendOptions, clearPlain: ClearPlain): Backend {
  const transport = openTransport({ url: options.url, privateOnly: false });
  const headers = () => ({ authorization: `Bearer ${options.apiKey ? Secret.reveal(options.apiKey) : ""}` });
  const shown = new Map<string, object>();

  function post(path: string, cleared: ClearedRequest, signal: AbortSignal): Promise<WireReply> {
    return transport.send({ method: "POST", path, body: ClearedRequest.bytes(cleared), headers: headers(), signal });
  }

  async function show(tag: Tag, signal: AbortSignal): Promise<object | null> {
    const before = shown.get(tag.name);
    if (before) return before;
    try {
      const cleared = await clearPlain(JSON.stringify({ model: tag.name }), [tag.name]);
      const answer = await readJson<object>(await post("/api/show", cleared, signal));
      shown.set(tag.name, answer);
      return answer;
    } catch (error) {
      if (error instanceof Failure || (error as { code?: string }).code === "privacy_blocked") return null; // its abilities stay unknown
      throw error;
    }
  }

  return {
    id: options.id,
    options,
    async *chat(call: BackendCall): AsyncGenerator<Piece> {
      const clear = clearChat(call, textsOf);
      const send = async (body: Body) => post("/api/chat", await clear(body), call.signal);
      // This cloud ignores `format` without a word: the form stands in the prompt, and the answer is checked.
      const asked = typeof call.format === "object" && call.format !== null ? { ...call, messages: withSchema(call.messages, call.format) } : call;
      yield* streamOllama(asked, call.model, null, send, {});
    },
    /** Abilities are asked only of the models that may be used: `wanted` names those that have a price. */
    async discover(signal) {
      const { models = [] } = await readJson<{ models?: Tag[] }>(await transport.send({ method: "GET", path: "/api/tags", headers: headers(), signal }));
      return Promise.all(models.map(async (tag) => describeModel(tag, await show(tag, signal), false)));
    },
    note: () => "",
    close: () => transport.close(),
  };
}
