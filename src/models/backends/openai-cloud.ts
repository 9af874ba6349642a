import { ClearedRequest } from "../../privacy/cleared-request.ts";
import type { BackendOptions } from "../options.ts";
import { Secret } from "../secret.ts";
import type { Backend, BackendCall, Piece } from "./backend.ts";
import { clearChat } from "./clear-chat.ts";
import { textsOfOpenAi } from "./openai-messages.ts";
import { listModels, versioned } from "./openai-models.ts";
import { openAiBody, streamOpenAi, type OpenAiBody } from "./openai-wire.ts";
import { openTransport } from "./transport.ts";

/** A cloud that speaks OpenAI's protocol. What it sends with a body is a `ClearedRequest`, of which only the bytes leave. */
export function openOpenAiCloud(options: BackendOptions): Backend {
  const transport = openTransport({ url: versioned(options.url), privateOnly: false });
  const headers = () => ({ authorization: `Bearer ${options.apiKey ? Secret.reveal(options.apiKey) : ""}` });

  return {
    id: options.id,
    options,
    async *chat(call: BackendCall): AsyncGenerator<Piece> {
      const clear = clearChat(call, textsOfOpenAi);
      const send = async (body: OpenAiBody) =>
        transport.send({ method: "POST", path: "/chat/completions", body: ClearedRequest.bytes(await clear(body)), headers: { ...headers(), accept: "text/event-stream" }, signal: call.signal });
      yield* streamOpenAi(openAiBody(call, options), send);
    },
    discover: async (signal) => (await listModels(transport, headers(), options, signal)).models,
    note: () => "",
    close: () => transport.close(),
  };
}
