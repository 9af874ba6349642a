import type { Chunk } from "../data/chunk.ts";
import { allClasses, rank } from "../data/classification.ts";
import { acronymOf, coreName } from "../data/core-name.ts";
import { normaliseName, type Scope } from "../data/identity.ts";
import type { Principal } from "../data/principal.ts";
import type { Candidate } from "../language/language.ts";
import type { KnowledgeStore, KnownEntity } from "../stores/knowledge/knowledge-store.ts";
import { occurrences } from "./quotes.ts";

const most = 8;

/** Reads only what is at or below a class: what a prompt of that class may hold. */
export const upTo = (scope: Scope, value: Chunk["class"]): Principal => ({
  tenant: scope.tenant,
  roles: ["reader"],
  classes: allClasses.filter((each) => rank(each) <= rank(value)),
  keyId: null,
});

/** Names of the knowledge graph that a candidate of this chunk is perhaps another form of; what the passage shows itself is left out. */
export async function knownNames(chunk: Chunk, candidates: Candidate[], scope: Scope, knowledge: KnowledgeStore): Promise<{ name: string; type: string }[]> {
  const names = [...new Set(candidates.map((each) => normaliseName(each.name)))].filter(Boolean);
  if (!names.length) return [];
  const known = await knowledge.known(upTo(scope, chunk.class), scope.collection, names.slice(0, 100));
  const telling = known.filter((each) => names.some((name) => isFormOf(name, each)) && !occurrences(chunk.text, each.surface, 1).length);
  const unique = new Map(telling.map((each) => [`${each.surface}|${each.type}`, { name: each.surface, type: each.type }]));
  return [...unique.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, most);
}

/** All words of one are in the other, or one is the other's short form. */
function isFormOf(name: string, known: KnownEntity): boolean {
  const [one, other] = [coreName(known.type, name), coreName(known.type, known.name)];
  const [few, many] = [one.split(" "), other.split(" ")].toSorted((a, b) => a.length - b.length);
  return few!.every((word) => many!.includes(word)) || acronymOf(one, other) || known.aliases.includes(name);
}
