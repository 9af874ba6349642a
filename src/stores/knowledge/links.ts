import { allClasses } from "../../data/classification.ts";
import type { Entity } from "../../data/entity.ts";
import type { Filters } from "../../data/query.ts";
import type { Connection } from "../sqlite/connection.ts";
import { chunksPassing, scopesOf, snapshot, type Sight } from "../text/scope-filter.ts";
import { describe } from "./describe.ts";
import type { Link } from "./knowledge-store.ts";
import { thingsOf, type Eyes } from "./things.ts";
import type { Thing } from "./thing.ts";

type Row = [chunk: string, name: string, about: 0 | 1];

const toLinks = (rows: Map<string, Row>): Link[] => [...rows.values()].map(([chunkId, name, about]) => ({ chunkId, name, about: about === 1 }));

function keep(rows: Map<string, Row>, row: Row): void {
  const key = `${row[0]} ${row[1]}`;
  if (row[2] === 1 || !rows.has(key)) rows.set(key, row);
}

/** Each mention counts under its thing's own normalised name, so that two writings of one thing link; about names likewise. */
export function linksOfChunks(connection: Connection, question: Eyes & { chunks: number[] }): Link[] {
  return snapshot(connection, () => {
    const ids = JSON.stringify(question.chunks);
    const visible = "FROM json_each(?) j CROSS JOIN chunks c ON c.key = j.value CROSS JOIN text_scopes s ON s.key = c.scope AND s.tenant = ?";
    const mentioned = connection
      .prepare(`SELECT DISTINCT c.id, x.entity ${visible} CROSS JOIN mentions x ON x.chunk = c.key WHERE (1 << x.class) & ? AND (1 << c.class) & ?`)
      .raw()
      .all(ids, question.tenant, question.mask, question.mask) as [string, string][];
    const about = connection
      .prepare(`SELECT c.id, a.name, c.scope ${visible} CROSS JOIN about_names a ON a.chunk = c.key WHERE (1 << a.class) & ?`)
      .raw()
      .all(ids, question.tenant, question.mask) as [string, string, number][];
    const canonical = canonicalNames(connection, question, mentioned.map(([, entity]) => entity));
    const rows = new Map<string, Row>();
    for (const [chunk, entity] of mentioned) {
      const name = canonical.get(entity);
      if (name) keep(rows, [chunk, name, 0]);
    }
    const named = aboutThings(connection, question, about);
    for (const [chunk, name, scope] of about) keep(rows, [chunk, named.get(`${scope} ${name}`) ?? name, 1]);
    return toLinks(rows);
  });
}

function canonicalNames(connection: Connection, eyes: Eyes, entities: string[]): Map<string, string> {
  const things = thingsOf(connection, eyes, entities);
  const heads = JSON.stringify([...new Set([...things.values()].map(({ id }) => id))]);
  const names = new Map(connection.prepare("SELECT e.id, e.name FROM json_each(?) j CROSS JOIN entities e ON e.id = j.value").raw().all(heads) as [string, string][]);
  return new Map([...things].map(([entity, thing]) => [entity, names.get(thing.id)!]));
}

// A name is seen when a visible mention says it: as its surface, or as its entity's own name (`thingsOf` sees to that).
const seenName = `(EXISTS (SELECT 1 FROM mentions x WHERE x.entity = n.entity AND x.alias = n.name AND (1 << x.class) & @mask)
  OR EXISTS (SELECT 1 FROM entities o WHERE o.id = n.entity AND o.name = n.name))`;

/** The own name of the one thing an about name means; a name of several things stays as it is. */
function aboutThings(connection: Connection, eyes: Eyes, about: [string, string, number][]): Map<string, string> {
  const asked = JSON.stringify([...new Map(about.map(([, name, scope]) => [`${scope} ${name}`, [scope, name]])).values()]);
  const rows = connection
    .prepare(`SELECT n.scope, n.name, n.entity FROM json_each(@asked) j CROSS JOIN entity_names n ON n.scope = j.value ->> 0 AND n.name = j.value ->> 1 WHERE ${seenName}`)
    .raw()
    .all({ asked, mask: eyes.mask }) as [number, string, string][];
  const canonical = canonicalNames(connection, eyes, rows.map(([, , id]) => id));
  const found = new Map<string, Set<string>>();
  for (const [scope, name, id] of rows) {
    const own = canonical.get(id);
    if (own) found.set(`${scope} ${name}`, (found.get(`${scope} ${name}`) ?? new Set()).add(own));
  }
  return new Map([...found].filter(([, names]) => names.size === 1).map(([key, names]) => [key, [...names][0]!]));
}

