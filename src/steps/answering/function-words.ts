import { fold } from "../../language/fold.ts";
import { stopWords } from "../../language/stop-words.ts";
import { words } from "../../stores/text/words.ts";
import { askingWords } from "../question-words.ts";

/** The language of the question, the given one or that of whose function words it has most, and those words. */
export function functionWords(question: string, given: string | null): { language: string; words: Set<string> } {
  const own = words(question).map(fold);
  const lists = Object.entries(askingWords).map(([language, list]) => {
    const set = new Set(`${list} ${also[language as keyof typeof also]} ${stopWords[language]}`.split(" ").map(fold));
    return { language, words: set, count: own.filter((word) => set.has(word)).length + (language === given ? 1.5 : 0) };
  });
  return lists.reduce((best, each) => (each.count > best.count ? each : best));
}

/** Further words that carry nothing in a question. */
const also = {
  en: "both between during while whether other another one any name called known long far according please than then same first must may might shall should can could take takes happen happened",
  de: "welchem wem wen wessen wohin woher wodurch womit wofür beim vom ihren ihrem seinen seinem muss müssen soll sollen darf kann wurde wurden worden heißt nennt jeweils hatte hatten lautet",
  fr: "l d s qu n est-ce sont-ils a ont fut leur ces ce cet cette t il elle prend",
  es: "del al ha han fueron su sus cuyo",
};
