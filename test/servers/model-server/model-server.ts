import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { cloudModels, findModel, localModels, running, type ServedModel, show, tags } from "./catalogue.ts";
import { embed } from "./embeddings.ts";
import { answerFault, type Fault, openFaults } from "./faults.ts";
import { send } from "./generation.ts";
import { listed, openAiError, openAiPaths, readOpenAi, sendOpenAi } from "./openai.ts";
import { readTemplates } from "./prompt-templates.ts";
import { readWork } from "./prompt-reading.ts";
import { HttpFailure, readGeneration, type Reply } from "./protocol.ts";
import { answerByRules, type Rule } from "./rules.ts";
import { emptyStats, openSlots, type ServerStats } from "./slots.ts";
import { pull } from "./pull.ts";
import { promptTokens, tokens } from "./tokens.ts";

export interface ModelServerOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  role: "local" | "cloud";
  /** Ollama's is the default; `openai` is what vLLM and its like speak. */
  protocol?: "ollama" | "openai";
  /** Takes `format` and pays no heed to it; Ollama's cloud always does so. */
  ignoresFormat?: boolean;
  /** Protocol openai: thinking stands in the content between marks. */
  thinkingInContent?: boolean;
  /** Protocol openai: it is an Ollama, which answers under both. */
  alsoOllama?: boolean;
  /** How long `/api/pull` takes over its layers. */
  pullMs?: number;
  /** Added to every reply. */
  headers?: Record<string, string>;
  /** Asked for as `Authorization: Bearer`; a cloud without one takes `test-key`. */
  apiKey?: string;
  models?: ServedModel[];
  /** How long a call holds its slot, in milliseconds. */
  latencyMs?: number;
  slots?: number;
  /** Calls that may wait for a slot; more are refused with 503, as the real server does at 512. */
  maxQueue?: number;
  rules?: Rule[];
  faults?: Fault[];
  /** Keep every request's bytes; on by default. */
  record?: boolean;
  /** `/api/status`: cloud models switched off on a local server. */
  cloudDisabled?: boolean;
  /** Folder of prompt files, to recognise prompts by. */
  prompts?: string;
}

/** A request as it arrived, every byte of it. */
export interface RecordedRequest {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: Buffer;
  /** Milliseconds since the server started. */
  at: number;
}

export interface ModelServer {
  url: string;
  role: "local" | "cloud";
  requests: RecordedRequest[];
  stats: ServerStats;
  /** Replaces the faults and starts their numbering anew. */
  setFaults(faults: Fault[]): void;
  /** Replies to give in this order, before any rule; a string is a content. */
  setScript(replies: (Reply | string)[]): void;
  close(): Promise<void>;
}

const modelPaths = { ollama: ["/api/chat", "/api/generate", "/api/embed"], openai: [openAiPaths.chat, openAiPaths.embed] };

