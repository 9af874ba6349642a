import { allClasses } from "../../data/classification.ts";
import type { Entity } from "../../data/entity.ts";
import { normaliseName } from "../../data/identity.ts";
import type { Connection } from "../sqlite/connection.ts";
import { joinDescriptions } from "./join-descriptions.ts";
import type { Eyes, Thing } from "./things.ts";

const descriptionBound = 1_000;
const mostAliases = 50;
/** Mentions of one entity that are read for its name, aliases and description; counts and class are of all of them. */
const mostRead = 500;

interface Said {
  entity: string;
  type: string;
  name: string;
  surface: string;
  class: number;
  description: string;
  count: number;
}

/** Entities as the API shows them, in the order given: all of it computed from visible mentions. */
export function describe(connection: Connection, eyes: Eyes, things: readonly Thing[]): Entity[] {
  const ids = things.flatMap((thing) => thing.members);
  const read = connection.prepare(
    `SELECT entity, type, name, surface, class, description, count(*) AS count FROM
       (SELECT x.entity, e.type, x.name, x.surface, x.class, x.description FROM mentions x CROSS JOIN entities e ON e.id = x.entity WHERE x.entity = ? AND (1 << x.class) & ? ORDER BY x.class, x.chunk, x.id LIMIT ${mostRead})
     GROUP BY name, surface, class, description`,
  );
  const count = connection.prepare("SELECT class, document, count(*) AS count FROM mentions WHERE entity = ? AND (1 << class) & ? GROUP BY class, document").raw();
  const saidOf = new Map(ids.map((id) => [id, read.all(id, eyes.mask) as Said[]]));
  const counts = new Map(ids.map((id) => [id, count.all(id, eyes.mask) as [class_: number, document: string, count: number][]]));
  return things.map((thing) => {
    const rows = thing.members.flatMap((member) => saidOf.get(member) ?? []);
    const counted = thing.members.flatMap((member) => counts.get(member) ?? []);
    const own = saidOf.get(thing.id) ?? [];
    const name = mostFrequent(own.map((row) => [row.name, row.count]));
    return {
      id: thing.id,
      name,
      type: own[0]?.type ?? "",
      description: joinDescriptions(rows.map((row) => [row.description, row.count]), descriptionBound),
      aliases: aliases(rows, name),
      class: allClasses[counted.reduce((strictest, [value]) => Math.max(strictest, value), thing.joinedClass)]!,
      mentionCount: counted.reduce((sum, [, , mentions]) => sum + mentions, 0),
      documentCount: new Set(counted.map(([, document]) => document)).size,
    };
  });
}

/** Other names and surfaces, each normal form once in its most frequent writing, most frequent first. */
function aliases(rows: Said[], name: string): string[] {
  const writings = new Map<string, [string, number][]>();
  for (const row of rows) {
    for (const text of new Set([row.name, row.surface])) {
      const normal = normaliseName(text);
      if (normal === "" || normal === normaliseName(name)) continue;
      if (!writings.has(normal)) writings.set(normal, []);
      writings.get(normal)!.push([text, row.count]);
    }
  }
  const counted = [...writings.values()].map((each): [string, number] => [mostFrequent(each), each.reduce((sum, [, count]) => sum + count, 0)]);
  return counted.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, mostAliases).map(([text]) => text);
}

export function mostFrequent(counted: [text: string, count: number][]): string {
  const sums = new Map<string, number>();
  for (const [text, count] of counted) sums.set(text, (sums.get(text) ?? 0) + count);
  return [...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? "";
}
