import type { Entity } from "../../data/entity.ts";
import type { Connection } from "../sqlite/connection.ts";
import { mostRead, showEntity, type Said, type Tally } from "./show-entity.ts";
import type { Eyes } from "./things.ts";
import type { Thing } from "./thing.ts";

const visible = "mentions WHERE entity = @entity AND (1 << class) & @mask";

const said = (source: string): string =>
  `SELECT (SELECT type FROM entities WHERE id = @entity) AS type, name, surface, description, count(*) AS count FROM ${source} GROUP BY name, surface, description`;

/** Its first `@most` mentions, by class and place. */
export const saidFirst = said(`(SELECT name, surface, description FROM ${visible} ORDER BY class, chunk, id LIMIT @most)`);

/** Entities as the API shows them, in the order given: all of it computed from visible mentions, at most `most` of each. */
export function describe(connection: Connection, eyes: Eyes, things: readonly Thing[], most = mostRead.listed): Entity[] {
  const count = connection.prepare(
    `SELECT max(k.class) AS class, coalesce(sum(k.count), 0) AS mentions, count(DISTINCT k.document) AS documents
     FROM json_each(@members) j CROSS JOIN mention_counts k ON k.entity = j.value WHERE (1 << k.class) & @mask`,
  );
  // Nothing has to be put in order where all are read.
  const readAll = connection.prepare(said(visible));
  const readFirst = connection.prepare(saidFirst);
  return things.map((thing) => {
    const counted = count.get({ members: JSON.stringify(thing.members), mask: eyes.mask }) as Tally;
    const read = counted.mentions <= most ? readAll : readFirst;
    return showEntity(thing, new Map(thing.members.map((entity) => [entity, read.all({ entity, mask: eyes.mask, most }) as Said[]])), counted);
  });
}
