import { isCitation } from "./citations.ts";
import { isDescribedNoun } from "./described-nouns.ts";
import { isEponym } from "./eponyms.ts";
import type { Found, Reading } from "./found.ts";

/** What is written like a name and names a thing: an eponym, a cited book, in German a noun. */
export const isThing = ({ tokens, languages, german }: Reading, found: Found): boolean =>
  isEponym(tokens, found) || (languages.has("de") && isCitation(tokens, found)) || (languages.has("de") && isDescribedNoun(tokens, found, german));
