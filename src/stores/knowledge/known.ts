import type { Connection } from "../sqlite/connection.ts";
import { scopesOf, snapshot, type Sight } from "../text/scope-filter.ts";
import { joinDescriptions } from "./join-descriptions.ts";
import { acronyms } from "./knowledge-changes.ts";
import type { KnownEntity } from "./knowledge-store.ts";
import { resembles } from "./resembles.ts";
import { mostFrequent } from "./show-entity.ts";
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
  const visible = visibleEntities(connection, question, ids);
  const rows = connection
    .prepare(
      `SELECT e.id, e.type, e.name, e.qualifier, x.surface, x.alias, x.description, count(*) AS count FROM json_each(?) j CROSS JOIN entities e ON e.id = j.value CROSS JOIN mentions x ON x.entity = e.id
       WHERE (1 << x.class) & ? GROUP BY e.id, x.surface, x.description ORDER BY e.id`,
    )
    .all(JSON.stringify(visible), question.mask) as (Omit<KnownEntity, "surface" | "aliases"> & { surface: string; alias: string; count: number })[];
  const candidates = [...Map.groupBy(rows, (row) => row.id).values()].filter((said) => resembles(question.names, said[0]!.name, said.map((row) => row.alias)));
  return candidates
    .filter(([first]) => !question.types || question.types.includes(first!.type))
    .map((said) => {
      const { id, type, name, qualifier } = said[0]!;
      const aliases = [...new Set(said.map((row) => row.alias))].filter((alias) => alias !== "" && alias !== name);
      return { id, type, name, qualifier, aliases, surface: mostFrequent(said.map((row) => [row.surface, row.count])), description: joinDescriptions(said.map((row) => [row.description, row.count]), descriptionBound) };
    });
}
