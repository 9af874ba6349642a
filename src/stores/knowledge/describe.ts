import type { Entity } from "../../data/entity.ts";
import type { Connection } from "../sqlite/connection.ts";
import { mostRead, showEntity, type Said, type Tally } from "./show-entity.ts";
import type { Eyes, Thing } from "./things.ts";

/** Entities as the API shows them, in the order given: all of it computed from visible mentions. */
export function describe(connection: Connection, eyes: Eyes, things: readonly Thing[]): Entity[] {
  const read = connection.prepare(
    `SELECT (SELECT type FROM entities WHERE id = @entity) AS type, name, surface, description, count(*) AS count FROM
       (SELECT name, surface, description FROM mentions WHERE entity = @entity AND (1 << class) & @mask ORDER BY class, chunk, id LIMIT ${mostRead})
     GROUP BY name, surface, description`,
  );
  const count = connection.prepare(
    `SELECT max(x.class) AS class, count(*) AS mentions, count(DISTINCT x.document) AS documents
     FROM json_each(@members) j CROSS JOIN mentions x ON x.entity = j.value WHERE (1 << x.class) & @mask`,
  );
  return things.map((thing) => {
    const saidOf = new Map(thing.members.map((entity) => [entity, read.all({ entity, mask: eyes.mask }) as Said[]]));
    return showEntity(thing, saidOf, count.get({ members: JSON.stringify(thing.members), mask: eyes.mask }) as Tally);
  });
}
