import pLimit from "p-limit";
import type { Chunk } from "../data/chunk.ts";
import type { Candidate } from "../language/language.ts";
import { SluiceError } from "../errors.ts";
import { needArtifact, readArtifact, writeArtifact } from "./artifacts.ts";
import { candidateMentions } from "./built-in-mentions.ts";
import { chunksArtifact } from "./chunk.ts";
import { askEntities } from "./ask-entities.ts";
import type { ExtractParts } from "./extract-parts.ts";
import { candidatesArtifact, entitiesArtifact, type EntitiesRead, methodArtifact } from "./extraction-artifacts.ts";
import { knownNames } from "./known-names.ts";
import { proposeNames } from "./propose-names.ts";
import { type Account, addAccounts, emptyAccount, type Run, type WorkDocument } from "./work.ts";

/** Phase 1: the built-in recogniser proposes, the language model confirms, corrects and adds. */
export async function extractEntities(documents: WorkDocument[], run: Run, parts: ExtractParts): Promise<{ documents: WorkDocument[]; account: Account }> {
  let account = emptyAccount();
  for (const document of documents.filter((each) => !each.failed)) {
    account = addAccounts(account, await extractFrom(document, run, parts));
  }
  return { documents, account };
}

async function extractFrom(document: WorkDocument, run: Run, parts: ExtractParts): Promise<Account> {
  const chunks = await needArtifact(parts.files, run, document, chunksArtifact);
  const method = await chooseMethod(document, run, parts);
  const candidates = await propose(document, chunks, run, parts);
  if (method === "built-in") {
    const read = candidateMentions(chunks, candidates, run.scope);
    await writeArtifact(parts.files, run, document, entitiesArtifact, { ...read, relations: {}, failedChunks: [] });
    run.progress("extractEntities", chunks.length, chunks.length);
    return { ...emptyAccount(), warnings: chunks.length > 0 ? [...builtInWarning, ...emptyChunks(chunks, read)] : [] };
  }
  const { read, account } = await askAll(document, chunks, candidates, run, parts);
  await writeArtifact(parts.files, run, document, entitiesArtifact, read);
  return addAccounts(account, { ...emptyAccount(), warnings: emptyChunks(chunks, read) });
}

const builtInWarning = [{ code: "built_in_extraction", message: "no language model has answered yet: the built-in language processing read this document; `ollama pull qwen3:8b`, then reprocess it" }];

/** Decided once for a document and kept: after a restart it goes on the same way. */
async function chooseMethod(document: WorkDocument, run: Run, parts: ExtractParts): Promise<"model" | "built-in"> {
  const chosen = await readArtifact(parts.files, run, document, methodArtifact);
  const state = parts.models.tier("fast", document.class);
  if (chosen === "built-in") return chosen;
  if (state === "down") throw new SluiceError("model_unavailable", `no model for extraction answers; document ${document.id} waits until one does`, { retryable: true });
  const method = chosen ?? (state === "ready" ? "model" : "built-in");
  if (!chosen) await writeArtifact(parts.files, run, document, methodArtifact, method);
  return method;
}

async function propose(document: WorkDocument, chunks: Chunk[], run: Run, parts: ExtractParts): Promise<Candidate[][]> {
  const known = await readArtifact(parts.files, run, document, candidatesArtifact);
  if (known && known.length === chunks.length) return known;
  const found = await proposeNames(chunks, document.language, parts.textWork);
  await writeArtifact(parts.files, run, document, candidatesArtifact, found);
  return found;
}

async function askAll(document: WorkDocument, chunks: Chunk[], candidates: Candidate[][], run: Run, parts: ExtractParts) {
  const limit = pLimit(parts.options.concurrency);
  let done = 0;
  const answers = await Promise.all(
    chunks.map((chunk, index) =>
      limit(async () => {
        run.signal.throwIfAborted();
        // Not kept: names of other documents have no place among this one's files.
        const known = await knownNames(chunk, candidates[index]!, run.scope, parts.knowledge);
        const answer = await askEntities({ chunk, candidates: candidates[index]!, known, batch: chunks.length, document, run, parts });
        run.progress("extractEntities", ++done, chunks.length);
        return answer;
      }),
    ),
  );
  const read: EntitiesRead = { mentions: [], aliases: [], relations: {}, failedChunks: [] };
  let account = emptyAccount();
  for (const answer of answers) {
    read.mentions.push(...answer.mentions);
    read.aliases.push(...answer.aliases);
    if (answer.failed) read.failedChunks.push(answer.chunkId);
    if (answer.relations.length) read.relations[answer.chunkId] = answer.relations;
    account = addAccounts(account, answer.account);
  }
  return { read, account };
}

/** Nothing found in a passage of some length is worth a word, never silence. */
const emptyChunks = (chunks: Chunk[], read: { mentions: { chunkId: string }[] }) => {
  const named = new Set(read.mentions.map((each) => each.chunkId));
  return chunks
    .filter((chunk) => chunk.tokens > 100 && chunk.kind === "text" && !named.has(chunk.id))
    .map((chunk) => ({ code: "no_entities", message: `no entity was found in a passage of ${chunk.tokens} tokens`, chunkId: chunk.id }));
};
