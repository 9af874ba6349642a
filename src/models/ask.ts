import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { Task } from "../data/decision.ts";
import { SluiceError } from "../errors.ts";
import type { Call, Reply } from "./call.ts";
import { messagesHash } from "./messages.ts";
import type { Asked, AskOptions, Models } from "./models.ts";
import { fillPrompt, type Prompt } from "./prompts.ts";
import { formatOf, readStructured, type Read } from "./structured.ts";

type Answer = (call: Call) => Promise<Reply>;

export function promptNamed(prompts: Map<string, Prompt>, name: string): Prompt {
  const prompt = prompts.get(name);
  if (!prompt) throw new SluiceError("config", `prompts/${name}.md is missing; known: ${[...prompts.keys()].join(", ")}`);
  return prompt;
}

/** The messages without what only helps. */
const questionOf = <T>(prompt: Prompt, { inputs, hints = [], pictures }: AskOptions<T>) => fillPrompt(prompt, { ...inputs, ...Object.fromEntries(hints.map((name) => [name, ""])) }, pictures);

/** The task as the router takes it; a field that is missing or wrong is a bug of the caller. */
const taskOf = (task: Omit<Task, "tier">, prompt: Prompt): Task => Task.parse({ ...task, tier: prompt.tier });

/**
 * A structured answer: read, repaired, validated; asked again once with what was wrong; and where a cloud failed twice,
 * once more locally.
 */
export async function ask<T>(options: AskOptions<T>, prompts: Map<string, Prompt>, answer: Answer): Promise<Asked<T>> {
  const prompt = promptNamed(prompts, options.prompt);
  const messages = fillPrompt(prompt, options.inputs, options.pictures);
  const call = { task: taskOf(options.task, prompt), messages, memoHash: messagesHash(questionOf(prompt, options)), format: formatOf(options.schema), signal: options.signal };
  const spent = { usd: 0, promptTokens: 0, outputTokens: 0, savedUsd: 0 };

  async function once(again: Partial<Call>): Promise<{ read: Read<T>; reply: Reply }> {
    let read: Read<T> = { ok: false, issues: "no answer" };
    const check = (reply: Reply) => (read = readStructured(reply.content, reply.doneReason, options.schema)).ok;
    const reply = await answer({ ...call, ...again, validate: check });
    if (reply.served !== "model") check(reply);
    for (const key of ["usd", "promptTokens", "outputTokens", "savedUsd"] as const) spent[key] += reply[key];
    return { read, reply };
  }

  let { read, reply } = await once({});
  const asked = [reply];
  if (!read.ok) {
    const complaint = new HumanMessage(`That answer cannot be used: ${read.issues}. Answer again with one JSON object of the form asked for, and nothing else.`);
    ({ read, reply } = await once({ messages: [...messages, new AIMessage(reply.content), complaint] }));
    asked.push(reply);
  }
  if (!read.ok && reply.location === "cloud") {
    try {
      ({ read, reply } = await once({ cloudFailed: "invalid" }));
      asked.push(reply);
    } catch (error) {
      // No local model stands by: the failure is the answer's, and waiting would not mend it.
      if (!(error instanceof SluiceError) || error.code !== "model_unavailable") throw error;
    }
  }
  if (!read.ok) {
    const where = `step ${options.task.step}${options.task.chunkId ? `, chunk ${options.task.chunkId}` : ""}`;
    throw new SluiceError("model_failed", `the answer of ${reply.model} does not fit its schema, asked ${asked.length} times (${where}); try again, or choose a stronger model for the tier "${prompt.tier}"`);
  }
  const warnings = asked.flatMap((each) => each.warnings);
  if (asked.length > 1) warnings.push({ code: "asked_again", message: `${asked.length} calls were needed for an answer of the right form` });
  if (read.repaired) warnings.push({ code: "json_repaired", message: "malformed JSON in an answer was repaired" });
  return { value: read.value, ...provenance(reply, prompt), cost: { ...spent }, warnings };
}

/** A streamed text. A second decision means that the answer starts afresh: what was shown is void. */
export async function stream(options: Parameters<Models["stream"]>[0], prompts: Map<string, Prompt>, answer: Answer): Promise<Asked<string>> {
  const prompt = promptNamed(prompts, options.prompt);
  const messages = fillPrompt(prompt, options.inputs, options.pictures);
  const reply = await answer({ task: taskOf(options.task, prompt), messages, signal: options.signal, onText: options.onToken, onDecision: options.onDecision });
  const { usd, promptTokens, outputTokens, savedUsd } = reply;
  return { value: reply.content, ...provenance(reply, prompt), cost: { usd, promptTokens, outputTokens, savedUsd }, warnings: reply.warnings };
}

const provenance = (reply: Reply, prompt: Prompt) => ({ decision: reply.decision, model: reply.model, backend: reply.backend, prompt: prompt.sha256, served: reply.served, earlier: reply.earlier ?? null });
