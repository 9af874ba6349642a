import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import type { BaseLanguageModelInput } from "@langchain/core/language_models/base";
import { BaseChatModel, type BaseChatModelCallOptions } from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import { RunnableLambda, type RunnableConfig } from "@langchain/core/runnables";
import { ChatOllama } from "@langchain/ollama";
import { z } from "zod";
import type { Task } from "../data/decision.ts";
import { SluiceError } from "../errors.ts";
import { askUntilValid } from "./ask-until-valid.ts";
import type { Call, Reply } from "./call.ts";
import { messagesHash } from "./messages.ts";
import { formatOf } from "./structured.ts";

interface RouterCallOptions extends BaseChatModelCallOptions {
  format?: unknown;
  tools?: unknown[];
  /** Of a structured answer: see `Call`. */
  validate?: Call["validate"];
  cloudFailed?: string;
  memoHash?: string;
  onReply?: (reply: Reply) => void;
}

/**
 * Takes the place of the tracer that LangChain adds by itself when the environment asks for one: prompts would be posted
 * to its vendor. A run that is to be traced gets its tracer from the caller.
 */
class NoTracer extends BaseCallbackHandler {
  override name = "langchain_tracer";

  /** Asked of whatever has this name: there is no run. */
  getRunTreeWithTracingConfig(): undefined {
    return undefined;
  }
}

/**
 * What any LangChain code gets in place of a model. It wraps by composition and returns the same types; whichever method
 * is called, the call goes through `answer`, below which stand policy, budget and audit. Tools and structured output are
 * bound to this object, not to an inner model.
 */
export class RoutingChatModel extends BaseChatModel<RouterCallOptions, AIMessageChunk> {
  readonly #task: Task;
  readonly #answer: (call: Call) => Promise<Reply>;

  constructor(task: Task, answer: (call: Call) => Promise<Reply>) {
    super({ callbacks: [new NoTracer()], maxRetries: 0, cache: false });
    this.#task = task;
    this.#answer = answer;
  }

  override _llmType(): string {
    return "sluice-router";
  }

  override async _generate(messages: BaseMessage[], options: this["ParsedCallOptions"]): Promise<ChatResult> {
    const reply = await this.#answer(this.#call(messages, options));
    options.onReply?.(reply);
    const message = new AIMessage({ content: reply.content, ...toolCalls(reply), ...metadata(reply) });
    return { generations: [{ text: reply.content, message }], llmOutput: { tokenUsage: { promptTokens: reply.promptTokens, completionTokens: reply.outputTokens } } };
  }