/** `places` holds, one after the other, pairs of a place in `chunkIds` and 1 when the chunk is about the name, else 0; `lengths` how many pairs each name has. */
export interface PackedLinks {
  chunkIds: string[];
  places: Int32Array;
  lengths: Int32Array;
  /** Chunks of each name; above `most` only that there are more. */
  frequency: Int32Array;
}

/**
 * Chunks that hold any member of the things so named or so written, or are about one of the names these go by, in the order
 * of the names. Packed, since thousands of small objects take longer to cross between threads than to find.
 */
export function linksOfNames(connection: Connection, question: Sight & { names: string[]; most: number }): PackedLinks {
  return snapshot(connection, () => {
    const scopes = scopesOf(connection, question);
    const members = membersOf(connection, question, scopes);
    const written = namesOf(connection, question, new Set([...members.values()].flatMap((each) => [...each])));
    // One more than `most` is enough to know that a name brings nothing in.
    const bound = question.most + 1;
    const holding = connection.prepare(`SELECT DISTINCT x.class, x.chunk FROM mentions x WHERE x.entity = @entity AND (1 << x.class) & @mask ${seesBelow(question.mask) ? "" : seenChunk} LIMIT @limit`).raw();
    // By class and chunk, the order of the index, nothing has to be sorted; a chunk of several classes is rare, and asked for again.
    const chunksHolding = (entity: string): Set<number> => {
      const read = (limit: number) => (holding.all({ entity, mask: question.mask, limit }) as [number, number][]).map(([, chunk]) => chunk);
      const first = read(bound);
      const chunks = new Set(first);
      return first.length === bound && chunks.size < bound ? new Set(read(bound * allClasses.length)) : chunks;
    };
    const about = connection.prepare("SELECT a.chunk FROM about_names a WHERE a.scope = ? AND a.name = ? AND (1 << a.class) & ? LIMIT ?").pluck();
    const found = question.names.map((name) => {
      const chunks = new Map<number, 0 | 1>();
      const own = members.get(name) ?? [];
      for (const entity of own) for (const chunk of chunksHolding(entity)) chunks.set(chunk, 0);
      const names = new Set([name, ...[...own].flatMap((entity) => written.get(entity) ?? [])]);
      for (const scope of scopes) for (const each of names) for (const chunk of about.all(scope, each, question.mask, bound) as number[]) chunks.set(chunk, 1);
      return chunks;
    });
    return pack(connection, question, found);
  });
}

/** Nothing below a class that is seen is hidden; then the chunk of every mention that is seen is seen, since no mention has a lower class than its chunk. */
const seesBelow = (mask: number): boolean => (mask & (mask + 1)) === 0;
const seenChunk = "AND EXISTS (SELECT 1 FROM chunks c WHERE c.key = x.chunk AND (1 << c.class) & @mask)";

function pack(connection: Connection, { mask, most }: { mask: number; most: number }, found: Map<number, 0 | 1>[]): PackedLinks {
  const kept = found.map((chunks) => (chunks.size <= most ? chunks : new Map<number, 0 | 1>()));
  const keys = JSON.stringify([...new Set(kept.flatMap((chunks) => [...chunks.keys()]))]);
  const rows = connection.prepare("SELECT c.key, c.id FROM json_each(?) j CROSS JOIN chunks c ON c.key = j.value WHERE (1 << c.class) & ?").raw().all(keys, mask) as [number, string][];
  const placeOf = new Map(rows.map(([key], place) => [key, place]));
  const pairs = kept.map((chunks) => [...chunks].flatMap(([key, isAbout]) => (placeOf.has(key) ? [placeOf.get(key)!, isAbout] : [])));
  return {
    chunkIds: rows.map(([, id]) => id),
    places: Int32Array.from(pairs.flat()),
    lengths: Int32Array.from(pairs, (each) => each.length / 2),
    frequency: Int32Array.from(found, (chunks) => chunks.size),
  };
}

