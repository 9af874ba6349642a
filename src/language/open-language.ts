import { findCandidates } from "./candidates/find-candidates.ts";
import { identify } from "./identify.ts";
import type { Language } from "./language.ts";
import { loadLists } from "./lists.ts";
import { findNames, type Recogniser } from "./names/find-names.ts";
import { loadModel } from "./recogniser/model.ts";
import { openRecogniser } from "./recogniser/recognise.ts";
import { findRelations } from "./relations/find-relations.ts";
import { sentences } from "./sentences.ts";

let recogniser: Recogniser | undefined;

/** The shipped model, on the same lists; read on first use. */
export const shippedRecogniser: Recogniser = (tokens, language) => (recogniser ??= openRecogniser(loadLists(), loadModel()))(tokens, language);

/** Language processing without a language model. Word lists are read on first use and shared by the whole thread. */
export function openLanguage(): Language {
  return {
    identify,
    sentences,
    names: (text, language) => findNames(text, language, loadLists(), shippedRecogniser),
    candidates: (text, language, context) => findCandidates(text, language, context, loadLists(), shippedRecogniser),
    relations: (text, candidates, language) => findRelations(text, candidates, language, loadLists()),
  };
}