  override async *_streamResponseChunks(messages: BaseMessage[], options: this["ParsedCallOptions"], runManager?: CallbackManagerForLLMRun): AsyncGenerator<ChatGenerationChunk> {
    const stop = new AbortController();
    const texts = new TextStream();
    const call = this.#call(messages, options);
    const reply = this.#answer({ ...call, signal: AbortSignal.any([call.signal, stop.signal]), onDecision: () => texts.restart(), onText: (text) => texts.push(text) }).then(
      (done) => {
        texts.end();
        return done;
      },
      (error: unknown) => {
        texts.end(error);
        throw error;
      },
    );
    reply.catch(() => {});
    try {
      for await (const text of texts) {
        const chunk = new ChatGenerationChunk({ text, message: new AIMessageChunk({ content: text }) });
        yield chunk;
        await runManager?.handleLLMNewToken(text, undefined, undefined, undefined, undefined, { chunk });
      }
      const done = await reply;
      const tool_call_chunks = done.toolCalls.map((each, index) => ({ ...each, index, type: "tool_call_chunk" as const }));
      yield new ChatGenerationChunk({ text: "", message: new AIMessageChunk({ content: "", tool_call_chunks, ...metadata(done) }) });
    } finally {
      stop.abort(); // a reader that leaves ends the call
    }
  }

  override bindTools(tools: Parameters<ChatOllama["bindTools"]>[0], options?: Partial<RouterCallOptions>): ReturnType<NonNullable<BaseChatModel<RouterCallOptions, AIMessageChunk>["bindTools"]>> {
    return ChatOllama.prototype.bindTools.call(this as never, tools, options as never) as never;
  }

  /** Whatever `method` is asked for, the answer is validated and asked for again as `askUntilValid` says; else `model_failed`. */
  override withStructuredOutput(given: never, config?: { includeRaw?: boolean }): never {
    const schema = zodOf(given);
    const format = formatOf(schema);
    const structured = RunnableLambda.from(async (input: BaseLanguageModelInput, runConfig: RunnableConfig) => {
      const messages = BaseChatModel._convertInputToPromptValue(input).toChatMessages();
      const signal = runConfig.signal ?? new AbortController().signal;
      const raw: BaseMessage[] = [];
      const answer = async (call: Call): Promise<Reply> => {
        let reply: Reply | null = null;
        const options = { ...runConfig, format, ...(call.validate ? { validate: call.validate } : {}), ...(call.cloudFailed ? { cloudFailed: call.cloudFailed } : {}), memoHash: call.memoHash!, onReply: (got: Reply) => (reply = got) };
        raw.push(await this.invoke(call.messages, options));
        return reply!;
      };
      const { value } = await askUntilValid({ task: this.#task, messages, format, signal, memoHash: messagesHash(messages) }, schema, answer);
      return config?.includeRaw ? { raw: raw.at(-1), parsed: value } : value;
    });
    return structured.withConfig({ runName: "StructuredOutput", callbacks: [new NoTracer()] }) as never; // it would be traced as well
  }

  #call(messages: BaseMessage[], options: this["ParsedCallOptions"]): Call {
    return {
      task: this.#task,
      messages,
      signal: options.signal ?? new AbortController().signal,
      ...(options.format === undefined ? {} : { format: options.format }),
      ...(options.tools ? { tools: options.tools } : {}),
      ...(options.stop ? { stop: options.stop } : {}),
      ...(options.validate ? { validate: options.validate } : {}),
      ...(options.cloudFailed ? { cloudFailed: options.cloudFailed } : {}),
      ...(options.memoHash ? { memoHash: options.memoHash } : {}),
    };
  }
}

/** A zod schema as it is, a JSON schema as one that checks the same. */
const zodOf = (schema: object): z.ZodType => ("safeParse" in schema ? (schema as z.ZodType) : z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]));

/** Arguments that are no JSON object stand apart, as LangChain has it; they are not quoted in an error. */
function toolCalls(reply: Reply): Pick<AIMessage, "tool_calls" | "invalid_tool_calls"> {
  const read = reply.toolCalls.map((call) => ({ call, args: z.record(z.string(), z.unknown()).safeParse(parsed(call.args || "{}")) }));
  return {
    tool_calls: read.flatMap(({ call, args }) => (args.success ? [{ name: call.name, args: args.data, id: call.id, type: "tool_call" as const }] : [])),
    invalid_tool_calls: read.flatMap(({ call, args }) => (args.success ? [] : [{ ...call, error: "the arguments are not a JSON object", type: "invalid_tool_call" as const }])),
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

const metadata = (reply: Reply) => ({
  response_metadata: { model: reply.model, backend: reply.backend, done_reason: reply.doneReason, decision: reply.decision, cost_usd: reply.usd, served: reply.served, warnings: reply.warnings },
  usage_metadata: { input_tokens: reply.promptTokens, output_tokens: reply.outputTokens, total_tokens: reply.promptTokens + reply.outputTokens },
});

/**
 * Texts on their way to a reader. After a restart (a retry, a fallback) the new answer is shown only where it goes on from
 * what was shown already; else the reader is told, since words that were read cannot be taken back.
 */
class TextStream implements AsyncIterable<string> {
  #shown = "";
  #current = "";
  #ready: string[] = [];
  #ended = false;
  #error: unknown = null;
  #wake: () => void = () => {};

  restart(): void {
    this.#current = "";
  }

  push(text: string): void {
    this.#current += text;
    if (this.#current.length <= this.#shown.length) return;
    if (!this.#current.startsWith(this.#shown)) return this.end(brokenOff());
    this.#ready.push(this.#current.slice(this.#shown.length));
    this.#shown = this.#current;
    this.#wake();
  }

  end(error: unknown = null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error ?? (this.#current === this.#shown ? null : brokenOff());
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      while (this.#ready.length) yield this.#ready.shift()!;
      if (this.#ended) break;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    if (this.#error) throw this.#error;
  }
}

const brokenOff = (): SluiceError => new SluiceError("model_failed", "the answer broke off after some of it was shown, and the next model gave another one; ask again", { retryable: true });