/** Name → members of the things that a visible mention names so. */
function membersOf(connection: Connection, question: Sight & { names: string[] }, scopes: number[]): Map<string, Set<string>> {
  const named = connection
    .prepare(`SELECT j.value, n.entity FROM json_each(@names) j CROSS JOIN json_each(@scopes) s CROSS JOIN entity_names n ON n.scope = s.value AND n.name = j.value WHERE ${seenName}`)
    .raw()
    .all({ names: JSON.stringify(question.names), scopes: JSON.stringify(scopes), mask: question.mask }) as [string, string][];
  const things = thingsOf(connection, question, named.map(([, entity]) => entity));
  const members = new Map<string, Set<string>>();
  for (const [name, entity] of named) members.set(name, new Set([...(members.get(name) ?? []), ...(things.get(entity)?.members ?? [])]));
  return members;
}

/** Entity → every name that a visible mention says of it. */
function namesOf(connection: Connection, eyes: Eyes, entities: Set<string>): Map<string, string[]> {
  const rows = connection.prepare(`SELECT n.entity, n.name FROM json_each(@ids) j CROSS JOIN entity_names n ON n.entity = j.value WHERE ${seenName}`).raw().all({ ids: JSON.stringify([...entities]), mask: eyes.mask }) as [string, string][];
  const names = new Map<string, string[]>();
  for (const [entity, name] of rows) names.set(entity, [...(names.get(entity) ?? []), name]);
  return names;
}

/** Entities the chunks mention most often, as `[entity id, mentions]`. */
function mentionedIn(connection: Connection, question: Eyes & { chunks: number[] }): [string, number][] {
  return connection
    .prepare("SELECT x.entity, count(*) FROM json_each(?) j CROSS JOIN mentions x ON x.chunk = j.value WHERE (1 << x.class) & ? GROUP BY x.entity")
    .raw()
    .all(JSON.stringify(question.chunks), question.mask) as [string, number][];
}

/** Things the chunks mention, those named there most often first. */
export function thingsOfChunks(connection: Connection, question: Eyes & { chunks: number[]; limit: number }): Thing[] {
  return snapshot(connection, () => {
    const mentioned = mentionedIn(connection, question);
    const things = thingsOf(connection, question, mentioned.map(([entity]) => entity));
    const counts = new Map<Thing, number>();
    for (const [entity, count] of mentioned) {
      const thing = things.get(entity);
      if (thing) counts.set(thing, (counts.get(thing) ?? 0) + count);
    }
    const ordered = [...counts].sort((a, b) => b[1] - a[1] || (a[0].id < b[0].id ? -1 : 1)).slice(0, question.limit);
    return ordered.map(([thing]) => thing);
  });
}

/** One whose last mention went between two calls is no more. */
export const describeThings = (connection: Connection, question: Eyes & { things: Thing[] }): Entity[] =>
  snapshot(connection, () => describe(connection, question, question.things).filter((each) => each.mentionCount > 0));

/** Those of the chunks that are visible and pass the filters. */
export function matchingChunks(connection: Connection, question: Eyes & { chunks: number[]; filters: Filters }): string[] {
  return snapshot(connection, () => {
    const rows = connection
      .prepare("SELECT c.key, c.id, c.scope FROM json_each(?) j CROSS JOIN chunks c ON c.key = j.value CROSS JOIN text_scopes s ON s.key = c.scope AND s.tenant = ? WHERE (1 << c.class) & ?")
      .all(JSON.stringify(question.chunks), question.tenant, question.mask) as { key: number; id: string; scope: number }[];
    const passing = chunksPassing(connection, [...new Set(rows.map((row) => row.scope))], question.filters);
    return rows.filter((row) => !passing || passing.has(row.key)).map((row) => row.id);
  });
}
