import type { Candidate } from "../language.ts";
import type { Lists } from "../lists.ts";
import { findNames } from "../names/find-names.ts";

/** Entities proposed without a model. */
export function findCandidates(text: string, language: string | null, _context: { headings: string[]; title: string }, lists: Lists): Candidate[] {
  return findNames(text, language, lists).map((each) => ({ ...each, type: each.type === "ADDRESS" ? "LOCATION" : each.type, name: text.slice(each.start, each.end), description: "", aliases: [], confidence: each.score }));
}
