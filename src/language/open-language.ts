import { findCandidates } from "./candidates/find-candidates.ts";
import { identify } from "./identify.ts";
import type { Language } from "./language.ts";
import { loadLists } from "./lists.ts";
import { findNames } from "./names/find-names.ts";
import { findRelations } from "./relations/find-relations.ts";
import { sentences } from "./sentences.ts";

/** Language processing without a language model. Word lists are read on first use and shared by the whole process. */
export function openLanguage(): Language {
  return {
    identify,
    sentences,
    names: (text, language) => findNames(text, language, loadLists()),
    candidates: (text, language, context) => findCandidates(text, language, context, loadLists()),
    relations: (text, candidates, language) => findRelations(text, candidates, language, loadLists()),
  };
}
