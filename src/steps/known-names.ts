import type { Chunk } from "../data/chunk.ts";
import { allClasses, rank } from "../data/classification.ts";
import { normaliseName, type Scope } from "../data/identity.ts";
import type { Principal } from "../data/principal.ts";
import type { Candidate } from "../language/language.ts";
import type { KnowledgeStore } from "../stores/knowledge/knowledge-store.ts";

/** Reads only what is at or below a class: what a prompt of that class may hold. */
export const upTo = (scope: Scope, value: Chunk["class"]): Principal => ({
  tenant: scope.tenant,
  roles: ["reader"],
  classes: allClasses.filter((each) => rank(each) <= rank(value)),
  keyId: null,
});

/** Names the knowledge graph already has for things like this chunk's candidates, as "name (type)". */
export async function knownNames(chunk: Chunk, candidates: Candidate[], scope: Scope, knowledge: KnowledgeStore): Promise<string[]> {
  const names = [...new Set(candidates.map((each) => normaliseName(each.name)))].filter(Boolean);
  if (!names.length) return [];
  const known = await knowledge.known(upTo(scope, chunk.class), scope.collection, names.slice(0, 100));
  const own = new Set(candidates.map((each) => each.name));
  return [...new Set(known.filter((each) => !own.has(each.surface)).map((each) => `${each.surface} (${each.type})`))].toSorted().slice(0, 15);
}
