import type { Entity } from "../../../data/entity.ts";
import type { Link } from "../knowledge-store.ts";
import type { Thing } from "../thing.ts";
import { describe } from "./entities.ts";
import { written } from "./look-up.ts";
import { mentioned, visible } from "./sight.ts";
import { thingsOf, type Reader } from "./things.ts";

/** Links of one side, each once; one that is about the name counts as about. */
class LinkSet {
  readonly #rows = new Map<string, Link>();

  add(link: Link): void {
    const key = `${link.chunkId} ${link.name}`;
    if (link.about || !this.#rows.has(key)) this.#rows.set(key, link);
  }

  get size(): number {
    return this.#rows.size;
  }

  all(): Link[] {
    return [...this.#rows.values()];
  }
}

const mentionedIn = `UNWIND $ids AS id MATCH (c:Chunk {id: id})<-[h:HAS_CHUNK]-() WHERE c.tenant = $tenant AND ${visible("h")}
  MATCH (e:Entity)-[x:MENTIONED_IN]->(c) WHERE ${visible("x")} RETURN c.id AS chunk, e.id AS entity, count(*) AS count`;
const isAbout = `UNWIND $ids AS id MATCH (c:Chunk {id: id})-[a:IS_ABOUT]->(n:Name) WHERE c.tenant = $tenant AND ${visible("a")}
  RETURN c.id AS chunk, n.name AS name, n.key AS key`;
const entitiesOfNames = `UNWIND $keys AS key MATCH (n:Name {key: key}) MATCH (e:Entity) WHERE e.scope = n.scope AND e.name = n.name AND ${mentioned("e")} RETURN key, e.id AS entity
  UNION UNWIND $keys AS key MATCH (n:Name {key: key})<-[:HAS_NAME]-(e:Entity) WHERE ${written("e", "n")} RETURN key, e.id AS entity`;

/** Each mention counts under its thing's own normalised name, so that two writings of one thing link; about names likewise. */
export async function linksOfChunks(reader: Reader, ids: string[]): Promise<Link[]> {
  const { run, sight } = reader;
  const mentions = await run<{ chunk: string; entity: string }>(mentionedIn, { ...sight, ids });
  const about = await run<{ chunk: string; name: string; key: string }>(isAbout, { ...sight, ids });
  const keys = [...new Set(about.map(({ key }) => key))];
  const named = keys.length === 0 ? [] : await run<{ key: string; entity: string }>(entitiesOfNames, { ...sight, keys });
  const canonical = await canonicalNames(reader, [...mentions, ...named].map(({ entity }) => entity));
  const meant = new Map<string, Set<string>>();
  for (const { key, entity } of named) {
    const own = canonical.get(entity);
    if (own !== undefined) meant.set(key, (meant.get(key) ?? new Set()).add(own));
  }
  const links = new LinkSet();
  for (const { chunk, entity } of mentions) {
    const name = canonical.get(entity);
    if (name) links.add({ chunkId: chunk, name, about: false });
  }
  // The own name of the one thing an about name means; a name of several things stays as it is.
  for (const { chunk, name, key } of about) links.add({ chunkId: chunk, name: meant.get(key)?.size === 1 ? [...meant.get(key)!][0]! : name, about: true });
  return links.all();
}

async function canonicalNames(reader: Reader, entities: string[]): Promise<Map<string, string>> {
  const things = await thingsOf(reader, entities);
  const heads = [...new Set([...things.values()].map(({ id }) => id))];
  const rows = await reader.run<{ id: string; name: string }>("UNWIND $heads AS id MATCH (e:Entity {id: id}) RETURN e.id AS id, e.name AS name", { heads });
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return new Map([...things].flatMap(([entity, thing]) => (names.has(thing.id) ? [[entity, names.get(thing.id)!]] : [])));
}

const entitiesNamed = `UNWIND $names AS name UNWIND $scopes AS scope MATCH (e:Entity) WHERE e.scope = scope AND e.name = name AND ${mentioned("e")} RETURN name, e.id AS entity
  UNION UNWIND $names AS name UNWIND $scopes AS scope MATCH (n:Name {key: scope + ':' + name})<-[:HAS_NAME]-(e:Entity) WHERE ${written("e", "n")} RETURN name, e.id AS entity`;
const chunksHolding = `UNWIND $rows AS row CALL (row) {
    UNWIND row.members AS id MATCH (e:Entity {id: id})-[x:MENTIONED_IN]->(c:Chunk) WHERE ${visible("x")} RETURN DISTINCT c.id AS chunk LIMIT $enough
  } RETURN row.name AS name, collect(chunk) AS chunks`;
const otherNames = `UNWIND $rows AS row UNWIND row.members AS id MATCH (e:Entity {id: id}) RETURN row.name AS name, e.name AS other
  UNION UNWIND $rows AS row UNWIND row.members AS id MATCH (e:Entity {id: id})-[:HAS_NAME]->(n:Name) WHERE ${written("e", "n")} RETURN row.name AS name, n.name AS other`;
const chunksAbout = `UNWIND $rows AS row UNWIND $scopes AS scope UNWIND row.names AS name MATCH (n:Name {key: scope + ':' + name})<-[a:IS_ABOUT]-(c:Chunk) WHERE ${visible("a")} RETURN row.name AS name, collect(DISTINCT c.id) AS chunks`;

/** Chunks that hold any member of the things so named or so written, or are about one of the names these go by. */
export async function linksOfNames(reader: Reader, scopes: string[], names: string[], most: number): Promise<{ links: Link[]; frequency: Map<string, number> }> {
  const { run, sight } = reader;
  const asked = [...new Set(names)];
  const named = await run<{ name: string; entity: string }>(entitiesNamed, { ...sight, names: asked, scopes });
  const things = await thingsOf(reader, named.map(({ entity }) => entity));
  const membersOf = new Map<string, Set<string>>();
  for (const { name, entity } of named) {
    for (const member of things.get(entity)?.members ?? []) membersOf.set(name, (membersOf.get(name) ?? new Set()).add(member));
  }
  const rows = [...membersOf].map(([name, members]) => ({ name, members: [...members] }));
  // One more than `most` is enough to know that the name brings nothing in.
  const holding = rows.length === 0 ? [] : await run<{ name: string; chunks: string[] }>(chunksHolding, { ...sight, rows, enough: most + 1 });
  const others = Map.groupBy(rows.length === 0 ? [] : await run<{ name: string; other: string }>(otherNames, { ...sight, rows }), ({ name }) => name);
  const about = await run<{ name: string; chunks: string[] }>(chunksAbout, { ...sight, scopes, rows: asked.map((name) => ({ name, names: [...new Set([name, ...(others.get(name) ?? []).map(({ other }) => other)])] })) });
  const found = new Map(asked.map((name) => [name, new LinkSet()]));
  for (const { name, chunks } of holding) for (const chunkId of chunks) found.get(name)!.add({ chunkId, name, about: false });
  for (const { name, chunks } of about) for (const chunkId of chunks) found.get(name)!.add({ chunkId, name, about: true });
  return {
    links: [...found.values()].flatMap((links) => (links.size <= most ? links.all() : [])),
    frequency: new Map([...found].map(([name, links]) => [name, links.size])),
  };
}

/** Of the names, those that a visible passage of the scopes is about. */
export async function aboutNames({ run, sight }: Reader, scopes: string[], names: string[]): Promise<string[]> {
  const text = `UNWIND $names AS name UNWIND $scopes AS scope MATCH (n:Name {key: scope + ':' + name}) WHERE EXISTS { (n)<-[a:IS_ABOUT]-() WHERE ${visible("a")} } RETURN DISTINCT name`;
  const found = new Set((await run<{ name: string }>(text, { ...sight, scopes, names })).map(({ name }) => name));
  return names.filter((name) => found.has(name));
}

/** Things the chunks mention, those named there most often first. */
export async function entitiesOfChunks(reader: Reader, ids: string[], limit: number): Promise<Entity[]> {
  const rows = await reader.run<{ entity: string; count: number }>(mentionedIn, { ...reader.sight, ids: [...new Set(ids)] });
  const things = await thingsOf(reader, rows.map(({ entity }) => entity));
  const counts = new Map<Thing, number>();
  for (const { entity, count } of rows) {
    const thing = things.get(entity);
    if (thing) counts.set(thing, (counts.get(thing) ?? 0) + count);
  }
  const ordered = [...counts].sort((a, b) => b[1] - a[1] || (a[0].id < b[0].id ? -1 : 1)).slice(0, limit);
  return describe(reader, ordered.map(([thing]) => thing));
}
