import type { Chunk } from "../data/chunk.ts";
import type { Entity, Relation } from "../data/entity.ts";
import type { FoundBy, Passage, QueryRequest } from "../data/query.ts";
import type { Warning } from "../data/warning.ts";
import { SluiceError } from "../errors.ts";
import type { Models } from "../models/models.ts";
import type { KnowledgeStore } from "../stores/knowledge/knowledge-store.ts";
import type { Found, TextIndex } from "../stores/text/text-index.ts";
import { words } from "../stores/text/words.ts";
import type { VectorStore } from "../stores/vectors/vector-store.ts";
import { type Links, linksAround, namesInQuestion } from "./retrieval/links.ts";
import { settleCommonWords } from "./retrieval/common-words.ts";
import { partnersOf, scorePairs, type TermScores } from "./retrieval/pairs.ts";
import { fuse, ranked } from "./retrieval/ranking.ts";
import { walk } from "./retrieval/walk.ts";
import type { QueryContext, Understood } from "./query-context.ts";

export interface RetrieveParts {
  text: TextIndex;
  vectors: VectorStore;
  knowledge: KnowledgeStore;
  models: Pick<Models, "embeddings">;
}

export interface Retrieved {
  passages: Passage[];
  entities: Entity[];
  relations: Relation[];
  warnings: Warning[];
}

/** Passages ranked by each side before they are joined. */
const perSide = 100;
const firstPassages = 10;
const restart = 20;
const mostEntities = 12;

/** Passages that answer together: text, vectors and the names they share (`retrieval.md`). All of it as the principal sees it. */
export async function retrieve(request: QueryRequest, understood: Understood, context: QueryContext, parts: RetrieveParts): Promise<Retrieved> {
  const warnings: Warning[] = [];
  const { principal } = context;
  const { count, idf: measured } = await parts.text.idf(principal, request.collections, [...new Set(words(request.question))]);
  if (count === 0) return { passages: [], entities: [], relations: [], warnings: [{ code: "nothing_to_search", message: "there are no documents in these collections that this key may see" }] };
  const idf = settleCommonWords(measured, count);
  const wants = (mode: QueryRequest["retrieval"]) => request.retrieval === mode || request.retrieval === "hybrid";
  const [text, vector, inQuestion, named] = await Promise.all([
    request.retrieval === "vector" ? [] : parts.text.search(principal, request.collections, idf, perSide, request.filters),
    wants("vector") ? searchVectors(request, context, parts, warnings) : [],
    wants("graph") ? namesInQuestion(request.question, principal, request.collections, parts.knowledge) : [],
    thingsNamed(understood.names, request, context, parts),
  ]);
  context.signal.throwIfAborted();

  const names = [...new Set([...understood.names, ...inQuestion])];
  const scores = wants("graph") && text.length > 0 ? await walkFrom(text, vector, names, count, idf, request, context, parts) : scoresOf(text, vector);
  const final = ranked(scores);
  const allowed = new Set(await ofSeenDocuments(await withinFilters(final.slice(0, perSide), request, context, parts), request, context, parts));
  const chosen = final.filter((id) => allowed.has(id)).slice(0, request.limit);
  const [chunks, mentioned] = await Promise.all([parts.knowledge.chunks(principal, chosen), chosen.length ? parts.knowledge.entitiesOfChunks(principal, chosen, mostEntities) : []]);
  const entities = [...new Map([...named, ...mentioned].map((each) => [each.id, each])).values()].slice(0, mostEntities);
  const relations = entities.length ? await parts.knowledge.relations(principal, entities.map((each) => each.id), 20) : [];
  const passages = chunks.map((chunk, index) => passage(chunk, index, scores.get(chunk.id)!, foundBy(chunk.id, text, vector)));
  return { passages, entities, relations, warnings };
}

/** Pairs, fused with the vectors' ranking when there is one, then the walk: passage → the walk's share of it. */
async function walkFrom(text: Found[], vector: Found[], names: string[], count: number, idf: Map<string, number>, request: QueryRequest, context: QueryContext, parts: RetrieveParts): Promise<Map<string, number>> {
  const textRanking = text.map((each) => each.chunkId);
  const vectorRanking = vector.map((each) => each.chunkId);
  const first = textRanking.slice(0, firstPassages);
  const around = await parts.knowledge.chunks(context.principal, [...new Set([...textRanking.slice(0, restart), ...vectorRanking.slice(0, firstPassages)])]);
  const links = await linksAround(around, names, count, context.principal, request.collections, parts);
  const partners = await withinFilters([...partnersOf(first, links)], request, context, parts);
  const ids = new Set([...textRanking, ...partners]);
  const pairs = ranked(scorePairs(first, isFiltered(request) ? restrict(links, ids) : links, await termScores([...ids], idf, context, parts), textRanking));
  return walk(vector.length ? ranked(fuse([pairs, vectorRanking])) : pairs, links, names, vector.length ? 0.8 : 0.7);
}

