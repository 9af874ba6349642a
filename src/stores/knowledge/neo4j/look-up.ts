import type { Entity, Mention } from "../../../data/entity.ts";
import { normaliseName } from "../../../data/identity.ts";
import { mostRead } from "../show-entity.ts";
import { mostReadOf, showSources, type DescriptionSources, type SaidThere } from "../show-sources.ts";
import { readShownName } from "../shown-name.ts";
import { describe } from "./entities.ts";
import { mentioned, visible } from "./sight.ts";
import { mentionCounts, thingsOf, type Reader } from "./things.ts";
import { rankIn } from "./write-rows.ts";

const mostFound = 2_000;

export async function lookUpEntity(reader: Reader, id: string): Promise<Entity | null> {
  const thing = (await thingsOf(reader, [id])).get(id);
  return thing ? ((await describe(reader, [thing], mostRead.alone))[0] ?? null) : null;
}

const saidThere = `UNWIND $ids AS id MATCH (e:Entity {id: id})
  CALL (e) {
    MATCH (e)-[x:MENTIONED_IN]->() WHERE ${visible("x")}
    WITH x ORDER BY ${rankIn("x.class")}, x.chunk, x.key LIMIT $most
    RETURN x.name AS name, x.description AS description, x.document AS document, count(*) AS count
  }
  RETURN e.id AS entity, e.type AS type, name, description, document, count`;
const strictestSeen = `UNWIND $ids AS id MATCH (e:Entity {id: id})-[x:MENTIONED_IN]->() WHERE ${visible("x")} RETURN max(${rankIn("x.class")}) AS strictest`;

/** Of its first mentions, by class and place. */
export async function lookUpSources(reader: Reader, id: string, bound: number): Promise<DescriptionSources | null> {
  const thing = (await thingsOf(reader, [id])).get(id);
  if (!thing) return null;
  const ids = thing.members;
  const said = await reader.run<SaidThere>(saidThere, { ...reader.sight, ids, most: mostReadOf(thing) });
  const [seen] = await reader.run<{ strictest: number | null }>(strictestSeen, { ...reader.sight, ids });
  return showSources(thing, said, seen?.strictest ?? 3, bound);
}

/** Visible mentions of the thing, surest first. */
export async function lookUpMentions(reader: Reader, id: string, limit: number): Promise<Mention[]> {
  const ids = (await thingsOf(reader, [id])).get(id)?.members ?? [];
  const text = `UNWIND $ids AS id MATCH (e:Entity {id: id})-[x:MENTIONED_IN]->(c:Chunk) WHERE ${visible("x")}
    MATCH (c)<-[h:HAS_CHUNK]-() WHERE ${visible("h")}
    WITH x, c, h ORDER BY x.confidence DESC, x.document, h.ordinal, x.start, x.key LIMIT $limit
    RETURN c.id AS chunkId, x.document AS documentId, h.page AS page, x.quote AS quote, x.start AS start, x.end AS end, x.confidence AS confidence, x.method AS method, x.model AS model`;
  return ids.length === 0 ? [] : reader.run<Mention>(text, { ...reader.sight, ids, limit });
}

/** Cypher: a visible mention of the entity is written so. */
export const written = (entity: string, name: string): string => `EXISTS { (${entity})-[said:MENTIONED_IN]->() WHERE said.alias = ${name}.name AND ${visible("said")} }`;

