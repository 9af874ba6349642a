import { rank, type Class } from "../../../data/classification.ts";
import type { Entity } from "../../../data/entity.ts";
import { mostRead, showEntity, tally, type Said } from "../show-entity.ts";
import type { Thing } from "../thing.ts";
import { visible } from "./sight.ts";
import type { Reader } from "./things.ts";
import { rankIn } from "./write-rows.ts";

/** Cypher: `said` of the entity `e`, from its first `$most` visible mentions by class and place. */
export const saidFirst = `CALL (e) {
    MATCH (e)-[x:MENTIONED_IN]->() WHERE ${visible("x")}
    WITH x ORDER BY ${rankIn("x.class")}, x.chunk, x.key LIMIT $most
    WITH x.name AS name, x.surface AS surface, x.description AS description, count(*) AS count
    RETURN collect({name: name, surface: surface, description: description, count: count, type: e.type}) AS said
  }`;

const said = `UNWIND $ids AS id MATCH (e:Entity {id: id})
  ${saidFirst}
  CALL (e) {
    MATCH (e)-[x:MENTIONED_IN]->() WHERE ${visible("x")}
    WITH x.class AS class, x.document AS document, count(*) AS count
    RETURN collect({class: class, document: document, count: count}) AS counted
  }
  RETURN e.id AS id, said, counted`;

interface Row {
  id: string;
  said: Said[];
  counted: { class: Class; document: string; count: number }[];
}

/** Entities as the API shows them, in the order given: all of it computed from visible mentions. */
export async function describe({ run, sight }: Reader, things: readonly Thing[], most = mostRead.listed): Promise<Entity[]> {
  if (things.length === 0) return [];
  const rows = await run<Row>(said, { ...sight, ids: things.flatMap((thing) => thing.members), most });
  const saidOf = new Map(rows.map((row) => [row.id, row.said]));
  const countsOf = new Map(rows.map((row) => [row.id, row.counted.map((each) => ({ ...each, class: rank(each.class) }))]));
  // One whose last mention went between two queries is no more.
  return things.filter((thing) => saidOf.get(thing.id)?.length).map((thing) => showEntity(thing, saidOf, tally(thing, countsOf)));
}
