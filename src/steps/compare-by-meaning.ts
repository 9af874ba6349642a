import { z } from "zod";
import { strictest } from "../data/classification.ts";
import type { MergeRecord } from "../data/entity.ts";
import { randomId } from "../data/identity.ts";
import { SluiceError } from "../errors.ts";
import type { ExtractParts } from "./extract-parts.ts";
import { complexityOf } from "./extraction-task.ts";
import { mergeOf, type Own } from "./merge.ts";
import { type Comparable, mayMerge } from "./same-entity.ts";
import { type Account, accountOf, addAccounts, emptyAccount, type Run, type WorkDocument } from "./work.ts";

/** Cosine of `name: description` from which two entities are one, and from which it is worth a question (`extraction.md`). */
const same = 0.93;
const worthAsking = 0.85;
const pairsPerCall = 50;
/** Pairs compared for one document: above it only the rules decide. */
const mostPairs = 20_000;

interface Pair {
  a: Own;
  b: Comparable;
  score: number;
}

/** Pairs of the document's entities with others that the rules left open, by embedding; the grey zone in one call for 50 pairs. Nothing without an embedding model. */
export async function compareByMeaning(own: Own[], others: Comparable[], decided: MergeRecord[], document: WorkDocument, run: Run, parts: ExtractParts): Promise<{ merges: MergeRecord[]; account: Account }> {
  const embeddings = parts.models.embeddings();
  const pairs = embeddings ? openPairs(own, others, decided) : [];
  if (!embeddings || !pairs.length) return { merges: [], account: emptyAccount() };
  const described = new Map<string, Comparable>(pairs.flatMap(({ a, b }) => [[a.id, a], [b.id, b]]));
  const ids = [...described.keys()];
  const vectors = await embeddings.embed(ids.map((id) => `${described.get(id)!.name}: ${described.get(id)!.description}`), run.signal);
  const vector = new Map(ids.map((id, index) => [id, vectors[index]!]));
  const scored = pairs.map((pair) => ({ ...pair, score: cosine(vector.get(pair.a.id)!, vector.get(pair.b.id)!) }));
  const merges = scored.filter((pair) => pair.score >= same).map((pair) => mergeOf(pair.a, pair.b, { method: "embedding", score: pair.score, evidence: "alike in name and description" }, document));
  const grey = scored.filter((pair) => pair.score >= worthAsking && pair.score < same);
  const asked = parts.models.tier("fast", document.class) === "ready" ? await askPairs(grey, document, run, parts) : { merges: [], account: emptyAccount() };
  return { merges: [...merges, ...asked.merges], account: asked.account };
}

/** Pairs of one type that share a word of the name, both described, not yet decided; numbers must agree. Homonyms that their documents set apart are none. */
function openPairs(own: Own[], others: Comparable[], decided: MergeRecord[]): Pair[] {
  const done = new Set(decided.flatMap((each) => [`${each.a}|${each.b}`, `${each.b}|${each.a}`]));
  const pairs = new Map<string, Pair>();
  for (const a of own) {
    const words = new Set(a.name.split(" ").filter((word) => word.length > 2));
    for (const b of others) {
      if (!mayMerge(a, b) || !a.description || !b.description || a.name.replace(/\D/g, "") !== b.name.replace(/\D/g, "")) continue;
      const key = [a.id, b.id].toSorted().join("|");
      if (done.has(`${a.id}|${b.id}`) || pairs.has(key) || !b.name.split(" ").some((word) => words.has(word))) continue;
      pairs.set(key, { a, b, score: 0 });
      if (pairs.size >= mostPairs) return [...pairs.values()];
    }
  }
  return [...pairs.values()];
}

const PairsAnswer = z.object({ same: z.array(z.number().int()).max(pairsPerCall) });

async function askPairs(grey: Pair[], document: WorkDocument, run: Run, parts: ExtractParts): Promise<{ merges: MergeRecord[]; account: Account }> {
  let account = emptyAccount();
  const merges: MergeRecord[] = [];
  for (let at = 0; at < grey.length; at += pairsPerCall) {
    const batch = grey.slice(at, at + pairsPerCall);
    const pairs = batch.map(({ a, b }, index) => `${index + 1}. ${a.name}: ${a.description}\n   ${b.name}: ${b.description}`).join("\n");
    const task = {
      taskType: "extraction" as const, quality: parts.options.quality, complexity: complexityOf(document, pairs), latencyMs: null, batchSize: 1, modelSizeGb: null,
      classification: strictest(document.class, ...batch.map((pair) => pair.a.class)), localOnly: false, tenant: run.scope.tenant, collection: run.scope.collection,
      documentId: document.id, chunkId: null, step: "deduplicate", generation: run.generation, userId: run.userId, requestId: run.jobId, taskId: randomId(), maxOutputTokens: null, priority: "ingest" as const,
    };
    try {
      const answer = await parts.models.ask({ prompt: "same-entity", inputs: { pairs }, schema: PairsAnswer, task, signal: run.signal });
      for (const number of answer.value.same) {
        const pair = batch[number - 1];
        if (pair) merges.push(mergeOf(pair.a, pair.b, { method: "model", score: pair.score, evidence: "a model said so" }, document));
      }
      account = addAccounts(account, accountOf("deduplicate", answer));
    } catch (error) {
      if (!(error instanceof SluiceError) || error.code !== "model_failed") throw error;
      account.warnings.push({ code: "grey_zone_failed", message: `${batch.length} pairs of similar names stay apart: ${error.message}` });
    }
  }
  return { merges, account };
}

/** Both of length 1. */
function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
}
