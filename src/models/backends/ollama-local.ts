import { startDeadline } from "../deadline.ts";
import { Failure, statusFailure, toFailure } from "../failure.ts";
import type { BackendOptions } from "../options.ts";
import type { BackendCall, EmbeddingBackend, OfferedModel, Piece } from "./backend.ts";
import { describeModel, isCloudName, readJson, type Tag } from "./ollama-models.ts";
import { streamOllama, type Body } from "./ollama-wire.ts";
import { jsonLines, openTransport, readText } from "./transport.ts";

/** An Ollama server of the operator's own. `quarantine` is called when it forwarded text all the same. */
export function openOllamaLocal(options: BackendOptions, quarantine: (model: string, forwarded: boolean) => void): EmbeddingBackend {
  const transport = openTransport({ url: options.url, privateOnly: options.trusted === null });
  let note = "";
  const known = new Map<string, { digest: string; model: OfferedModel }>();

  const post = (path: string, body: unknown, signal: AbortSignal) => transport.send({ method: "POST", path, body: JSON.stringify(body), signal });

  async function show(tag: Tag, signal: AbortSignal): Promise<OfferedModel> {
    const before = known.get(tag.name);
    if (before && tag.digest && before.digest === tag.digest && !tag.remote_host) return before.model;
    const shown = await readJson<object>(await post("/api/show", { model: tag.name }, signal));
    const suffixed = await post("/api/show", { model: `${tag.name}:local` }, signal);
    await readText(suffixed.body);
    const model = describeModel(tag, shown, suffixed.status === 200);
    known.set(tag.name, { digest: tag.digest ?? "", model });
    return model;
  }

  /** The name to ask for: a server that knows `:local` refuses to forward it; of another we ask before each call. */
  async function restrictedName(name: string, signal: AbortSignal): Promise<string> {
    if (isCloudName(name)) throw forwarding(name, false);
    if (known.get(name)?.model.localSuffix) return `${name}:local`;
    const shown = await readJson<{ remote_host?: string }>(await post("/api/show", { model: name }, signal));
    if (shown.remote_host) throw forwarding(name, false);
    return name;
  }

  function forwarding(name: string, sent: boolean): Failure {
    quarantine(name, sent);
    return new Failure("forwarded", "it forwards this model to another host; it is not asked again", { sent });
  }

  /** Servers before `/api/status` do not say. */
  async function cloudIsOff(signal: AbortSignal): Promise<boolean> {
    const reply = await transport.send({ method: "GET", path: "/api/status", signal });
    const text = await readText(reply.body);
    return reply.status === 200 && (JSON.parse(text) as { cloud?: { disabled?: boolean } }).cloud?.disabled === true;
  }

  /** Names of what is in memory; a server that does not say has nothing there. */
  async function residents(signal: AbortSignal): Promise<Set<string>> {
    const reply = await transport.send({ method: "GET", path: "/api/ps", signal });
    const text = await readText(reply.body);
    const { models = [] } = reply.status === 200 ? (JSON.parse(text) as { models?: Tag[] }) : {};
    return new Set(models.map((model) => model.name));
  }

  return {
    id: options.id,
    options,
    async *chat(call: BackendCall): AsyncGenerator<Piece> {
      const name = call.restricted ? await restrictedName(call.model, call.signal) : call.model;
      const send = (body: Body) => post("/api/chat", body, call.signal);
      yield* streamOllama(call, name, options.numCtx, send, {
        forwarded: () => {
          throw forwarding(call.model, true);
        },
      });
    },
    async discover(signal) {
      const { models = [] } = await readJson<{ models?: Tag[] }>(await transport.send({ method: "GET", path: "/api/tags", signal }));
      const shown = await Promise.all(models.map((tag) => show(tag, signal).catch(withoutBroken)));
      const there = await residents(signal);
      const offered = shown.filter((model) => model !== null).map((model) => ({ ...model, resident: there.has(model.name) }));
      const forwards = offered.filter((model) => model.forwards).length;
      if (forwards) note = `${forwards} of them forward to a cloud and are not used`;
      else note = (await cloudIsOff(signal)) ? "its own cloud models are off" : "";
      return offered;
    },
    note: () => note,
    async embed(model, texts, signal) {
      const deadline = startDeadline(options.timeoutMs, signal);
      try {
        const name = await restrictedName(model, deadline.either);
        const reply = await post("/api/embed", { model: name, input: texts, truncate: false }, deadline.either);
        const text = await readText(reply.body, 1024 * 1024 * 1024);
        if (reply.status !== 200) throw statusFailure(reply.status, text, reply.headers["retry-after"]);
        const { embeddings, remote_host } = JSON.parse(text) as { embeddings?: number[][]; remote_host?: string };
        if (remote_host) throw forwarding(model, true);
        return embeddings ?? [];
      } catch (error) {
        throw toFailure(error, signal, deadline.signal);
      } finally {
        deadline.end();
      }
    },
    async pull(model, onProgress, signal) {
      const reply = await post("/api/pull", { model, stream: true }, signal);
      if (reply.status !== 200) throw statusFailure(reply.status, await readText(reply.body, 100_000), reply.headers["retry-after"]);
      let last = "";
      for await (const line of jsonLines<{ status?: string; completed?: number; total?: number; error?: string }>(reply.body)) {
        if (line.error !== undefined) throw new Failure("missing", "the server reported an error", { cause: new Error(line.error.slice(0, 300)) });
        last = line.status ?? last;
        onProgress({ status: last, completed: line.completed ?? null, total: line.total ?? null });
      }
      if (last !== "success") throw new Failure("broken_stream", "the download broke off");
    },
    close: () => transport.close(),
  };
}

/** A model that the server cannot describe is not offered; the others are. */
function withoutBroken(error: unknown): null {
  if (error instanceof Failure) return null;
  throw error;
}
