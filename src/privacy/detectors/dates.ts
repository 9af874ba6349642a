/** Months of the four languages, long and short. */
export const month =
  "(?:jan(?:uary|uar|\\.)?|jän(?:ner)?|feb(?:ruary|ruar|\\.)?|mar(?:ch|\\.)?|märz|apr(?:il|\\.)?|may|mai|june?|juni|july?|juli|aug(?:ust|\\.)?|sept?(?:ember|\\.)?|o[ck]t(?:ober|\\.)?|nov(?:ember|\\.)?|de[cz](?:ember|\\.)?|janvier|févr(?:ier|\\.)?|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)";
const year = "(?:19|20)\\d\\d";
const day = "\\d{1,2}(?:st|nd|rd|th|er|\\.)?";
const date = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${day} ?(?:de |of )?${month}(?:,? ?(?:de |del )?${year})?|${month},? (?:de )?${year}|${month} ${day}(?:,? ${year})?|\\d{1,2}[./-]\\d{1,2}[./-](?:${year}|\\d\\d)|${year}-\\d\\d-\\d\\d)(?![\\p{L}\\p{N}])`,
  "giu",
);

/** A text with its dates blanked out, at the same length: "29 April 2024" leaves nothing, "Straße des 17. Juni 135" leaves "135". */
export const withoutDates = (text: string): string => text.replace(date, (found) => " ".repeat(found.length));

const dayFirst = new RegExp(`^\\d{1,2} ${month} `, "iu");
const dayAndYear = new RegExp(`^\\d{1,2} ${month},? ${year}(?!\\d)`, "iu");
const monthAndYear = new RegExp(`^${month},? ${year}$`, "iu");
const monthAndDay = new RegExp(`^${month} ${day}(?:,? ${year})?$`, "iu");
const monthBefore = new RegExp(`(?<!\\p{L})${month},? $`, "iu");

/**
 * Whether what reads like a street begins with a date: "29 April 2024 Way", "12 May Close of business", "April 2024". But
 * "12 May Street," is a street: its name ends the line or a sign follows.
 */
export function isDated(text: string, start: number, end: number): boolean {
  const value = text.slice(start, end).trimEnd();
  if (dayAndYear.test(value) || monthAndYear.test(value) || monthAndDay.test(value) || (/^(?:19|20)\d\d /.test(value) && monthBefore.test(text.slice(Math.max(0, start - 12), start)))) return true;
  return dayFirst.test(value) && /^ [\p{L}\p{N}]/u.test(text.slice(start + value.length, start + value.length + 2));
}