/** Where nothing walks: BM25 as a part of the best passage's, or the cosine c as (1 + c) / 2. */
const scoresOf = (text: Found[], vector: Found[]): Map<string, number> =>
  new Map(text.length > 0 ? text.map(({ chunkId, score }) => [chunkId, score / text[0]!.score]) : vector.map(({ chunkId, score }) => [chunkId, (1 + score) / 2]));

async function searchVectors(request: QueryRequest, context: QueryContext, parts: RetrieveParts, warnings: Warning[]): Promise<Found[]> {
  const embeddings = parts.models.embeddings();
  if (!embeddings) {
    warnings.push({ code: "vectors_off", message: "no embedding model: search by meaning is off; `ollama pull bge-m3`, then `sluice reindex`" });
    return [];
  }
  const vector = await embedQuestion(request, embeddings, context, warnings);
  if (!vector) return [];
  const found = await parts.vectors.search(context.principal, request.collections, embeddings.model, vector, perSide, request.filters);
  if (!found.length && (await parts.vectors.count(context.principal, request.collections)) === 0) warnings.push({ code: "no_vectors", message: "these documents have no vectors yet; `sluice reindex` makes them" });
  return found;
}

/** Null when its model is away: text and graph answer without it, unless only vectors were asked for. */
async function embedQuestion(request: QueryRequest, embeddings: NonNullable<ReturnType<Models["embeddings"]>>, context: QueryContext, warnings: Warning[]): Promise<Float32Array | null> {
  try {
    return (await embeddings.embed([request.question], context.signal))[0]!;
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code !== "model_unavailable" || request.retrieval === "vector") throw error;
    warnings.push({ code: "vectors_off", message: "the embedding model does not answer: search by meaning is off until it does" });
    return null;
  }
}

/** b(t, p) = idf(t) · saturated term frequency. */
async function termScores(ids: string[], idf: Map<string, number>, context: QueryContext, parts: RetrieveParts): Promise<TermScores> {
  const weights = await parts.text.termWeights(context.principal, ids, [...idf.keys()]);
  return new Map([...weights].map(([id, terms]) => [id, new Map([...terms].map(([term, weight]) => [term, weight * (idf.get(term) ?? 0)]))]));
}

const isFiltered = (request: QueryRequest): boolean => Object.values(request.filters).some((each) => each !== undefined);

/** Passages that the graph brings in obey the request's filters like any other. */
async function withinFilters(ids: string[], request: QueryRequest, context: QueryContext, parts: RetrieveParts): Promise<string[]> {
  return isFiltered(request) ? parts.knowledge.matching(context.principal, ids, request.filters) : ids;
}

/** Of a document that the caller may not see nobody tells date or format: its passages pass no filter that asks for them. */
async function ofSeenDocuments(ids: string[], { filters: { mediaTypes, after, before } }: QueryRequest, context: QueryContext, parts: RetrieveParts): Promise<string[]> {
  if (!mediaTypes && after === undefined && before === undefined) return ids;
  const chunks = await parts.knowledge.chunks(context.principal, ids);
  return chunks.filter(({ document }) => document !== null).map(({ id }) => id);
}

function restrict(links: Links, ids: Set<string>): Links {
  return { ...links, chunks: new Map([...links.chunks].map(([name, chunks]) => [name, new Set([...chunks].filter((id) => ids.has(id)))])) };
}

const foundBy = (id: string, text: Found[], vector: Found[]): FoundBy[] => {
  const by: FoundBy[] = [];
  if (vector.some((each) => each.chunkId === id)) by.push("vector");
  if (text.some((each) => each.chunkId === id)) by.push("text");
  return by.length ? by : ["graph"];
};

/** The first thing of each name in the question. */
async function thingsNamed(names: string[], request: QueryRequest, context: QueryContext, parts: RetrieveParts): Promise<Entity[]> {
  const found = await Promise.all(names.slice(0, 5).map((name) => parts.knowledge.search(context.principal, request.collections, name, null, 1, null)));
  return found.flatMap(({ items }) => items);
}

function passage(chunk: Chunk & { document: string | null }, index: number, score: number, found: FoundBy[]): Passage {
  const { documentId, document, page, boxes, headings, text } = chunk;
  return { rank: index + 1, score, chunkId: chunk.id, documentId, document, page, boxes, headings, text, class: chunk.class, found };
}
