import { fold } from "../../language/fold.ts";
import { words } from "../../stores/text/words.ts";
import type { AskedQuestion, Term } from "./asked-question.ts";
import { formsOf } from "./word-forms.ts";

const connecting = /^(?:of|the|in|de|la|le|du|des|von|der|die|das|van|for|für)$/u;

/** Runs of `must` words; "of", "the" and the like may stand between: "1999 World Drivers' Championship". */
export function namesOf(question: string, terms: Term[]): AskedQuestion["names"] {
  const found: AskedQuestion["names"] = [];
  for (const part of question.split(/(?<=[,;:?!])\s|\s+(?:and|or|und|oder|et|ou|y|o)\s+/u)) {
    let run: { terms: number[]; words: string[]; between: string[] } | null = null;
    for (const word of words(part)) {
      const stem = formsOf(fold(word))[0];
      const index = terms.findIndex((term) => term.must && !term.phrase && term.forms[0] === stem);
      if (run && /^(?:1[5-9]|20)\d\d$/u.test(word)) {
        // "Corvane Tidal 2023" is a name and a year, "2007 World Cup" one name.
        found.push({ terms: run.terms, phrase: ` ${run.words.join(" ")} ` });
        run = null;
      }
      if (index >= 0) {
        run ??= { terms: [], words: [], between: [] };
        run.terms.push(index);
        run.words.push(...run.between.splice(0), word);
      } else if (run && connecting.test(word)) run.between.push(word);
      else {
        if (run) found.push({ terms: run.terms, phrase: ` ${run.words.join(" ")} ` });
        run = null;
      }
    }
    if (run) found.push({ terms: run.terms, phrase: ` ${run.words.join(" ")} ` });
  }
  const inOne = new Set(found.flatMap((each) => each.terms));
  terms.forEach((term, index) => {
    if (term.must && !inOne.has(index)) found.push({ terms: [index], phrase: term.phrase ?? ` ${term.forms[0]} ` });
  });
  return found;
}
