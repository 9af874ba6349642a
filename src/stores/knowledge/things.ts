import type { Connection } from "../sqlite/connection.ts";

/** Whose eyes: nothing of another tenant, nothing of a class outside the mask. */
export interface Eyes {
  tenant: string;
  mask: number;
}

/** What is shown as one entity: members joined by merges that the caller may see. */
export interface Thing {
  /** The member with most visible mentions, the lowest id among equals. */
  id: string;
  members: string[];
  /** Strictest class rank of the merges that join it. */
  joinedClass: number;
}

const visibleMention = (entity: string): string => `EXISTS (SELECT 1 FROM mentions x WHERE x.entity = ${entity} AND (1 << x.class) & @mask)`;

/**
 * The thing each of these entities belongs to, by entity id. Entities without a visible mention do not exist: they are
 * left out, and a path of merges does not lead through them.
 */
export function thingsOf(connection: Connection, eyes: Eyes, entityIds: Iterable<string>): Map<string, Thing> {
  const groups = joined(connection, eyes, visibleEntities(connection, eyes, [...new Set(entityIds)]));
  const counts = mentionCounts(connection, eyes, groups.filter(({ members }) => members.length > 1).flatMap(({ members }) => members));
  const things = new Map<string, Thing>();
  for (const { members, joinedClass } of groups) {
    members.sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || (a < b ? -1 : 1));
    const thing: Thing = { id: members[0]!, members, joinedClass };
    for (const member of members) things.set(member, thing);
  }
  return things;
}

export function visibleEntities(connection: Connection, eyes: Eyes, ids: string[]): string[] {
  return connection
    .prepare(`SELECT e.id FROM json_each(@ids) j CROSS JOIN entities e ON e.id = j.value CROSS JOIN text_scopes s ON s.key = e.scope AND s.tenant = @tenant WHERE ${visibleMention("e.id")}`)
    .pluck()
    .all({ ids: JSON.stringify(ids), tenant: eyes.tenant, mask: eyes.mask }) as string[];
}

/** Follows visible merges from the given entities until nothing new is found. */
function joined(connection: Connection, eyes: Eyes, start: string[]): { members: string[]; joinedClass: number }[] {
  const union = new Union();
  const seen = new Set(start);
  const step = connection
    .prepare(
      `SELECT m.a, m.b, m.class FROM json_each(@ids) j CROSS JOIN merges m ON m.a = j.value WHERE (1 << m.class) & @mask AND ${visibleMention("m.b")}
       UNION SELECT m.a, m.b, m.class FROM json_each(@ids) j CROSS JOIN merges m ON m.b = j.value WHERE (1 << m.class) & @mask AND ${visibleMention("m.a")}`,
    )
    .raw();
  for (const id of start) union.add(id);
  for (let frontier = start; frontier.length > 0; ) {
    const next: string[] = [];
    for (const [a, b, value] of step.all({ ids: JSON.stringify(frontier), mask: eyes.mask }) as [string, string, number][]) {
      union.join(a, b, value);
      for (const id of [a, b]) {
        if (seen.has(id)) continue;
        seen.add(id);
        next.push(id);
      }
    }
    frontier = next;
  }
  return union.groups();
}

export function mentionCounts(connection: Connection, eyes: Eyes, ids: string[]): Map<string, number> {
  if (ids.length === 0) return new Map();
  const sql = "SELECT x.entity, count(*) FROM json_each(?) j CROSS JOIN mentions x ON x.entity = j.value WHERE (1 << x.class) & ? GROUP BY x.entity";
  return new Map(connection.prepare(sql).raw().all(JSON.stringify(ids), eyes.mask) as [string, number][]);
}

/** Disjoint sets with path halving. */
export class Union {
  readonly #parents = new Map<string, string>();
  readonly #classes = new Map<string, number>();

  add(id: string): void {
    if (!this.#parents.has(id)) this.#parents.set(id, id);
  }

  root(id: string): string {
    this.add(id);
    let at = id;
    for (let up = this.#parents.get(at)!; up !== at; up = this.#parents.get(at)!) {
      this.#parents.set(at, this.#parents.get(up)!);
      at = this.#parents.get(at)!;
    }
    return at;
  }

  /** True when they were apart. */
  join(a: string, b: string, value = 0): boolean {
    const [one, other] = [this.root(a), this.root(b)];
    const strictest = Math.max(value, this.#classes.get(one) ?? 0, this.#classes.get(other) ?? 0);
    this.#parents.set(other, one);
    this.#classes.set(one, strictest);
    return one !== other;
  }

  groups(): { members: string[]; joinedClass: number }[] {
    const groups = new Map<string, { members: string[]; joinedClass: number }>();
    for (const id of this.#parents.keys()) {
      const root = this.root(id);
      if (!groups.has(root)) groups.set(root, { members: [], joinedClass: this.#classes.get(root) ?? 0 });
      groups.get(root)!.members.push(id);
    }
    return [...groups.values()];
  }
}
