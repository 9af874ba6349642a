import type { Chunk } from "../data/chunk.ts";
import type { Entity, Relation } from "../data/entity.ts";
import type { FoundBy, Passage, QueryRequest } from "../data/query.ts";
import type { Warning } from "../data/warning.ts";
import { SluiceError } from "../errors.ts";
import type { Models } from "../models/models.ts";
import type { KnowledgeStore } from "../stores/knowledge/knowledge-store.ts";
import type { TextIndex } from "../stores/text/text-index.ts";
import { words } from "../stores/text/words.ts";
import type { VectorStore } from "../stores/vectors/vector-store.ts";
import { type Links, linksAround, namesInQuestion } from "./retrieval/links.ts";
import { settleCommonWords } from "./retrieval/common-words.ts";
import { scorePairs, type TermScores } from "./retrieval/pairs.ts";
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

/** Passages that answer together: text, vectors and the names they share (`retrieval.md`). All of it as the principal sees it. */
export async function retrieve(request: QueryRequest, understood: Understood, context: QueryContext, parts: RetrieveParts): Promise<Retrieved> {
  const warnings: Warning[] = [];
  const { principal } = context;
  const terms = [...new Set(words(request.question))];
  const { count, idf: measured } = await parts.text.idf(principal, request.collections, terms);
  const idf = settleCommonWords(measured, count);
  if (count === 0) return { passages: [], entities: [], relations: [], warnings: [{ code: "nothing_to_search", message: "there are no documents in these collections that this key may see" }] };
  const wants = (mode: QueryRequest["retrieval"]) => request.retrieval === mode || request.retrieval === "hybrid";
  const text = request.retrieval === "vector" ? [] : await parts.text.search(principal, request.collections, idf, perSide, request.filters);
  const vector = wants("vector") ? await searchVectors(request, context, parts, warnings) : [];
  context.signal.throwIfAborted();

  const textRanking = text.map((each) => each.chunkId);
  let ranking = textRanking;
  let links: Links | null = null;
  const names = wants("graph") ? [...new Set([...understood.names, ...(await namesInQuestion(request.question, principal, request.collections, parts.knowledge))])] : [];
  if (wants("graph") && textRanking.length) {
    const around = await parts.knowledge.chunks(principal, [...new Set([...textRanking.slice(0, restart), ...vector.slice(0, firstPassages)])]);
    links = await linksAround(around, names, count, principal, request.collections, parts);
    const allowed = await withinFilters([...links.names.keys()], request, context, parts);
    const ids = [...new Set([...textRanking, ...allowed])];
    const scores = await termScores(ids, idf, context, parts);
    const pairs = scorePairs(textRanking.slice(0, firstPassages), restrict(links, new Set(ids)), scores, textRanking);
    ranking = ranked(pairs);
  }
  const fused = vector.length ? ranked(fuse(ranking.length ? [ranking, vector] : [vector])) : ranking;
  const final = links ? ranked(walk(fused, links, names, vector.length ? 0.8 : 0.7)) : fused;
  const allowed = new Set(await withinFilters(final.slice(0, perSide), request, context, parts));
  const chosen = final.filter((id) => allowed.has(id)).slice(0, request.limit);
  const chunks = await parts.knowledge.chunks(principal, chosen);
  const found = new Map<string, FoundBy[]>(chosen.map((id) => [id, foundBy(id, textRanking, vector)]));
  const entities = await entitiesOf(chosen, understood, request, context, parts);
  const relations = entities.length ? await parts.knowledge.relations(principal, entities.map((each) => each.id), 20) : [];
  return { passages: chunks.map((chunk, index) => passage(chunk, index, found.get(chunk.id)!, chosen.length)), entities, relations, warnings };
}

async function searchVectors(request: QueryRequest, context: QueryContext, parts: RetrieveParts, warnings: Warning[]): Promise<string[]> {
  const embeddings = parts.models.embeddings();
  if (!embeddings) {
    warnings.push({ code: "vectors_off", message: "no embedding model: search by meaning is off; `ollama pull bge-m3`, then `sluice reindex`" });
    return [];
  }
  const vector = await embedQuestion(request, embeddings, context, warnings);
  if (!vector) return [];
  const found = await parts.vectors.search(context.principal, request.collections, embeddings.model, vector, perSide, request.filters);
  if (!found.length && (await parts.vectors.count(context.principal, request.collections)) === 0) warnings.push({ code: "no_vectors", message: "these documents have no vectors yet; `sluice reindex` makes them" });
  return found.map((each) => each.chunkId);
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

function restrict(links: Links, ids: Set<string>): Links {
  return { ...links, chunks: new Map([...links.chunks].map(([name, chunks]) => [name, new Set([...chunks].filter((id) => ids.has(id)))])) };
}

const foundBy = (id: string, text: string[], vector: string[]): FoundBy[] => {
  const by: FoundBy[] = [];
  if (vector.includes(id)) by.push("vector");
  if (text.includes(id)) by.push("text");
  return by.length ? by : ["graph"];
};

/** The things the passages and the question name. */
async function entitiesOf(chunkIds: string[], understood: Understood, request: QueryRequest, context: QueryContext, parts: RetrieveParts): Promise<Entity[]> {
  const named = await Promise.all(understood.names.slice(0, 5).map(async (name) => (await parts.knowledge.search(context.principal, request.collections, name, null, 1, null)).items));
  const inside = chunkIds.length ? await parts.knowledge.entitiesOfChunks(context.principal, chunkIds, 12) : [];
  return [...new Map([...named.flat(), ...inside].map((each) => [each.id, each])).values()].slice(0, 12);
}

function passage(chunk: Chunk & { document: string | null }, index: number, found: FoundBy[], total: number): Passage {
  const { documentId, document, page, boxes, headings, text } = chunk;
  return { rank: index + 1, score: (total - index) / total, chunkId: chunk.id, documentId, document, page, boxes, headings, text, class: chunk.class, found };
}