/** Things by name: exact name, exact alias, beginning, all words; among equals those most often mentioned first. */
export async function searchEntities(reader: Reader, scopes: string[], text: string, type: string | null, limit: number, offset: number): Promise<{ items: Entity[]; next: string | null }> {
  const whole = text.trim() === "" ? await everything(reader, scopes, type) : await byName(reader, scopes, text, type);
  const shown = whole.size === 0 ? readShownName(text) : null;
  const places = shown ? await byName(reader, scopes, shown.name, type) : whole;
  const things = await thingsOf(reader, places.keys());
  const ranked = new Map<string, number>();
  for (const [entity, place] of places) {
    const thing = things.get(entity);
    if (thing && (!shown || normaliseName(thing.apart) === shown.apart)) ranked.set(thing.id, Math.min(place, ranked.get(thing.id) ?? place));
  }
  const counts = await mentionCounts(reader, [...ranked.keys()].flatMap((id) => things.get(id)!.members));
  const mentions = (id: string): number => things.get(id)!.members.reduce((sum, member) => sum + (counts.get(member) ?? 0), 0);
  const ordered = [...ranked].map(([id, place]) => ({ id, place, mentions: mentions(id) })).sort((a, b) => a.place - b.place || b.mentions - a.mentions || (a.id < b.id ? -1 : 1));
  const items = await describe(reader, ordered.slice(offset, offset + limit).map(({ id }) => things.get(id)!));
  return { items, next: ordered.length > offset + limit ? String(offset + limit) : null };
}

async function everything({ run, sight }: Reader, scopes: string[], type: string | null): Promise<Map<string, number>> {
  const rows = await run<{ id: string }>(`MATCH (e:Entity) WHERE e.scope IN $scopes AND e.name IS NOT NULL AND ($type IS NULL OR e.type = $type) AND ${mentioned("e")} RETURN e.id AS id`, { ...sight, scopes, type });
  return new Map(rows.map(({ id }) => [id, 0]));
}

const typed = "($type IS NULL OR e.type = $type)";
/** An entity by its own name, or by another one that a visible mention says; `n` is the name's node. */
const own = (condition: string): string => `UNWIND $scopes AS scope MATCH (e:Entity) WHERE e.scope = scope AND ${condition.replaceAll("n.", "e.")} AND ${typed} AND ${mentioned("e")}`;
const other = (condition: string): string => `UNWIND $scopes AS scope MATCH (n:Name) WHERE n.scope = scope AND ${condition} MATCH (n)<-[:HAS_NAME]-(e:Entity) WHERE ${typed} AND ${written("e", "n")}`;
const equal = "n.name = $name";
const longer = "n.name STARTS WITH $name AND n.name <> $name";
const withWords = `CALL db.index.fulltext.queryNodes('sluice_names', $query) YIELD node AS n WITH n WHERE n.scope IN $scopes AND all(word IN $words WHERE (' ' + n.name + ' ') CONTAINS (' ' + word + ' '))
  CALL (n) { WITH n WHERE n:Entity RETURN n AS e UNION MATCH (n:Name)<-[:HAS_NAME]-(e:Entity) WHERE ${written("e", "n")} RETURN e } WITH e WHERE ${typed} AND ${mentioned("e")}`;
const searches = [
  `${own(equal)} RETURN e.id AS id, 0 AS place`,
  `${other(equal)} RETURN e.id AS id, 1 AS place`,
  ...[own(longer), other(longer)].map((match) => `${match} RETURN DISTINCT e.id AS id, 2 AS place LIMIT $most`),
  `${withWords} RETURN DISTINCT e.id AS id, 3 AS place LIMIT $most`,
];

/** Entity id → how well its name fits, 0 best. */
async function byName({ run, sight }: Reader, scopes: string[], text: string, type: string | null): Promise<Map<string, number>> {
  const name = normaliseName(text);
  const words = [...new Set(name.split(" "))];
  const places = new Map<string, number>();
  if (name === "" || scopes.length === 0) return places;
  const parameters = { ...sight, scopes, type, name, words, most: mostFound, query: fullText(scopes, words) };
  for (const query of searches) {
    for (const { id, place } of await run<{ id: string; place: number }>(query, parameters)) places.set(id, Math.min(place, places.get(id) ?? place));
  }
  return places;
}

/** Lucene's language: every value between quotes, so that no sign in it is an operator. */
function fullText(scopes: string[], words: string[]): string {
  const quoted = (value: string): string => `"${value.replace(/["\\]/g, "\\$&")}"`;
  return `scope:(${scopes.map(quoted).join(" OR ")}) AND ${words.map((word) => `name:${quoted(word)}`).join(" AND ")}`;
}
