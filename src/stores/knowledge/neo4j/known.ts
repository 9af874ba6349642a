import { joinDescriptions } from "../join-descriptions.ts";
import { acronyms } from "../knowledge-changes.ts";
import type { KnownEntity } from "../knowledge-store.ts";
import { resembles } from "../resembles.ts";
import { mostFrequent } from "../show-entity.ts";
import { saidName } from "./look-up.ts";
import { mentioned, visible } from "./sight.ts";
import type { Reader } from "./things.ts";

const mostOfOneWord = 50;
const descriptionBound = 500;

const equal = `UNWIND $names AS name MATCH (n:Name {key: $scope + ':' + name})<-[:HAS_NAME]-(e:Entity) WHERE ${saidName("e", "n")} RETURN DISTINCT e.id AS id`;
const shortened = (form: "initials" | "short"): string => `UNWIND $names AS name MATCH (e:Entity) WHERE e.scope = $scope AND e.${form} = name AND ${mentioned("e")} RETURN DISTINCT e.id AS id`;
const withWord = (place: "first" | "last"): string => `MATCH (n:Name) WHERE n.scope = $scope AND n.${place} = word MATCH (n)<-[:HAS_NAME]-(e:Entity) WHERE ${saidName("e", "n")} RETURN n, e`;
const sharing = `UNWIND $words AS word CALL (word) { CALL (word) { ${withWord("first")} UNION ${withWord("last")} } WITH e.id AS id, min(n.name) AS name ORDER BY name, id LIMIT $most RETURN id } RETURN DISTINCT id`;

const told = `UNWIND $ids AS id MATCH (e:Entity {id: id})-[x:MENTIONED_IN]->() WHERE ${visible("x")}
  RETURN e.id AS id, e.type AS type, e.name AS name, e.qualifier AS qualifier, x.surface AS surface, x.alias AS alias, x.description AS description, count(*) AS count ORDER BY id`;

type Told = Omit<KnownEntity, "aliases"> & { alias: string; count: number };

/**
 * Candidates to merge with: entities named so, written so somewhere, of which a name is the short form or which is the
 * short form of a name, or that share the first or last word of a name (the first 50 of each word, by name).
 */
export async function knownEntities({ run, sight }: Reader, scope: string, names: string[], types: string[] | null): Promise<KnownEntity[]> {
  const single = names.filter((name) => !name.includes(" "));
  const words = [...new Set(names.flatMap((name) => [name.split(" ")[0]!, name.split(" ").at(-1)!]))];
  const ids = new Set<string>();
  const collect = async (text: string, parameters: object): Promise<void> => {
    for (const { id } of await run<{ id: string }>(text, { ...sight, scope, ...parameters })) ids.add(id);
  };
  await collect(equal, { names: [...new Set([...names, ...names.flatMap(acronyms)])].filter((name) => name !== "") });
  for (const form of ["initials", "short"] as const) if (single.length > 0) await collect(shortened(form), { names: single });
  await collect(sharing, { words, most: mostOfOneWord });
  const rows = await run<Told>(told, { ...sight, ids: [...ids].sort() });
  return [...Map.groupBy(rows, (row) => row.id).values()]
    .filter((said) => resembles(names, said[0]!.name, said.map((row) => row.alias)) && (!types || types.includes(said[0]!.type)))
    .map((said) => {
      const { id, type, name, qualifier } = said[0]!;
      const aliases = [...new Set(said.map((row) => row.alias))].filter((alias) => alias !== "" && alias !== name);
      return { id, type, name, qualifier, aliases, surface: mostFrequent(said.map((row) => [row.surface, row.count])), description: joinDescriptions(said.map((row) => [row.description, row.count]), descriptionBound) };
    });
}
