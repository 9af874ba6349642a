import type { Detector } from "./detector.ts";
import { guarded, matchesIn } from "./pattern.ts";

/**
 * Words of the special categories of personal data (GDPR article 9). A word alone is a topic and scores low; a person in the
 * same sentence makes it a fact about somebody (`relate.ts` raises it for names).
 */
const categories: { kind: string; words: string }[] = [
  {
    kind: "health",
    words:
      "diagnos(?:ed with|is of|e lautet)|suffer(?:s|ed|ing) from|leidet an|erkrankt an|atteint(?:e)? d[eu']|souffre d[eu']|padece|sufre de|diagnosticad[oa]|hiv[-\\s]positi[fv]e?|hiv|aids|cancer|krebs(?:erkrankung)?|cáncer|tumou?r|chemotherapy|chemotherapie|chimiothérapie|quimioterapia|depression|depressionen|dépression|depresión|burn-?out|bipolar|schizophreni[ae]|epilepsy|epilepsie|epilepsia|diabetes|diabète|multiple sclerosis|multiple sklerose|pregnan(?:t|cy)|schwanger(?:schaft)?|enceinte|embarazada|sick leave|sick note|on medical leave|krankgeschrieben|krankschreibung|arbeitsunfähig(?:keit)?|arrêt maladie|baja médica|baja por enfermedad|disabilit(?:y|ies)|schwerbehinder(?:t|ung|te[rn]?)|handicapée?|invalidité|discapacidad|psychotherap(?:y|ie)|addiction|alcoholi(?:c|sm)|suchterkrankung|rehab|heart attack|herzinfarkt|infarctus|infarto|stroke|schlaganfall|surgery|operiert|hospitali[sz]ed|physiotherap(?:y|ie)|kinésithérapie|fisioterapia|fracture of the (?:left|right)|medication|blood type|blutgruppe",
  },
  { kind: "religion", words: "catholic|protestant|muslim|jewish|hindu|buddhist|orthodox|jehovah's witness(?:es)?|atheist|katholisch|evangelisch|römisch-katholisch|muslimisch|jüdisch|konfession|konfessionslos|catholique|protestante?|musulmane?s?|juive?s?|católic[oa]|musulmán|musulmana|judí[oa]|religion|religious (?:belief|affiliation)|confession religieuse" },
  { kind: "union", words: "union member(?:ship)?|trade union(?:ist)?|labou?r union|shop steward|gewerkschaftsmitglied(?:schaft)?|gewerkschaft(?:er|erin|lich)?|mitglied der (?:ig metall|ver\\.di|gew)|syndiqué(?:e)?|syndicat|délégué(?:e)? syndical(?:e)?|sindicato|sindicalista|afiliad[oa] sindical" },
  { kind: "orientation", words: "homosexual(?:ity)?|bisexual|heterosexual|lesbian|gay|transgender|transsexual|sexual orientation|homosexuell|schwul|lesbisch|bisexuell|sexuelle orientierung|homosexuelle?|lesbienne|bisexuelle?|orientation sexuelle|lesbiana|transexual|orientación sexual" },
  { kind: "ethnicity", words: "ethnic(?:ity)?(?: origin)?|racial origin|of african descent|sinti|roma|ethnische herkunft|ethnie|hautfarbe|origine ethnique|origen étnico|etnia|(?:de )?raza (?:blanca|negra|caucásica|gitana|asiática|mestiza|indígena|árabe)|caucásic[oa]|subsaharian[oa]|race (?:blanche|noire)|caucasien(?:ne)?|hispanic|caucasian|african-american" },
  { kind: "politics", words: "party member(?:ship)?|member of the .{1,30} party|parteimitglied(?:schaft)?|parteibuch|political (?:opinion|affiliation)|membre du parti|afiliación política" },
  { kind: "criminal_record", words: "criminal record|convicted of|prior convictions?|vorbestraft|vorstrafen?|verurteilt wegen|casier judiciaire|condamnée? pour|antecedentes penales|condenad[oa] por" },
];
const rows = categories.map(({ kind, words }) => ({ kind, pattern: guarded(new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.replaceAll(" ", "[\\s]{1,3}")})(?![\\p{L}\\p{N}])`, "giu")) }));
const person =
  /(?<![\p{L}])(?:he|she|his|her|him|mr|mrs|ms|employee|colleague|patient|applicant|candidate|tenant|client is|you are|you were|you have been|your (?:doctor|accident|illness|diagnosis|treatment|health|sick)|my (?:wife|husband|son|daughter|mother|father|brother|sister)|i am|i'm|i was|i have|herr|frau|mitarbeiter(?:in)?|kollege|kollegin|patientin|bewerber(?:in)?|versicherte[rn]?|arbeitnehmer(?:in)?|ich bin|ich habe|sie sind|ihr arzt|ihre ärztin|seine[rsnm]?|ihre[rsnm]?|meine[rn]? (?:frau|mann|tochter|sohn|mutter|vater)|monsieur|madame|mme|vous êtes|votre médecin|salariée?|patiente|collègue|assurée?|elle|il est|elle est|señora?|sr|sra|usted está|su médic[oa]|emplead[oa]|trabajadora?|paciente|compañer[oa]|solicitante)(?![\p{L}])/iu;

export const specialCategories: Detector = {
  id: "special-categories",
  kinds: categories.map((each) => each.kind),
  *find(view) {
    for (const { kind, pattern } of rows) {
      for (const match of matchesIn(view, pattern)) {
        const end = match.index + match[0].length;
        yield { kind, start: match.index, end, score: person.test(sentenceAround(view.text, match.index, end)) ? 0.8 : 0.3 };
      }
    }
  },
};

/** At most 120 characters to each side, cut at sentence ends. */
export function sentenceAround(text: string, start: number, end: number): string {
  const before = text.slice(Math.max(0, start - 120), start).split(/[.!?]\s|\n\n/u).at(-1)!;
  const after = text.slice(end, end + 120).split(/[.!?](?:\s|$)|\n\n/u)[0]!;
  return before + text.slice(start, end) + after;
}
