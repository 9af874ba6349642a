import type { Candidate, PatternRelation } from "../language.ts";

/** Relations read by patterns inside a sentence. */
export function findRelations(_text: string, _candidates: Candidate[], _language: string | null): PatternRelation[] {
  return [];
}
