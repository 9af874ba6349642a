import { Task } from "../data/decision.ts";
import { SluiceError } from "../errors.ts";
import { askUntilValid } from "./ask-until-valid.ts";
import type { Call, Reply } from "./call.ts";
import { messagesHash } from "./messages.ts";
import type { Asked, AskOptions, Models } from "./models.ts";
import { fillPrompt, type Prompt } from "./prompts.ts";
import { formatOf } from "./structured.ts";

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

/** A structured answer: valid, or an error. */
export async function ask<T>(options: AskOptions<T>, prompts: Map<string, Prompt>, answer: Answer): Promise<Asked<T>> {
  const prompt = promptNamed(prompts, options.prompt);
  const messages = fillPrompt(prompt, options.inputs, options.pictures);
  const call = { task: taskOf(options.task, prompt), messages, memoHash: messagesHash(questionOf(prompt, options)), format: formatOf(options.schema), signal: options.signal };
  const { value, repaired, asked } = await askUntilValid(call, options.schema, answer);
  const cost = { usd: 0, promptTokens: 0, outputTokens: 0, savedUsd: 0 };
  for (const reply of asked) for (const key of ["usd", "promptTokens", "outputTokens", "savedUsd"] as const) cost[key] += reply[key];
  const warnings = asked.flatMap((each) => each.warnings);
  if (asked.length > 1) warnings.push({ code: "asked_again", message: `${asked.length} calls were needed for an answer of the right form` });
  if (repaired) warnings.push({ code: "json_repaired", message: "malformed JSON in an answer was repaired" });
  return { value, ...provenance(asked.at(-1)!, prompt), cost, warnings };
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
