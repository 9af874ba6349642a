import { month } from "./dates.ts";
import { wordList, type Detector, type Found, type TextView } from "./detector.ts";
import { guarded, matchesIn } from "./pattern.ts";

const date = `(?:\\d{1,2} ?[./|-] ?\\d{1,2} ?[./|-] ?(?:\\d{4}|\\d{2})|\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}|\\d{1,2}(?:st|nd|rd|th|er|\\.)? ?(?:de |of )?${month},? ?(?:de |del )?\\d{4}|${month} \\d{1,2}(?:st|nd|rd|th)?,? \\d{4})`;
const anyDate = guarded(new RegExp(`(?<![\\p{L}\\p{N}.])${date}(?![\\p{L}\\p{N}])`, "giu"));
const birth = wordList(
  "born, born on, date of birth, birth date, birthdate, dob, d.o.b., birthday, geboren, geb, geboren am, geburtsdatum, geburtstag, geb.-datum, née, né, nés, ne le, nee le, date de naissance, naissance, ddn, nacido, nacida, nació, fecha de nacimiento, nacimiento, f. nac, fn, anniversaire, cumpleaños",
);
const spelledBirth = guarded(/(?<![\p{L}])(?:née?(?:\(e\))? le|geboren am|born on(?: the)?|nacid[oa] el) (?<value>\p{L}{2,12}(?:[ -]\p{L}{1,12}){3,12}?)(?=[.,;:\n)]|$)/giu);

const years = "(?:years? old|years? of age|yrs? old|y\\/?o|Jahre alt|Jahre|ans|años|year-old)";
const agePatterns = [
  // Two digits: a company's or a law's age is rarely told with these words.
  /(?<![\p{L}])(?:aged?|im Alter von|âgée? de|agée? de|edad(?: de)?|Alter|Âge|de edad)[ :]{1,3}(?<value>\d{1,3})(?: ?(?:years?|Jahren?|ans|años|meses|mois|months))?(?![\p{L}\p{N}.,]\d|[\p{L}\p{N}%]| ?(?:to|and|or|bis|und|oder|à|et|ou|a|y|o|-|–) (?:\d|over|older|above|plus|älter|mehr|más))/giu,
  /(?<![\p{L}\p{N}.,-])(?<value>\d{1,3})[- ](?:year-old|years-old|jährige[rsn]?|years old|years of age|yo\b|y\/o)/giu,
  new RegExp(`(?<![\\p{L}])(?:man|woman|boy|girl|male|female|patient|patiente|Mann|Frau|Junge|Mädchen|Patientin|homme|femme|garçon|fille|varón|mujer|hombre|niñ[oa]|paciente|adolescente|lactante|hij[oa]|padre|madre|herman[oa])[,:]? (?:de |of |mit |von )?(?<value>\\d{1,3}) ?${years}(?![\\p{L}])`, "giu"),
  /(?<![\p{L}\p{N}/])\((?<value>\d{1,3}) (?:ans|años|Jahre|years|y)\)/giu,
].map(guarded);

/** Dates of birth by the words before them, and ages of persons. */
export const birthAndAge: Detector = {
  id: "birth-and-age",
  kinds: ["date_of_birth", "age"],
  *find(view) {
    for (const match of matchesIn(view, anyDate)) {
      const found = birthDate(view, match.index, match[0]);
      if (found) yield found;
    }
    for (const match of matchesIn(view, spelledBirth)) yield place("date_of_birth", match, 0.8);
    for (const pattern of agePatterns) {
      for (const match of matchesIn(view, pattern)) if (Number(match.groups!["value"]) <= 120) yield place("age", match, 0.75);
    }
  },
};

function birthDate(view: TextView, start: number, value: string): Found | null {
  const before = view.text.slice(Math.max(0, start - 40), start);
  const cut = before.replace(/^[\s\S]{0,40}[;\n](?=[\s\S]{0,40}\S)/u, "");
  const announced = birth.test(cut) && !/\d{4}/.test(cut.replace(/^[\s\S]*?(?=born|geb|né|nac|birth|naiss|dob)/iu, ""));
  const starred = /(?:^|[\s(])\* ?$/.test(before);
  // "22/01/1965 (27 ans)": the age after it says what the date is.
  const aged = /^ ?\(?,? ?\d{1,3} ?(?:ans|años|Jahre|years|y)\b/iu.test(view.text.slice(start + value.length, start + value.length + 14));
  if (!announced && !starred && !aged && !birth.test(view.contextAt(start))) return null;
  return { kind: "date_of_birth", start, end: start + value.length, score: announced || aged ? 0.9 : 0.8 };
}

function place(kind: string, match: RegExpExecArray, score: number): Found {
  const value = match.groups!["value"]!;
  const start = match.index + match[0].indexOf(value);
  return { kind, start, end: start + value.length, score };
}
