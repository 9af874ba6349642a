import type { Entity } from "../../data/entity.ts";
import type { Connection } from "../sqlite/connection.ts";
import { mostRead, showEntity, type Said, type Tally } from "./show-entity.ts";
import type { Eyes, Thing } from "./things.ts";

/** Entities as the API shows them, in the order given: all of it computed from visible mentions. */
export function describe(connection: Connection, eyes: Eyes, things: readonly Thing[]): Entity[] {
  const count = connection.prepare(
    `SELECT max(x.class) AS class, count(*) AS mentions, count(DISTINCT x.document) AS documents
     FROM json_each(@members) j CROSS JOIN mentions x ON x.entity = j.value WHERE (1 << x.class) & @mask`,
  );
  // Nothing has to be put in order where all are read.
  const readAll = connection.prepare(said(visible));
  const readFirst = connection.prepare(said(`(SELECT name, surface, description FROM ${visible} ORDER BY class, chunk, id LIMIT ${mostRead})`));
  return things.map((thing) => {
    const counted = count.get({ members: JSON.stringify(thing.members), mask: eyes.mask }) as Tally;
    const read = counted.mentions <= mostRead ? readAll : readFirst;
    return showEntity(thing, new Map(thing.members.map((entity) => [entity, read.all({ entity, mask: eyes.mask }) as Said[]])), counted);
  });
}

const visible = "mentions WHERE entity = @entity AND (1 << class) & @mask";

const said = (source: string): string =>
  `SELECT (SELECT type FROM entities WHERE id = @entity) AS type, name, surface, description, count(*) AS count FROM ${source} GROUP BY name, surface, description`;
