import { Bit } from "../lists.ts";
import { functionWords } from "../stop-words.ts";
import { has, isMark, sameLine, type Token } from "../tokens.ts";
import type { Found } from "./found.ts";

const article = /^(?:der|die|das|dem|den|des|ein|eine|einen|einem|einer|eines|kein|keine|keinen|keinem|keiner|jede|jeder|jedes|jeden|jedem|diese|dieser|dieses|diesen|diesem|ihr|ihre|ihren|ihrem|ihrer|sein|seine|seinen|seinem|seiner|unser|unsere|mehrere|viele|alle|beide|beiden|zwei|drei|vier|fünf|zum|zur|beim|vom|am|im|ins)$/u;
/** German only. */
const sureArticle = /^(?:der|das|dem|ein|eine|einen|einem|einer|eines|keine?[nmrs]?|jede[nmrs]?|diese[nmrs]?|ihre[nmrs]?|seine[nmrs]?|unsere[nmrs]?|zwei|drei|vier|fünf|zum|zur|beim|vom|ins)$/u;
/** "der rechten Wade"; past tenses ("erklärte Wade") and what tells of persons ("alias") do not end so. */
const adjective = /(?:[^t]en|[^t]e|er|es|em|[^r]ten)$/u;

/** "Eine Rinne führt", "spätere Kaiser": German surnames that are nouns, where an article or adjective says that they are. First names too bear articles. */
export function isDescribedNoun(tokens: readonly Token[], { from, to, score }: Found, german: boolean): boolean {
  const [before, token] = [tokens[from - 1], tokens[from]];
  if (to - from !== 1 || score >= .8 || !before || !token || before.kind !== "word" || !sameLine(before, token) || has(token, Bit.first) || token.text.includes("-")) return false;
  if (isMark(tokens[to], "'’") || tokens[to]?.text === "'s") return false;
  if ((german ? article : sureArticle).test(before.text.toLowerCase())) return true;
  return german && before.shape === "a" && before.text.length > 4 && adjective.test(before.text) && !functionWords.has(before.fold) && !has(before, Bit.saying | Bit.title | Bit.kin | Bit.role);
}
