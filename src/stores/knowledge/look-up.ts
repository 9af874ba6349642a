import type { Entity, Mention, Relation } from "../../data/entity.ts";
import { normaliseName } from "../../data/identity.ts";
import type { Connection } from "../sqlite/connection.ts";
import { scopesOf, snapshot, type Sight } from "../text/scope-filter.ts";
import { describe } from "./describe.ts";
import { relationsOf } from "./relate.ts";
import { mostRead } from "./show-entity.ts";
import { mostReadOf, showSources, type DescriptionSources, type SaidThere } from "./show-sources.ts";
import { readShownName } from "./shown-name.ts";
import { mentionCounts, thingsOf, type Eyes } from "./things.ts";

export function lookUpEntity(connection: Connection, question: Eyes & { id: string }): Entity | null {
  return snapshot(connection, () => {
    const thing = thingsOf(connection, question, [question.id]).get(question.id);
    return thing ? describe(connection, question, [thing], mostRead.alone)[0]! : null;
  });
}

/** Of its first mentions, by class and place. */
export function lookUpSources(connection: Connection, question: Eyes & { id: string; bound: number }): DescriptionSources | null {
  return snapshot(connection, () => {
    const thing = thingsOf(connection, question, [question.id]).get(question.id);
    if (!thing) return null;
    const read = connection.prepare(
      `SELECT @entity AS entity, (SELECT type FROM entities WHERE id = @entity) AS type, name, description, document, count(*) AS count
       FROM (SELECT name, description, document FROM mentions WHERE entity = @entity AND (1 << class) & @mask ORDER BY class, chunk, id LIMIT @most) GROUP BY name, description, document`,
    );
    const said = thing.members.flatMap((entity) => read.all({ entity, mask: question.mask, most: mostReadOf(thing) }) as SaidThere[]);
    const strictest = connection.prepare("SELECT max(k.class) FROM json_each(?) j CROSS JOIN mention_counts k ON k.entity = j.value WHERE (1 << k.class) & ?").pluck();
    return showSources(thing, said, strictest.get(JSON.stringify(thing.members), question.mask) as number, question.bound);
  });
}

/** Visible mentions of the thing, surest first. */
export function lookUpMentions(connection: Connection, question: Eyes & { id: string; limit: number }): Mention[] {
  return snapshot(connection, () => {
    const members = thingsOf(connection, question, [question.id]).get(question.id)?.members ?? [];
    return connection
      .prepare(
        `SELECT c.id AS chunkId, x.document AS documentId, c.page, x.quote, x.start, x."end", x.confidence, x.method, x.model
         FROM json_each(?) j CROSS JOIN mentions x ON x.entity = j.value CROSS JOIN chunks c ON c.key = x.chunk
         WHERE (1 << x.class) & ? ORDER BY x.confidence DESC, x.document, c.ordinal, x.start, x.id LIMIT ?`,
      )
      .all(JSON.stringify(members), question.mask, question.limit) as Mention[];
  });
}

export const lookUpRelations = (connection: Connection, question: Eyes & { ids: string[]; limit: number }): Relation[] =>
  snapshot(connection, () => relationsOf(connection, question, question.ids, question.limit));

// A name is seen when a visible mention says it: as its surface, or as its entity's own name.
const seenName = `(EXISTS (SELECT 1 FROM mentions x WHERE x.entity = n.entity AND x.alias = n.name AND (1 << x.class) & @mask)
  OR EXISTS (SELECT 1 FROM entities o WHERE o.id = n.entity AND o.name = n.name AND EXISTS (SELECT 1 FROM mentions x WHERE x.entity = o.id AND (1 << x.class) & @mask)))`;
const inScope = "n.scope IN (SELECT value FROM json_each(@scopes))";
const mostFound = 2_000;

