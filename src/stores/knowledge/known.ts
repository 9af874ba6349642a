import type { Connection } from "../sqlite/connection.ts";
import { scopesOf, snapshot, type Sight } from "../text/scope-filter.ts";
import { saidFirst } from "./describe.ts";
import { joinDescriptions } from "./join-descriptions.ts";
import { acronyms } from "./knowledge-changes.ts";
import type { KnownEntity } from "./knowledge-store.ts";
import { resembles } from "./resembles.ts";
import { mostFrequent, mostRead, type Said } from "./show-entity.ts";
import { visibleEntities } from "./things.ts";

const mostOfOneWord = 50;
const descriptionBound = 500;

/**
 * Candidates to merge with: entities named so, written so somewhere, of which a name is the short form or which is the
 * short form of a name, or that share the first or last word of a name (the first 50 of each word, by name).
 */
export function knownEntities(connection: Connection, question: Sight & { names: string[]; types: string[] | null }): KnownEntity[] {
  return snapshot(connection, () => {
    const scope = scopesOf(connection, question)[0];
    if (scope === undefined) return [];
    const found = new Set<string>();
    const collect = (sql: string, values: Iterable<string>) => {
      for (const id of connection.prepare(sql).pluck().all({ scope, mask: question.mask, values: JSON.stringify([...new Set(values)].filter((value) => value !== "")) }) as string[]) found.add(id);
    };
    const { names } = question;
    const equal = "SELECT n.entity FROM json_each(@values) j CROSS JOIN entity_names n ON n.scope = @scope AND n.name = j.value WHERE @mask";
    collect(equal, [...names, ...names.flatMap(acronyms)]);
    for (const column of ["initials", "short"]) collect(`SELECT e.id FROM json_each(@values) j CROSS JOIN entities e ON e.scope = @scope AND e.${column} = j.value AND e.${column} <> '' WHERE @mask`, names.filter((name) => !name.includes(" ")));
    const edges = connection.prepare(`SELECT DISTINCT entity FROM name_words WHERE scope = ? AND word = ? AND edge = 1 LIMIT ${mostOfOneWord}`).pluck();
    for (const word of new Set(names.flatMap((name) => [name.split(" ")[0]!, name.split(" ").at(-1)!]))) for (const id of edges.all(scope, word) as string[]) found.add(id);
    return seen(connection, question, [...found]);
  });
}

/** What the caller may see of them; an entity that was found by a hidden name only is left out. */
function seen(connection: Connection, question: Sight & { names: string[]; types: string[] | null }, ids: string[]): KnownEntity[] {
  const { mask, types } = question;
  const visible = JSON.stringify(visibleEntities(connection, question, ids));
  const entities = connection
    .prepare("SELECT e.id, e.type, e.name, e.qualifier FROM json_each(@ids) j CROSS JOIN entities e ON e.id = j.value WHERE @types IS NULL OR e.type IN (SELECT value FROM json_each(@types)) ORDER BY e.id")
    .all({ ids: visible, types: types && JSON.stringify(types) }) as Pick<KnownEntity, "id" | "type" | "name" | "qualifier">[];
  const written = connection.prepare("SELECT n.name FROM entity_names n WHERE n.entity = @id AND n.name <> '' AND EXISTS (SELECT 1 FROM mentions x WHERE x.entity = @id AND x.alias = n.name AND (1 << x.class) & @mask) ORDER BY n.name").pluck();
  const first = connection.prepare(saidFirst);
  return entities.flatMap((entity) => {
    const aliases = (written.all({ id: entity.id, mask }) as string[]).filter((name) => name !== entity.name);
    if (!resembles(question.names, entity.name, aliases)) return [];
    const said = first.all({ entity: entity.id, mask, most: mostRead.listed }) as Said[];
    return [{ ...entity, aliases, surface: mostFrequent(said.map((row) => [row.surface, row.count])), description: joinDescriptions(said.map((row) => [row.description, row.count]), descriptionBound) }];
  });
}
