import type { Chunk } from "../../../data/chunk.ts";
import { lastMoment, type Filters } from "../../../data/query.ts";
import { prefixOf } from "./document-rows.ts";
import { seenOf } from "./fence.ts";
import { visible } from "./sight.ts";
import type { Reader } from "./things.ts";

interface Place extends Omit<Chunk, "id" | "documentId" | "text" | "boxes"> {
  chunk: string;
  document: string;
  boxes: number[];
}

interface Found {
  place: Place;
  text: string;
  name: string | null;
}

/** A chunk is its node; where it stands, and what is said of it, is the edge of one version. */
export function toChunk(place: Place, text: string): Chunk {
  const { chunk, document, ordinal, kind, headings, page, boxes, start, end, tokens, class: value, language } = place;
  const rectangles = Array.from({ length: boxes.length / 5 }, (_, at) => boxes.slice(5 * at, 5 * at + 5)).map(([on, x, y, width, height]) => ({ page: on!, x: x!, y: y!, width: width!, height: height! }));
  return { id: chunk, documentId: document, ordinal, kind, text, headings, page, boxes: rectangles, start, end, tokens, class: value, language: language ?? null };
}

export async function chunksById({ run, sight }: Reader, ids: string[]): Promise<(Chunk & { document: string | null })[]> {
  const text = `UNWIND $ids AS id MATCH (c:Chunk {id: id})<-[h:HAS_CHUNK]-() WHERE c.tenant = $tenant AND ${visible("h")}
    MATCH (d:Document {id: c.document}) RETURN properties(h) AS place, c.text AS text, CASE WHEN d.class IN $classes THEN ${seenOf("name")} END AS name`;
  const rows = await run<Found>(text, { ...sight, ids: [...new Set(ids)] });
  const found = new Map(rows.map(({ place, text: words, name }) => [place.chunk, { ...toChunk(place, words), document: name }]));
  return ids.flatMap((id) => found.get(id) ?? []);
}

export async function chunksOfDocument({ run, sight }: Reader, document: string, after: number, limit: number): Promise<{ items: Chunk[]; next: string | null }> {
  const text = `MATCH ()-[h:HAS_CHUNK]->(c:Chunk) WHERE h.key STARTS WITH $prefix AND c.tenant = $tenant AND h.ordinal > $after AND ${visible("h")}
    RETURN properties(h) AS place, c.text AS text ORDER BY h.ordinal LIMIT $limit`;
  const rows = await run<Found>(text, { ...sight, prefix: prefixOf(document), after, limit: limit + 1 });
  const items = rows.slice(0, limit).map(({ place, text: words }) => toChunk(place, words));
  return { items, next: rows.length > limit ? String(items.at(-1)!.ordinal) : null };
}

/** Those of the chunks that are visible and pass the filters. */
export async function matchingChunks({ run, sight }: Reader, ids: string[], { documents, mediaTypes, after, before }: Filters): Promise<string[]> {
  const text = `UNWIND $ids AS id MATCH (c:Chunk {id: id})<-[h:HAS_CHUNK]-() WHERE c.tenant = $tenant AND ${visible("h")}
    MATCH (d:Document {id: c.document}) WITH c, d, ${seenOf("mediaType")} AS mediaType, ${seenOf("time")} AS time
    WHERE ($documents IS NULL OR d.id IN $documents) AND ($mediaTypes IS NULL OR mediaType IN $mediaTypes) AND ($after IS NULL OR time >= $after) AND ($before IS NULL OR time <= $before)
    RETURN DISTINCT c.id AS id`;
  const rows = await run<{ id: string }>(text, {
    ...sight,
    ids: [...new Set(ids)],
    documents: documents ?? null,
    mediaTypes: mediaTypes ?? null,
    after: after === undefined ? null : Date.parse(after),
    before: before === undefined ? null : lastMoment(before),
  });
  const passing = new Set(rows.map(({ id }) => id));
  return ids.filter((id) => passing.has(id));
}
