import { allClasses } from "../../data/classification.ts";
import type { Entity } from "../../data/entity.ts";
import { normaliseName } from "../../data/identity.ts";
import type { Connection } from "../sqlite/connection.ts";
import { joinDescriptions } from "./join-descriptions.ts";
import type { Eyes, Thing } from "./things.ts";

const descriptionBound = 1_000;
const mostAliases = 50;

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
  const members = JSON.stringify(things.flatMap((thing) => thing.members));
  const said = connection
    .prepare(
      `SELECT x.entity, e.type, x.name, x.surface, x.class, x.description, count(*) AS count FROM json_each(?) j CROSS JOIN entities e ON e.id = j.value
       CROSS JOIN mentions x ON x.entity = e.id WHERE (1 << x.class) & ? GROUP BY x.entity, x.name, x.surface, x.class, x.description`,
    )
    .all(members, eyes.mask) as Said[];
  const pairs = connection.prepare("SELECT DISTINCT x.entity, x.document FROM json_each(?) j CROSS JOIN mentions x ON x.entity = j.value WHERE (1 << x.class) & ?").raw().all(members, eyes.mask) as [string, string][];
  const saidOf = Map.groupBy(said, (row) => row.entity);
  const documentsOf = Map.groupBy(pairs, ([entity]) => entity);
  return things.map((thing) => {
    const rows = thing.members.flatMap((member) => saidOf.get(member) ?? []);
    const own = saidOf.get(thing.id) ?? [];
    const name = mostFrequent(own.map((row) => [row.name, row.count]));
    return {
      id: thing.id,
      name,
      type: own[0]?.type ?? "",
      description: joinDescriptions(rows.map((row) => [row.description, row.count]), descriptionBound),
      aliases: aliases(rows, name),
      class: allClasses[rows.reduce((strictest, row) => Math.max(strictest, row.class), thing.joinedClass)]!,
      mentionCount: rows.reduce((sum, row) => sum + row.count, 0),
      documentCount: new Set(thing.members.flatMap((member) => (documentsOf.get(member) ?? []).map(([, document]) => document))).size,
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
