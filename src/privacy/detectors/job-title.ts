import type { Detector } from "./detector.ts";
import { guarded, matchesIn } from "./pattern.ts";

const titles = guarded(
  /(?<![\p{L}\p{N}])(?:(?:(?:Chief|Senior|Junior|Deputy|Vice|Managing|Executive|Regional|General|Assistant|Associate|Technical|Financial|Human) ){0,3}(?:(?:Executive|Financial|Technology|Operating|Information|Marketing|Product|Data|Compliance|Legal|Resources|Sales|Project|Account|Plant|Quality|Research|Security|Office|Operations) )?(?:Officer|Director|President|Manager|Engineer|Developer|Analyst|Consultant|Accountant|Secretary|Treasurer|Chairman|Chairwoman|Chairperson|Coordinator|Supervisor|Architect|Auditor|Counsel|Lawyer|Attorney|Professor|Nurse|Physician|Surgeon|Scientist|Technician|Administrator|Head of \p{L}{2,20}|Founder|Partner)|CEO|CFO|CTO|COO|CIO|CMO|CISO|VP|Geschäftsführer(?:in)?|Vorstand(?:svorsitzende[rn]?|smitglied)?|Prokurist(?:in)?|Abteilungsleiter(?:in)?|Projektleiter(?:in)?|Leiter(?:in)? (?:der |des )?\p{Lu}\p{L}{2,25}|Personalleiter(?:in)?|Referent(?:in)?|Sachbearbeiter(?:in)?|Ingenieur(?:in)?|Aufsichtsratsvorsitzende[rn]?|Betriebsrat|Assistent(?:in)?|Buchhalter(?:in)?|Directeur(?: général)?|Directrice(?: générale)?|Président(?:e)?|Responsable(?: \p{L}{2,20})?|Chef(?:fe)? de (?:service|projet|cabinet)|Gérante?|Ingénieure?|Comptable|Infirmi(?:er|ère)|Director(?:a)?(?: general)?|Presidenta?|Gerente|Jef[ea] de \p{L}{2,20}|Ingenier[oa]|Contable|Enfermer[oa]|Consejer[oa] delegad[oa])(?![\p{L}\p{N}])/gu,
);

/** "Professor Dr. Hacker": a way to address somebody. "Responsable clínico:": a field of a form. */
const addresses = /^(?:Professor \p{Lu}|Responsable(?: \p{Ll}{2,20})? ?:)/u;

/** Job titles; one counts beside a person's name only (`relate.ts`). */
export const jobTitle: Detector = {
  id: "job-title",
  kinds: ["job_title"],
  *find(view) {
    for (const match of matchesIn(view, titles)) if (!addresses.test(view.text.slice(match.index, match.index + match[0].length + 4))) yield { kind: "job_title", start: match.index, end: match.index + match[0].length, score: 0.3 };
  },
};
