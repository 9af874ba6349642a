import pLimit from "p-limit";
import { allClasses, type Class } from "../../data/classification.ts";
import type { CostItem } from "../../data/costs.ts";
import type { Estimate, EstimatedStage, Span } from "../../data/estimate.ts";
import type { Scope } from "../../data/identity.ts";
import { SluiceError } from "../../errors.ts";
import type { Models } from "../../models/models.ts";
import { type CallParts, type ExpectedCall, expectedCalls } from "./estimate-calls.ts";
import { readDocument, type ReadDocument, type ReadParts } from "./read-document.ts";

export interface EstimateParts extends ReadParts, Omit<CallParts, "models"> {
  models: CallParts["models"] & Pick<Models, "costs">;
}

/** Files read at once. */
const atOnce = 4;
/** Calls of a kind from which on what was measured is taken. */
const enough = 20;
/** Tokens a second where that is not so: of a small model on a good graphics card and on a plain processor, and of a fast and a busy cloud. A guess. */
const guessed = {
  local: { low: { prompt: 3000, output: 120 }, high: { prompt: 25, output: 4 } },
  cloud: { low: { prompt: 10_000, output: 250 }, high: { prompt: 1000, output: 20 } },
};

/** Reads files as an ingestion would and decides every call it would make; nothing is stored, and no model is asked. */
export async function estimate(files: { path: string; name: string }[], options: { scope: Scope; floor: Class; signal: AbortSignal }, parts: EstimateParts): Promise<Estimate> {
  const limit = pLimit(atOnce);
  const unreadable: Estimate["unreadable"] = [];
  const read = await Promise.all(
    files.map((file, index) =>
      limit(async () => {
        options.signal.throwIfAborted();
        try {
          return await readDocument(file, options, parts);
        } catch (error) {
          if (!(error instanceof SluiceError) || error.code === "cancelled") throw error;
          unreadable.push({ file: index, code: error.code, message: error.message });
          return [];
        }
      }),
    ),
  );
  const documents = read.flat();
  const measured = (await parts.models.costs({ tenant: null, days: 30 })).items.filter((each) => each.succeeded >= enough);
  const calls: ExpectedCall[] = [];
  for (const each of documents) calls.push(...(await expectedCalls(each, options.scope, parts)));
  return summed(documents, calls, unreadable.toSorted((a, b) => a.file - b.file), measured);
}

function summed(documents: ReadDocument[], calls: ExpectedCall[], unreadable: Estimate["unreadable"], measured: CostItem[]): Estimate {
  const groups = Map.groupBy(calls, ({ stage, preview: at }) => JSON.stringify([stage, at?.location ?? "built-in", at?.backend, at?.model, at?.reason, at?.anonymised]));
  const stages = [...groups.values()].map((group) => stageOf(group, measured));
  const total = (name: "calls" | "promptTokens" | "outputTokens" | "usd" | "ms") => spanOf(stages.map((each) => each[name]));
  const sum = (of: (document: ReadDocument) => number) => documents.reduce((whole, each) => whole + of(each), 0);
  const usd = total("usd");
  const left = Math.min(...calls.flatMap(({ preview: at }) => (at?.budgetLeft == null ? [] : [at.budgetLeft])));
  const guesses = calls.filter((call) => call.preview?.backend != null && !measuredOf(call, measured)).length;
  const unread = sum((each) => each.unread);
  const homeless = calls.filter(({ preview: at }) => at && at.backend === null).length;
  return {
    documents: documents.length,
    unchanged: 0,
    unreadable,
    pages: sum((each) => each.pages),
    pictures: sum((each) => each.pictures.length),
    chunks: sum((each) => each.chunks.length),
    tokens: sum((each) => each.chunks.reduce((tokens, chunk) => tokens + chunk.tokens, 0)),
    stages,
    calls: total("calls"),
    promptTokens: total("promptTokens"),
    outputTokens: total("outputTokens"),
    usd,
    ms: total("ms"),
    classes: allClasses.map((value) => classOf(value, documents, calls)).filter((each) => each.documents > 0),
    warnings: [
      ...(usd.high > left ? [{ code: "budget_may_end", message: `up to ${usd.high.toFixed(2)} USD, and ${left.toFixed(2)} USD are left in the tightest budget: what does not fit is answered locally` }] : []),
      ...(guesses > 0 ? [{ code: "not_measured", message: `times and lengths of ${guesses} answers are a guess: fewer than ${enough} calls of their kind were measured in the last 30 days` }] : []),
      ...(unread > 0 ? [{ code: "unread_inside", message: `${unread} attachments or entries of archives cannot be read: they would be named as warnings, and make what they lie in private` }] : []),
      ...(homeless > 0 ? [{ code: "no_model", message: `${homeless} calls have nobody to answer them now: their documents would wait` }] : []),
    ],
  };
}

