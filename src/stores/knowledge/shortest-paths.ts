import type { Group } from "./show-relation.ts";
import type { Thing } from "./thing.ts";

/** Things seen before a search gives up: what is joined only through so many says little. */
const mostThings = 20_000;

interface Step {
  thing: Thing;
  hops: number;
  /** Relations that lead here from things one hop nearer to the start. */
  from: { thing: Thing; group: Group }[];
}

/**
 * Breadth-first search from one thing to another in rounds. A driver reads the relations that touch `frontier` and gives
 * them to `round`, while `goesOn`; relations are followed in both directions.
 */
export class PathSearch {
  frontier: Thing[];
  readonly #end: Thing;
  readonly #steps = new Map<string, Step>();
  #hops = 0;

  constructor(start: Thing, end: Thing) {
    this.#end = end;
    this.frontier = [start];
    this.#steps.set(start.id, { thing: start, hops: 0, from: [] });
  }

  get goesOn(): boolean {
    return this.frontier.length > 0 && !this.#steps.has(this.#end.id) && this.#steps.size < mostThings;
  }

  round(groups: readonly Group[]): void {
    this.#hops += 1;
    const next = new Map<string, Thing>();
    for (const group of groups) {
      for (const [thing, other] of [[group.source, group.target], [group.target, group.source]] as const) {
        if (this.#steps.get(thing.id)?.hops !== this.#hops - 1) continue;
        if (!this.#steps.has(other.id)) this.#steps.set(other.id, { thing: other, hops: this.#hops, from: [] });
        const step = this.#steps.get(other.id)!;
        if (step.hops !== this.#hops) continue;
        step.from.push({ thing, group });
        next.set(other.id, other);
      }
    }
    this.frontier = [...next.values()];
  }

  /** Things and relations of at most `limit` shortest paths, in the order from start to end; nothing when there is none. */
  found(limit: number): { things: Thing[]; groups: Group[] } {
    const things = new Map<string, Step>();
    const groups = new Set<Group>();
    let left = limit;
    const back = (id: string, behind: { step: Step; group: Group | null }[]): void => {
      const step = this.#steps.get(id);
      if (!step || left === 0) return;
      if (step.hops === 0) {
        left -= 1;
        for (const each of [...behind, { step, group: null }]) {
          things.set(each.step.thing.id, each.step);
          if (each.group) groups.add(each.group);
        }
        return;
      }
      const ordered = step.from.toSorted((a, b) => b.group.statements.length - a.group.statements.length || (a.thing.id < b.thing.id ? -1 : 1));
      for (const { thing, group } of ordered) back(thing.id, [...behind, { step, group }]);
    };
    back(this.#end.id, []);
    const ordered = [...things.values()].sort((a, b) => a.hops - b.hops || (a.thing.id < b.thing.id ? -1 : 1));
    return { things: ordered.map(({ thing }) => thing), groups: [...groups] };
  }
}
