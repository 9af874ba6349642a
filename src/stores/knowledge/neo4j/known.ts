import { joinDescriptions } from "../join-descriptions.ts";
import { acronyms } from "../knowledge-changes.ts";
import type { KnownEntity } from "../knowledge-store.ts";
import { resembles } from "../resembles.ts";
import { mostFrequent, mostRead, type Said } from "../show-entity.ts";
import { saidFirst } from "./entities.ts";
import { written } from "./look-up.ts";
import { mentioned } from "./sight.ts";
import type { Reader } from "./things.ts";

const mostOfOneWord = 50;
const descriptionBound = 500;

const equal = `UNWIND $names AS name MATCH (e:Entity) WHERE e.scope = $scope AND e.name = name AND ${mentioned("e")} RETURN e.id AS id
  UNION UNWIND $names AS name MATCH (n:Name {key: $scope + ':' + name})<-[:HAS_NAME]-(e:Entity) WHERE ${written("e", "n")} RETURN e.id AS id`;
const shortened = ["initials", "short"].map((form) => `UNWIND $names AS name MATCH (e:Entity) WHERE e.scope = $scope AND e.${form} = name AND ${mentioned("e")} RETURN e.id AS id`).join(" UNION ");
// The order is the index's own, so that only the first ones are read.
const sharing = ["first", "last"]
  .flatMap((edge) => [
    `MATCH (n:Entity) WHERE n.scope = $scope AND n.${edge} = word AND n.name > '' AND ${mentioned("n")} WITH n ORDER BY n.scope, n.${edge}, n.name LIMIT $most RETURN n.id AS id, n.name AS name`,
    `MATCH (n:Name) WHERE n.scope = $scope AND n.${edge} = word AND n.name > '' MATCH (n)<-[:HAS_NAME]-(e:Entity) WHERE ${written("e", "n")} WITH n, e ORDER BY n.scope, n.${edge}, n.name LIMIT $most RETURN e.id AS id, n.name AS name`,
  ])
  .join(" UNION ");
const sharingOfEach = `UNWIND $words AS word CALL (word) { CALL (word) { ${sharing} } WITH id, min(name) AS name ORDER BY name, id LIMIT $most RETURN id } RETURN DISTINCT id`;

const entities = `UNWIND $ids AS id MATCH (e:Entity {id: id}) WHERE $types IS NULL OR e.type IN $types
  RETURN e.id AS id, e.type AS type, e.name AS name, coalesce(e.qualifier, '') AS qualifier, COLLECT { MATCH (e)-[:HAS_NAME]->(n:Name) WHERE n.name <> '' AND n.name <> e.name AND ${written("e", "n")} RETURN n.name ORDER BY n.name } AS aliases ORDER BY id`;
const told = `UNWIND $ids AS id MATCH (e:Entity {id: id}) ${saidFirst} RETURN e.id AS id, said`;

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
  if (single.length > 0) await collect(shortened, { names: single });
  await collect(sharingOfEach, { words, most: mostOfOneWord });
  const seen = await run<Omit<KnownEntity, "surface" | "description">>(entities, { ...sight, ids: [...ids].sort(), types });
  const similar = seen.filter((each) => resembles(names, each.name, each.aliases));
  const rows = await run<{ id: string; said: Said[] }>(told, { ...sight, ids: similar.map((each) => each.id), most: mostRead.listed });
  const saidOf = new Map(rows.map((row) => [row.id, row.said]));
  return similar.flatMap((each) => {
    const said = saidOf.get(each.id) ?? [];
    // One whose last mention went between two queries is no more.
    if (said.length === 0) return [];
    return [{ ...each, surface: mostFrequent(said.map((row) => [row.surface, row.count])), description: joinDescriptions(said.map((row) => [row.description, row.count]), descriptionBound) }];
  });
}
