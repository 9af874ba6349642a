import { identify } from "../identify.ts";
import type { Candidate, PatternRelation } from "../language.ts";
import type { Lists } from "../lists.ts";
import { sentences } from "../sentences.ts";
import { readAgreements } from "./by-agreement.ts";
import { readForms } from "./by-form.ts";
import { readPlaces } from "./by-place.ts";
import { readProducts } from "./by-product.ts";
import { readRoles } from "./by-role.ts";
import { readVerbs } from "./by-verb.ts";
import { collector, type Scene } from "./sentence.ts";

/** Relations read by patterns: inside a sentence by verb, post and place; across lines by labels and table rows. */
export function findRelations(text: string, candidates: Candidate[], language: string | null, lists: Lists): PatternRelation[] {
  const order = candidates.map((_, index) => index).toSorted((a, b) => candidates[a]!.start - candidates[b]!.start);
  let next = 0;
  const scene: Scene = {
    text,
    candidates,
    lists,
    language: language ?? identify(text),
    sentences: sentences(text).map(({ start, end }, number) => {
      const inside: number[] = [];
      while (next < order.length && candidates[order[next]!]!.start < end) {
        const index = order[next++]!;
        if (candidates[index]!.start >= start && candidates[index]!.end <= end + 1) inside.push(index);
      }
      return { text: text.slice(start, end), start, end, number, inside: inside.slice(0, 60) };
    }),
  };
  const { add, relations } = collector(scene);
  readRoles(scene, add);
  readVerbs(scene, add);
  readPlaces(scene, add);
  readAgreements(scene, add);
  readProducts(scene, add);
  readForms(scene, add);
  return relations;
}
