import { allClasses, type Class } from "../../data/classification.ts";
import { distinctDescriptions } from "./join-descriptions.ts";
import { mostFrequent, mostRead } from "./show-entity.ts";
import type { Thing } from "./thing.ts";

/** What the visible mentions of a thing say it is, and where that rests. */
export interface DescriptionSources {
  /** As they write it most often; nothing of another entity stands in it. */
  name: string;
  type: string;
  /** Each said once, the most frequent first: as many whole ones as fit. */
  descriptions: string[];
  /** There are more than fitted. */
  more: boolean;
  /** Strictest of all visible mentions and of the merges that join them. */
  class: Class;
  /** Those whose mentions were read for name and descriptions. */
  documents: string[];
}

/** Mentions of one member that are read, so that those of all come from some thousand documents at most. */
export const mostReadOf = ({ members }: Thing): number => Math.min(mostRead.alone, Math.ceil(2_000 / members.length));

/** Equal mentions of one entity in one document, counted. */
export interface SaidThere {
  entity: string;
  type: string;
  name: string;
  description: string;
  document: string;
  count: number;
}

/** `strictest` is the rank of the strictest visible mention, `bound` the characters of all descriptions together. */
export function showSources(thing: Thing, said: readonly SaidThere[], strictest: number, bound: number): DescriptionSources | null {
  const own = said.filter(({ entity }) => entity === thing.id);
  if (own.length === 0) return null;
  const descriptions: string[] = [];
  let room = bound;
  let more = false;
  for (const text of distinctDescriptions(said.map(({ description, count }) => [description, count]))) {
    more = text.length > room;
    if (more) break;
    room -= text.length;
    descriptions.push(text);
  }
  return {
    name: mostFrequent(own.map(({ name, count }) => [name, count])),
    type: own[0]!.type,
    descriptions,
    more,
    class: allClasses[Math.max(strictest, thing.joinedClass)]!,
    documents: [...new Set(said.map(({ document }) => document))].toSorted(),
  };
}