function stageOf(group: ExpectedCall[], measured: CostItem[]): EstimatedStage {
  const { stage, preview: at } = group[0]!;
  const known = measuredOf(group[0]!, measured);
  const weighed = (span: (call: ExpectedCall) => Span) => spanOf(group.map((call) => ({ low: span(call).low * call.calls.low, high: span(call).high * call.calls.high })));
  const output = (call: ExpectedCall): Span => (known ? { low: (known.outputTokens / known.succeeded) * 0.7, high: (known.outputTokens / known.succeeded) * 1.5 } : call.outputTokens);
  const ms = (call: ExpectedCall): Span => {
    if (!at) return { low: 0, high: 0 };
    if (known?.meanMs != null) return { low: known.meanMs * 0.8, high: Math.max(known.meanMs * 1.2, known.p95Ms ?? 0) };
    const rate = guessed[at.location];
    const needed = (bound: "low" | "high") => (call.promptTokens[bound] / rate[bound].prompt + output(call)[bound] / rate[bound].output) * 1000;
    return { low: needed("low"), high: needed("high") };
  };
  const isSent = at !== null && at.backend !== null;
  return {
    stage,
    location: at === null ? "built-in" : isSent ? at.location : "nowhere",
    anonymised: at?.anonymised ?? false,
    backend: at?.backend ?? null,
    model: at?.model ?? null,
    reason: at?.reason ?? "no_model_yet",
    calls: whole(spanOf(group.map((call) => call.calls))),
    promptTokens: whole(weighed((call) => call.promptTokens)),
    outputTokens: whole(weighed(output)),
    // What is not clean under other names stays local: then it costs nothing.
    usd: weighed((call) => ({ low: at && !at.anonymised ? at.usd(call.promptTokens.low, output(call).low) : 0, high: at ? at.usd(call.promptTokens.high, output(call).high) : 0 })),
    ms: whole(scaled(weighed(ms), 1 / (at?.slots ?? 1))),
  };
}

const measuredOf = ({ taskType, preview: at }: ExpectedCall, measured: CostItem[]): CostItem | undefined =>
  measured.find((each) => at !== null && each.backend === at.backend && each.model === at.model && each.taskType === taskType);

const spanOf = (spans: Span[]): Span => spans.reduce((sum, each) => ({ low: sum.low + each.low, high: sum.high + each.high }), { low: 0, high: 0 });
const scaled = ({ low, high }: Span, by: number): Span => ({ low: low * by, high: high * by });
const whole = ({ low, high }: Span): Span => ({ low: Math.round(low), high: Math.round(high) });

function classOf(value: Class, documents: ReadDocument[], calls: ExpectedCall[]): Estimate["classes"][number] {
  const own = documents.filter((each) => each.class === value);
  const of = (wanted: (call: ExpectedCall) => boolean) => calls.filter((each) => each.class === value && wanted(each)).length;
  return {
    class: value,
    documents: own.length,
    chunks: own.reduce((sum, each) => sum + each.chunks.length, 0),
    local: of(({ preview: at }) => at?.location === "local"),
    cloud: of(({ preview: at }) => at?.location === "cloud" && !at.anonymised),
    anonymised: of(({ preview: at }) => at?.anonymised === true),
    builtIn: of(({ preview: at }) => at === null),
  };
}