/** A real HTTP server that speaks Ollama's protocol and answers by reading the prompt. Plays a local daemon or the cloud. */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const cloud = options.role === "cloud";
  const protocol = options.protocol ?? "ollama";
  const openai = protocol === "openai";
  const ignoresFormat = options.ignoresFormat ?? (cloud && !openai);
  const models = options.models ?? (cloud ? cloudModels : localModels);
  const key = options.apiKey ?? (cloud ? "test-key" : undefined);
  const templates = readTemplates(options.prompts);
  const stats = emptyStats();
  const slots = openSlots(options.slots ?? 4, options.maxQueue ?? 512, stats);
  const requests: RecordedRequest[] = [];
  const resident = new Set<ServedModel>();
  const started = performance.now();
  let faults = openFaults(options.faults ?? []);
  let callsSinceFaults = 0;
  let script: Reply[] = [];

  async function answerModel(path: string, body: Record<string, unknown>, response: ServerResponse, fault: Fault | null, from: number): Promise<void> {
    if (path === "/api/embed" || path === openAiPaths.embed) return answerEmbed(body, response);
    const generation = openai ? readOpenAi(body) : readGeneration(path, body);
    const model = openai ? exactly(models, generation.model) : findModel(models, generation.model);
    resident.add(model);
    if (!model.capabilities.includes("completion")) throw new HttpFailure(400, `"${generation.model}" does not support chat`);
    if (generation.think && !model.capabilities.includes("thinking")) throw new HttpFailure(400, `"${generation.model}" does not support thinking`);
    if (generation.tools.length && !model.capabilities.includes("tools")) throw new HttpFailure(400, `${generation.model} does not support tools`);
    const pictures = generation.messages.some((each) => each.images?.length);
    if (pictures && !model.capabilities.includes("vision")) throw new HttpFailure(400, `"${generation.model}" does not support image input`);
    const room = generation.options.num_ctx ?? model.contextLength;
    const counted = promptTokens(generation.messages);
    if (counted > room && !generation.truncate) throw new HttpFailure(400, "the input length exceeds the context length");
    const work = readWork(generation, templates, ignoresFormat);
    let reply: Reply | null = script.shift() ?? null;
    for (const rule of options.rules ?? []) reply ??= await rule(work, generation);
    if (!reply) {
      reply = await answerByRules(work, generation);
      if (ignoresFormat && work.wantsJson && /^[{[]/.test(reply.content)) reply.content = `\`\`\`json\n${reply.content}\n\`\`\``;
    }
    const remote: Record<string, string> = model.remoteHost ? { remote_model: model.remoteModel ?? model.name, remote_host: model.remoteHost } : {};
    const given = Math.min(counted, room);
    stats.promptTokens += given;
    if (openai) {
      const usage = (body.stream_options as { include_usage?: boolean } | undefined)?.include_usage === true;
      stats.outputTokens += await sendOpenAi({ generation, reply, promptTokens: given, fault, usage, marks: options.thinkingInContent ?? false, response });
      return;
    }
    stats.outputTokens += await send({ path, generation, reply, promptTokens: given, fault, remote, response, serviceMs: performance.now() - from });
  }

  function answerEmbed(body: Record<string, unknown>, response: ServerResponse): void {
    const model = findModel(models, String(body.model ?? ""));
    if (!model.capabilities.includes("embedding")) throw new HttpFailure(400, "this model does not support embeddings");
    resident.add(model);
    const texts = (Array.isArray(body.input) ? body.input : [body.input ?? ""]).map(String);
    const counts = texts.map(tokens);
    if (body.truncate === false && counts.some((count) => count > model.contextLength)) throw new HttpFailure(400, "the input length exceeds the context length");
    const total = counts.reduce((sum, count) => sum + Math.min(count, model.contextLength), 0);
    stats.promptTokens += total;
    const dimension = Number(body.dimensions ?? model.embeddingLength ?? 1024);
    if (openai) return json(response, 200, { object: "list", model: body.model, data: texts.map((text, index) => ({ object: "embedding", index, embedding: embed(text, dimension) })), usage: { prompt_tokens: total, total_tokens: total } });
    json(response, 200, { model: body.model, embeddings: texts.map((text) => embed(text, dimension)), total_duration: 1_000_000, load_duration: 0, prompt_eval_count: total });
  }

  async function modelCall(path: string, raw: Buffer, response: ServerResponse, gone: AbortSignal): Promise<void> {
    stats.calls++;
    const number = ++callsSinceFaults;
    const body = readBody(raw);
    const model = String(body.model ?? "");
    const fault = faults.choose({ number, path, model, body: raw.toString("utf8") });
    if (fault && answerFault(fault, model, response, openai ? openAiError : undefined)) return;
    await slots.run(async () => {
      const from = performance.now();
      const wait = (options.latencyMs ?? 0) + (fault?.kind === "slow" ? (fault.delayMs ?? 2000) : 0);
      if (wait) await sleep(wait, undefined, { signal: gone }).catch(() => undefined);
      if (!gone.aborted) await answerModel(path, body, response, fault, from);
    }, gone);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const path = new URL(request.url ?? "/", "http://server").pathname;
    if (options.record !== false) requests.push({ method: request.method ?? "GET", path, headers: request.headers, body: raw, at: performance.now() - started });
    if (key !== undefined && path !== "/" && request.headers.authorization !== `Bearer ${key}`) throw new HttpFailure(401, "unauthorized");
    for (const [name, value] of Object.entries(options.headers ?? {})) response.setHeader(name, value);
    if (modelPaths[protocol].includes(path) && request.method === "POST") {
      if (cloud && path === "/api/embed") throw new HttpFailure(404, "path \"/api/embed\" not found");
      return modelCall(path, raw, response, gone.signal);
    }
    if (openai) {
      if (path === openAiPaths.models) return json(response, 200, listed(models));
      if (options.alsoOllama && path === "/api/version") return json(response, 200, { version: "0.31.2" });
      throw new HttpFailure(404, "Not Found");
    }
    if (path === "/") response.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end("Ollama is running");
    else if (path === "/api/version") json(response, 200, { version: "0.31.2" });
    else if (path === "/api/tags") json(response, 200, tags(models));
    else if (path === "/api/pull" && request.method === "POST") await pull(models, String(readBody(raw).model), options.pullMs ?? 0, response, gone.signal);
    else if (path === "/api/ps") json(response, 200, running([...resident]));
    else if (path === "/api/show") json(response, 200, show(findModel(models, String(readBody(raw).model ?? readBody(raw).name ?? ""))));
    else if (path === "/api/status") json(response, 200, { cloud: { disabled: options.cloudDisabled ?? false, source: options.cloudDisabled ? "config" : "none" } });
    else throw new HttpFailure(404, `path "${path}" not found`);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return void response.destroy();
      const failure = error instanceof HttpFailure ? error : new HttpFailure(500, error instanceof Error ? error.message : String(error));
      json(response, failure.status, openai ? openAiError(failure.status, failure.message) : { error: failure.message }, failure.headers);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port ?? 0, "127.0.0.1", resolve);
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    role: options.role,
    requests,
    stats,
    setFaults(next) {
      faults = openFaults(next);
      callsSinceFaults = 0;
    },
    setScript(replies) {
      script = replies.map((each) => (typeof each === "string" ? { content: each } : each));
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const json = (response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers }).end(JSON.stringify(value));
};

/** Without Ollama's tags. */
function exactly(models: ServedModel[], asked: string): ServedModel {
  const found = models.find((each) => each.name === asked);
  if (!found) throw new HttpFailure(404, `The model \`${asked}\` does not exist.`);
  return found;
}

function readBody(raw: Buffer): Record<string, unknown> {
  try {
    return raw.length ? (JSON.parse(raw.toString("utf8")) as Record<string, unknown>) : {};
  } catch {
    throw new HttpFailure(400, "invalid character looking for beginning of value");
  }
}
