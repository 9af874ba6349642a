import type { Detector } from "./detector.ts";
import { guarded, matchesIn } from "./pattern.ts";
import { scoreByPosition } from "./marking-position.ts";

interface Wording {
  kind: "confidential_marking" | "internal_marking";
  score: number;
  words: string;
}

/** Blanks stand for any blanks. Single words that prose uses freely score below the bar unless they stand as a marking. */
const wordings: Wording[] = [
  {
    kind: "confidential_marking",
    score: 0.95,
    words:
      "strictly confidential|privileged (?:and|&) confidential|in (?:the )?strict(?:est)? confidence|official[-\\s]sensitive|tlp:\\s?(?:red|amber(?:\\+strict)?)|vs[-\\s]{1,3}nfd|highly confidential|private and confidential|confidential and proprietary|company confidential|commercial in confidence|commercially sensitive|top secret|eyes only|trade secrets?|proprietary and confidential|confidential information|under embargo|attorney[-\\s]client privileged?|legally privileged|streng vertraulich(?:e[rsmn]?)?|streng geheim(?:e[rsmn]?)?|vertraulich behandeln|vertrauliche informationen?|geschäftsgeheimniss?e?|betriebsgeheimniss?e?|verschlusssache|nur für den dienstgebrauch|strictement confidentiel(?:le)?s?|très confidentiel|secret des affaires|secret industriel|secret de fabrication|informations? confidentielles?|diffusion (?:restreinte|limitée)|confidentiel[-\\s]défense|ne pas divulguer|estrictamente confidencial(?:es)?|altamente confidencial(?:es)?|difusión (?:limitada|restringida)|no divulgar|secreto comercial|secreto industrial|secreto empresarial|información confidencial|alto secreto",
  },
  { kind: "confidential_marking", score: 0.8, words: "non-disclosure agreements?|nondisclosure agreements?|confidentiality agreements?|geheimhaltungsvereinbarung(?:en)?|vertraulichkeitsvereinbarung(?:en)?|accords? de confidentialité|accord de non-divulgation|acuerdos? de confidencialidad|under nda|mutual nda|unter nda|sous nda|bajo nda" },
  { kind: "internal_marking", score: 0.9, words: "internal use only|for internal use|internal only|for internal distribution|not for distribution|do not distribute|not for public release|(?:nur|ausschließlich) für (?:den )?internen? (?:dienst)?gebrauch|tlp:\\s?green|nur zur internen verwendung|nur intern|intern verwenden|interner gebrauch|usage interne(?: uniquement)?|à usage interne|réservé à l'usage interne|document interne|ne pas diffuser|uso (?:exclusivamente )?interno|sólo para uso interno|solo para uso interno|no distribuir" },
];
const patterns = wordings.map((each) => ({ ...each, pattern: guarded(new RegExp(`(?<![\\p{L}\\p{N}])(?:${each.words.replaceAll(" ", "[\\s_-]{1,3}")})(?![\\p{L}\\p{N}])`, "giu")) }));
const single = guarded(/(?<![\p{L}\p{N}])(?:confidential|vertraulich(?:e[rsmn]?)?|confidentiel(?:le)?s?|confidencial(?:es)?|geheim|restricted|classified|NDA)(?![\p{L}\p{N}])/giu);
const internalSingle = guarded(/(?<![\p{L}\p{N}])(?:internal|intern|interne|interno)(?![\p{L}\p{N}])/giu);
/** Words that prose uses too freely to count anywhere but at the places of a marking. */
const placedOnly = guarded(/(?<![\p{L}\p{N}])(?:secrets?|secreto|restreinte?|reservad[oa]|restringid[oa]|proprietary|sensitive|privileged)(?![\p{L}\p{N}])/giu);
const about = /(?:classification|klassifizierung|einstufung|vertraulichkeit|confidentiality|confidentialité|confidencialidad|sensitivity|status|label|marking|vermerk)[ \t]{0,2}[:=-][ \t]{0,3}$/iu;

const said = /(?<![\p{L}])(?:is|are|be|remains?|kept|as|considered|ist|sind|bleib(?:t|en)|streng|als|est|sont|reste(?:nt)?|es|son|strictly|strictement|estrictamente)\s{1,3}$/iu;

/** Markings and wording that say who may read a text, scored: a marking is upper case, alone on its line, or a label's value. */
export const confidentiality: Detector = {
  id: "confidentiality",
  kinds: ["confidential_marking", "internal_marking"],
  *find(view) {
    for (const { kind, score, pattern } of patterns) {
      for (const match of matchesIn(view, pattern)) yield { kind, start: match.index, end: match.index + match[0].length, score };
    }
    for (const [kind, pattern] of [["confidential_marking", single], ["internal_marking", internalSingle], ["confidential_marking", placedOnly]] as const) {
      for (const match of matchesIn(view, pattern)) {
        const end = match.index + match[0].length;
        const words = pattern === placedOnly ? 0 : standing(view.text, match, view.contextAt(match.index));
        yield { kind, start: match.index, end, score: Math.max(words, scoreByPosition(view, match.index, end)) };
      }
    }
  },
};

function standing(text: string, match: RegExpExecArray, context: string): number {
  const end = match.index + match[0].length;
  const before = text.slice(Math.max(0, match.index - 40), match.index);
  const after = text.slice(end, end + 40);
  const alone = /(?:^|\n)[\s\-–—*#_[(|>]{0,8}$/u.test(before) && /^[\s\-–—*#_\])|!.:]{0,8}(?:$|\n)/u.test(after);
  if (alone || about.test(before) || about.test(`${context}: `)) return 0.9;
  if (/^NDA$/.test(match[0])) return /^[ :]{0,2}\d/.test(after) ? 0.1 : 0.7;
  if (match[0] === match[0].toUpperCase() && /[-–—|*([]\s{0,2}$|\n\s{0,3}$|^$/u.test(before)) return 0.85;
  if (!/^(?:confiden|vertraulich)/i.test(match[0])) return 0.2;
  // "This is confidential" says something of the text; "confidential talks" is a topic.
  return /^\p{Lu}/u.test(match[0]) || said.test(before) ? 0.65 : 0.4;
}
