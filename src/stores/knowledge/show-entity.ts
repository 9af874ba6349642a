import { allClasses } from "../../data/classification.ts";
import type { Entity } from "../../data/entity.ts";
import { normaliseName } from "../../data/identity.ts";
import { joinDescriptions } from "./join-descriptions.ts";
import { shownName } from "./shown-name.ts";
import type { Thing } from "./thing.ts";

const descriptionBound = 1_000;
const mostAliases = 50;
/** Mentions of one entity that are read for its name, aliases and description: of a thing by itself, and of one in a list. Counts and class are of all mentions. */
export const mostRead = { alone: 500, listed: 100 };

/** Equal mentions of one entity, counted. */
export interface Said {
  type: string;
  name: string;
  surface: string;
  description: string;
  count: number;
}

/** Mentions of one class in one document. `class` is a rank. */
export interface Counted {
  class: number;
  document: string;
  count: number;
}

/** All visible mentions of a thing. `class` is the strictest rank. */
export interface Tally {
  class: number;
  mentions: number;
  documents: number;
}

export function tally(thing: Thing, countsOf: ReadonlyMap<string, readonly Counted[]>): Tally {
  const counted = thing.members.flatMap((member) => countsOf.get(member) ?? []);
  return {
    class: counted.reduce((strictest, row) => Math.max(strictest, row.class), 0),
    mentions: counted.reduce((sum, { count }) => sum + count, 0),
    documents: new Set(counted.map(({ document }) => document)).size,
  };
}

/** A thing as the API shows it, from the visible mentions of its members. */
export function showEntity(thing: Thing, saidOf: ReadonlyMap<string, readonly Said[]>, counted: Tally): Entity {
  const said = thing.members.flatMap((member) => saidOf.get(member) ?? []);
  const own = saidOf.get(thing.id) ?? [];
  const name = mostFrequent(own.map((row) => [row.name, row.count]));
  return {
    id: thing.id,
    name: shownName(name, thing.apart),
    type: own[0]?.type ?? "",
    description: joinDescriptions(said.map((row) => [row.description, row.count]), descriptionBound),
    aliases: aliases(said, name),
    class: allClasses[Math.max(counted.class, thing.joinedClass)]!,
    mentionCount: counted.mentions,
    documentCount: counted.documents,
  };
}

/** Other names and surfaces, each normal form once in its most frequent writing, most frequent first. */
function aliases(said: readonly Said[], name: string): string[] {
  const writings = new Map<string, [string, number][]>();
  const own = normaliseName(name);
  for (const row of said) {
    for (const text of new Set([row.name, row.surface])) {
      if (text === name) continue;
      const normal = normaliseName(text);
      if (normal === "" || normal === own) continue;
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
