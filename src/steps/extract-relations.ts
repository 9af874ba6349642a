import pLimit from "p-limit";
import type { Chunk } from "../data/chunk.ts";
import type { MentionRecord, StatementRecord } from "../data/entity.ts";
import { normaliseName, statementId } from "../data/identity.ts";
import { needArtifact, writeArtifact } from "./artifacts.ts";
import { askRelations } from "./ask-relations.ts";
import { provenanceOf } from "./built-in-mentions.ts";
import { chunksArtifact } from "./chunk.ts";
import type { ExtractParts } from "./extract-parts.ts";
import { candidatesArtifact, entitiesArtifact, type EntitiesRead, methodArtifact, type ReadRelation, statementsArtifact } from "./extraction-artifacts.ts";
import { locate } from "./quotes.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { type Account, addAccounts, emptyAccount, type Run, type WorkDocument } from "./work.ts";

/** Phase 3: typed, directed relations between the entities of a chunk. */
export async function extractRelations(documents: WorkDocument[], run: Run, parts: ExtractParts): Promise<{ documents: WorkDocument[]; account: Account }> {
  let account = emptyAccount();
  const done: WorkDocument[] = [];
  for (const document of documents) {
    if (document.failed) {
      done.push(document);
      continue;
    }
    const read = await readRelations(document, run, parts);
    account = addAccounts(account, read.account);
    done.push(read.document);
  }
  return { documents: done, account };
}

async function readRelations(document: WorkDocument, run: Run, parts: ExtractParts): Promise<{ document: WorkDocument; account: Account }> {
  const chunks = await needArtifact(parts.files, run, document, chunksArtifact);
  const entities = await needArtifact(parts.files, run, document, entitiesArtifact);
  const method = await needArtifact(parts.files, run, document, methodArtifact);
  const found = method === "model" ? await ask(document, chunks, entities, run, parts) : await byPattern(document, chunks, entities, run, parts);
  await writeArtifact(parts.files, run, document, statementsArtifact, { statements: found.statements, failedChunks: found.failedChunks });
  const things = new Set(entities.mentions.map((each) => each.entityId));
  const relations = new Set(found.statements.map((each) => `${each.source}|${each.type}|${each.target}`));
  return { document: { ...document, counts: { ...document.counts, entities: things.size, relations: relations.size } }, account: found.account };
}

interface Found {
  statements: StatementRecord[];
  failedChunks: string[];
  account: Account;
}

async function byPattern(document: WorkDocument, chunks: Chunk[], entities: EntitiesRead, run: Run, parts: ExtractParts): Promise<Found> {
  const candidates = await needArtifact(parts.files, run, document, candidatesArtifact);
  const mentions = Map.groupBy(entities.mentions, (each) => each.chunkId);
  const found = await parts.textWork.relations({ chunks: chunks.map((chunk, index) => ({ text: chunk.text, candidates: candidates[index]! })), language: document.language });
  const statements = found.flatMap((relations, index) => {
    const chunk = chunks[index]!;
    const names = candidates[index]!;
    const read = relations.map((each) => ({ ...each, source: names[each.source]!.name, target: names[each.target]!.name, quote: chunk.text.slice(each.start, each.end) }));
    const here = (mentions.get(chunk.id) ?? []).map(({ name, entityId }) => ({ name, entityId }));
    return statementsOf(chunk, read, resolver(here, []), run, parts.vocabulary, { method: "built-in", model: null, prompt: null }).statements;
  });
  run.progress("extractRelations", chunks.length, chunks.length);
  return { statements: unique(statements), failedChunks: [], account: emptyAccount() };
}

async function ask(document: WorkDocument, chunks: Chunk[], entities: EntitiesRead, run: Run, parts: ExtractParts): Promise<Found> {
  const mentions = Map.groupBy(entities.mentions, (each) => each.chunkId);
  const limit = pLimit(parts.options.concurrency);
  let done = 0;
  const answers = await Promise.all(
    chunks.map((chunk) =>
      limit(async (): Promise<Found> => {
        run.signal.throwIfAborted();
        const here = mentions.get(chunk.id) ?? [];
        const answer = await askRelations({ chunk, mentions: here, given: entities.relations[chunk.id], batch: chunks.length, document, run, parts });
        run.progress("extractRelations", ++done, chunks.length);
        if (!answer.relations) return { statements: [], failedChunks: answer.failed ? [chunk.id] : [], account: answer.account };
        const { statements, dropped } = statementsOf(chunk, answer.relations, resolver(here, entities.aliases), run, parts.vocabulary, { method: "model", model: answer.model, prompt: answer.prompt });
        const warnings = dropped ? [{ code: "items_dropped", message: `${dropped} relations with an endpoint that is not among the passage's entities were left out`, chunkId: chunk.id }] : [];
        return { statements, failedChunks: [], account: addAccounts(answer.account, { ...emptyAccount(), warnings }) };
      }),
    ),
  );
  return {
    statements: unique(answers.flatMap((each) => each.statements)),
    failedChunks: answers.flatMap((each) => each.failedChunks),
    account: answers.reduce((sum, each) => addAccounts(sum, each.account), emptyAccount()),
  };
}

type Resolve = (name: string) => string | undefined;

/** From a name or alias to the entity of this chunk; a name that two types share goes to the more frequent one. */
function resolver(here: (Pick<MentionRecord, "name" | "entityId"> & Partial<Pick<MentionRecord, "surface">>)[], aliases: EntitiesRead["aliases"]): Resolve {
  const ids = new Map<string, string>();
  for (const { name, entityId, surface } of here) {
    if (!ids.has(normaliseName(name))) ids.set(normaliseName(name), entityId);
    if (surface !== undefined && !ids.has(normaliseName(surface))) ids.set(normaliseName(surface), entityId);
  }
  const present = new Set(ids.values());
  for (const { entityId: id, alias } of aliases) if (present.has(id) && !ids.has(normaliseName(alias))) ids.set(normaliseName(alias), id);
  return (name) => ids.get(normaliseName(name));
}

function statementsOf(chunk: Chunk, relations: ReadRelation[], resolve: Resolve, run: Run, vocabulary: Vocabulary, how: Pick<StatementRecord, "method" | "model" | "prompt">) {
  const statements: StatementRecord[] = [];
  let dropped = 0;
  for (const relation of relations) {
    const { type, turned, original } = vocabulary.relationType(relation.type);
    const [source, target] = turned ? [resolve(relation.target), resolve(relation.source)] : [resolve(relation.source), resolve(relation.target)];
    if (!source || !target || source === target) {
      dropped++;
      continue;
    }
    const place = locate(chunk.text, relation.quote);
    const strength = Math.min(10, Math.max(1, relation.strength));
    statements.push({
      id: statementId(run.scope, source, type, target, chunk.id), source, target, type, original, strength,
      quote: place ? chunk.text.slice(place.start, place.end) : "", start: place?.start ?? -1, end: place?.end ?? -1,
      description: relation.description.slice(0, 600), confidence: place ? strength / 10 : Math.min(0.3, strength / 10), ...how, ...provenanceOf(chunk),
    });
  }
  return { statements, dropped };
}

const unique = (statements: StatementRecord[]): StatementRecord[] => [...new Map(statements.map((each) => [each.id, each])).values()];
