import { edge, matches, type Piece } from "./piece.ts";

const month =
  "(?:Jan(?:uary|uar)?|Feb(?:ruary|ruar)?|Mar(?:ch)?|März|Apr(?:il)?|May|Mai|Jun[ei]?|Jul[yi]?|Aug(?:ust)?|Sept?(?:ember)?|O[ck]t(?:ober)?|Nov(?:ember)?|De[cz](?:ember)?" +
  "|janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\\.?";
const year = "(?:1[5-9]|20)\\d\\d";
const { before, after } = edge;
const patterns: [string, number][] = [
  [`\\d{1,2}(?:st|nd|rd|th|\\.|er|º)?\\s{1,2}(?:of\\s|de\\s)?${month}(?:,?\\s(?:del?\\s)?${year})?`, .9],
  [`${month}\\s\\d{1,2}(?:st|nd|rd|th)?(?:,?\\s${year})?(?!\\d)`, .9],
  [`${month}\\s(?:del?\\s)?${year}`, .9],
  [`${year}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])`, .95],
  [`(?:0?[1-9]|[12]\\d|3[01])([./])(?:0?[1-9]|1[0-2])\\1(?:${year}|\\d\\d)`, .9],
  [`(?:Q[1-4]|H[12]|FY)\\s?(?:/\\s?)?${year}`, .85],
  [`(?:first|second|third|fourth|1st|2nd|3rd|4th)\\s(?:quarter|half)(?:\\sof\\s${year})?`, .8],
  [`(?:[1-4]\\.|erste[ns]?|zweite[ns]?|dritte[ns]?|vierte[ns]?)\\s(?:Quartal|Halbjahr)(?:\\s${year})?`, .8],
  [`(?:premier|deuxième|troisième|quatrième|primer|segundo|tercer|cuarto)\\s(?:trimestre|semestre)(?:\\sde\\s${year})?`, .8],
  [`${year}\\s?[-–]\\s?${year}`, .7],
  [`(?:fiscal|financial)\\s(?:year\\s)?${year}|Geschäftsjahr\\s${year}(?:/\\d{2,4})?`, .8],
  [`(?<![-/.,§#€$]\\s?|(?:No|Nr|Art|Abs|ISO|EN|DIN|page|Seite|Version|Tel|Fax|Phone)\\.?:?\\s|\\d[\\s-])${year}(?!\\s\\d{3})(?![-/.,:]\\d|\\s?(?:€|%|EUR|kg|km|kW|MW|mm|m²))`, .6],
];
const compiled = patterns.map(([source, confidence]) => [new RegExp(`${before}(?:${source})${after}`, "gu"), confidence] as const);

/** Dates, months, quarters and years of the four languages. */
export const findDates = (text: string): Piece[] => compiled.flatMap(([pattern, confidence]) => matches(text, pattern, "DATE_TIME", confidence));
