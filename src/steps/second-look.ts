import { setImmediate as pause } from "node:timers/promises";
import pLimit from "p-limit";
import { z } from "zod";
import type { Class, Signal, Verdict } from "../data/classification.ts";
import type { Task } from "../data/decision.ts";
import { hashId, randomId } from "../data/identity.ts";
import { SluiceError } from "../errors.ts";
import type { Models } from "../models/models.ts";
import type { Passage, Privacy } from "../privacy/privacy.ts";
import type { ReleasedValues } from "../privacy/released-values.ts";
import { counter } from "../telemetry.ts";
import { type Account, accountOf, addAccounts, emptyAccount, type Run, type WorkDocument } from "./work.ts";

export const SecondLookOptions = z.strictObject({
  /** `cloud`: where a cloud is enabled, so that something could leave. It asks the local model of the tier fast once more for every few pages. */
  when: z.enum(["never", "cloud", "always"]).default("never"),
  /** Characters of one call, and calls for one document at most; what lies behind them is read by the detectors alone, with a warning. */
  characters: z.number().int().min(500).max(50_000).default(6000),
  calls: z.number().int().min(1).max(10_000).default(40),
});
export type SecondLookOptions = z.infer<typeof SecondLookOptions>;

export interface SecondLookParts {
  models: Pick<Models, "ask" | "tier" | "cloudEnabled">;
  privacy: Pick<Privacy, "add">;
  options: SecondLookOptions;
  released: ReleasedValues;
  /** With `passage`, what is left of a private document may still leave. */
  scope: "document" | "passage";
  /** No passage is below it. */
  least: Class;
}

const kinds = ["person", "contact", "address", "health", "finance", "identifier", "secret", "confidential"] as const;
const Answer = z.object({ found: z.array(z.object({ kind: z.enum(kinds), quote: z.string().max(300) })).max(200) });

const looks = counter("privacy_second_looks_total", "Second looks of a local model", ["outcome"]);

/**
 * A local model reads what the detectors found nothing strict in. It may only raise: what it quotes counts where it really
 * stands in the text, as `pii` under either policy, since nothing could replace it. A look that fails leaves the text unknown.
 */
export async function lookAgain(passages: Passage[], verdicts: Verdict[], document: WorkDocument, run: Run, parts: SecondLookParts): Promise<{ verdicts: Verdict[]; account: Account }> {
  const { when, characters, calls } = parts.options;
  const isWanted = when === "always" || (when === "cloud" && parts.models.cloudEnabled());
  const open = openPassages(verdicts, parts);
  if (!isWanted || open.length === 0) return { verdicts, account: emptyAccount() };
  const state = parts.models.tier("fast", "pii");
  if (state === "absent") return { verdicts, account: emptyAccount() };
  if (state === "down") throw new SluiceError("model_unavailable", `no local model answers for the second look; document ${document.id} waits until one does`, { retryable: true });

  const batches = inBatches(passages, open, characters);
  let account = emptyAccount();
  if (batches.length > calls) account.warnings.push({ code: "second_look_bound", message: `document ${document.id}: ${batches.length - calls} of ${batches.length} parts were read by the detectors alone: more than privacy.secondLook.calls` });
  const limit = pLimit(2);
  const quotes = new Map<string, string>();
  let failed = 0;
  await Promise.all(
    batches.slice(0, calls).map((batch) =>
      limit(async () => {
        run.signal.throwIfAborted();
        const text = batch.map((index) => passages[index]!.text).join("\n\n");
        try {
          const answer = await parts.models.ask({ prompt: "second-look", inputs: { text }, schema: Answer, task: taskOf(document, text, run), signal: run.signal });
          account = addAccounts(account, accountOf("secondLook", answer));
          for (const { kind, quote } of answer.value.found) quotes.set(quote.trim(), kind);
          looks.inc({ outcome: answer.value.found.length > 0 ? "found" : "clean" });
        } catch (error) {
          if (!(error instanceof SluiceError) || error.code !== "model_failed") throw error;
          failed++;
          looks.inc({ outcome: "failed" });
        }
      }),
    ),
  );
  if (failed > 0) account.warnings.push({ code: "second_look_failed", message: `document ${document.id}: the local model gave no usable answer about ${failed} parts; the document counts as pii` });
  const found = await findQuotes(quotes, passages);
  return { verdicts: parts.privacy.add(verdicts, passages, found, { scope: run.scope, released: parts.released, incomplete: failed > 0 ? "second-look" : null }), account };
}

const isOpen = (each: Pick<Verdict, "class">): boolean => each.class === "public" || each.class === "internal";

/** The numbers of those that may still leave. A document of one class leaves whole or not at all. */
function openPassages(verdicts: Verdict[], { scope, least }: Pick<SecondLookParts, "scope" | "least">): number[] {
  const open = verdicts.flatMap((each, index) => (each.complete && isOpen(each) ? [index] : []));
  return (scope === "passage" ? isOpen({ class: least }) : open.length === verdicts.length) ? open : [];
}

/** Passages together up to so many characters; a longer one stands alone. */
function inBatches(passages: Passage[], open: number[], characters: number): number[][] {
  const batches: number[][] = [];
  let length = 0;
  for (const index of open) {
    const { text } = passages[index]!;
    if (batches.length === 0 || length + text.length > characters) {
      batches.push([]);
      length = 0;
    }
    batches.at(-1)!.push(index);
    length += text.length;
  }
  return batches;
}

/** Quotes searched for before others get their turn: some milliseconds in a long text. */
const betweenPauses = 20;

/** A quote counts in every passage of the document, whichever it was read in. `quotes`: each with its kind. */
async function findQuotes(quotes: Map<string, string>, passages: Passage[]): Promise<{ passage: number; signal: Omit<Signal, "class"> }[]> {
  const found: { passage: number; signal: Omit<Signal, "class"> }[] = [];
  let searched = 0;
  for (const [quote, kind] of quotes) {
    for (const [passage, { text }] of passages.entries()) found.push(...placesOf(text, quote).map((place) => ({ passage, signal: { ...place, kind: "second_look", score: 0.8, detector: `model: ${kind}` } })));
    if (++searched % betweenPauses === 0) await pause();
  }
  return found;
}

/** Where the quote stands, word for word; a quote that stands nowhere is made up. */
function placesOf(text: string, wanted: string): { start: number; end: number }[] {
  const start = wanted.length < 2 ? -1 : text.indexOf(wanted);
  return start === -1 ? [] : [{ start, end: start + wanted.length }];
}

const taskOf = (document: WorkDocument, text: string, run: Run): Omit<Task, "tier"> => ({
  taskType: "classification", quality: "medium", complexity: "low", latencyMs: null, batchSize: 1, modelSizeGb: null, classification: "pii", localOnly: true,
  tenant: run.scope.tenant, collection: run.scope.collection, documentId: document.id, chunkId: hashId("second look", text), step: "secondLook",
  generation: run.generation, userId: run.userId, requestId: run.jobId, taskId: randomId(), maxOutputTokens: null, priority: "ingest",
});