/** Things by name: exact name, exact alias, beginning, all words; among equals those most often mentioned first. */
export function searchEntities(connection: Connection, question: Sight & { text: string; type: string | null; limit: number; offset: number }): { items: Entity[]; more: boolean } {
  return snapshot(connection, () => {
    const whole = question.text.trim() === "" ? everything(connection, question) : byName(connection, question);
    const shown = whole.size === 0 ? readShownName(question.text) : null;
    const places = shown ? byName(connection, { ...question, text: shown.name }) : whole;
    const things = thingsOf(connection, question, places.keys());
    const ranked = new Map<string, { place: number; id: string }>();
    for (const [entity, place] of places) {
      const thing = things.get(entity);
      if (!thing || (shown && normaliseName(thing.apart) !== shown.apart)) continue;
      const known = ranked.get(thing.id);
      if (!known || place < known.place) ranked.set(thing.id, { place, id: thing.id });
    }
    const members = [...ranked.keys()].flatMap((id) => things.get(id)!.members);
    const counts = mentionCounts(connection, question, members);
    const mentioned = (id: string) => things.get(id)!.members.reduce((sum, member) => sum + (counts.get(member) ?? 0), 0);
    const ordered = [...ranked.values()]
      .map((each) => ({ ...each, mentioned: mentioned(each.id) }))
      .sort((a, b) => a.place - b.place || b.mentioned - a.mentioned || (a.id < b.id ? -1 : 1));
    const page = ordered.slice(question.offset, question.offset + question.limit);
    return { items: describe(connection, question, page.map(({ id }) => things.get(id)!)), more: ordered.length > question.offset + question.limit };
  });
}

function everything(connection: Connection, { type, mask, ...sight }: Sight & { type: string | null }): Map<string, number> {
  const sql = `SELECT e.id FROM entities e WHERE e.scope IN (SELECT value FROM json_each(@scopes)) AND (@type IS NULL OR e.type = @type) AND EXISTS (SELECT 1 FROM mentions x WHERE x.entity = e.id AND (1 << x.class) & @mask)`;
  const ids = connection.prepare(sql).pluck().all({ scopes: JSON.stringify(scopesOf(connection, { ...sight, mask })), type, mask }) as string[];
  return new Map(ids.map((id) => [id, 0]));
}

/** Entity id → how well its name fits, 0 best. */
function byName(connection: Connection, question: Sight & { text: string; type: string | null }): Map<string, number> {
  const name = normaliseName(question.text);
  const words = name.split(" ");
  const places = new Map<string, number>();
  if (name === "") return places;
  const parameters = {
    scopes: JSON.stringify(scopesOf(connection, question)), mask: question.mask, type: question.type, name, end: `${name}\u{10FFFF}`,
    first: words.toSorted((a, b) => b.length - a.length)[0]!, words: JSON.stringify([...new Set(words)]), count: new Set(words).size, most: mostFound,
  };
  const typed = "(@type IS NULL OR e.type = @type)";
  const searches = [
    `SELECT e.id, iif(e.name = @name, 0, 1) FROM entity_names n CROSS JOIN entities e ON e.id = n.entity WHERE ${inScope} AND n.name = @name AND ${typed} AND ${seenName}`,
    `SELECT e.id, 2 FROM entity_names n CROSS JOIN entities e ON e.id = n.entity WHERE ${inScope} AND n.name > @name AND n.name < @end AND ${typed} AND ${seenName} LIMIT @most`,
    `SELECT e.id, 3 FROM name_words n CROSS JOIN entities e ON e.id = n.entity WHERE ${inScope} AND n.word = @first AND ${typed}
       AND (SELECT count(*) FROM json_each(@words) w WHERE instr(' ' || n.name || ' ', ' ' || w.value || ' ')) = @count AND ${seenName} LIMIT @most`,
  ];
  for (const sql of searches) {
    const named = Object.fromEntries(Object.entries(parameters).filter(([key]) => sql.includes(`@${key}`)));
    for (const [id, place] of connection.prepare(sql).raw().all(named) as [string, number][]) if (place < (places.get(id) ?? 9)) places.set(id, place);
  }
  return places;
}
