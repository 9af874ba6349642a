import type { Detector } from "./detector.ts";

/** Labels and the kind of number that follows them; the number needs at least three digits. */
const labels: { kind: string; words: string }[] = [
  { kind: "medical_record", words: "NHC|CIPA|CIP|IPP|NIP|NDA|MRN|N\\.?H\\.?C|N[º°.] ?historia(?: clínica)?|historia clínica n[º°.]{0,2}|número de historia(?: clínica)?|medical record (?:number|no\\.?|#)|patient (?:id|number|no\\.?)|hospital (?:number|no\\.?)|Patienten-?(?:nummer|nr\\.?|id)|Fall-?(?:nummer|nr\\.?)|Aufnahme-?(?:nummer|nr\\.?)|n[°º] (?:de )?(?:dossier|patient|séjour)|num[ée]ro (?:de )?(?:dossier|patient|séjour)|dossier n[°º]|episodio|n[º°] ?episodio|case (?:number|no\\.?)|l'IPP(?: étant)?(?: le)?|n[°º] ?ID|identifiant(?: d'hospitalisation| du patient| patient)?|Dossier" },
  { kind: "professional_id", words: "N[º°]? ?\\.?Col(?:egiad[oa])?\\.?|n[úu]m(?:ero)?\\.? (?:de )?colegiad[oa]|colegiad[oa] n[º°.]{0,2}|RPPS|ADELI|FINESS|LANR|BSNR|NPI|GMC(?: number| no\\.?)?|DEA(?: number)?|Arztnummer" },
  { kind: "social_security", words: "NASS|NUSS|NSS|n[º°]? ?(?:de la )?seguridad social|afiliación" },
  { kind: "health_insurance", words: "insurance (?:id|number|no\\.?)|policy (?:number|no\\.?)|member (?:id|number)|Medicare(?: number| no\\.?)?|Versicherten-?(?:nummer|nr\\.?)|Versicherungs-?(?:schein)?-?(?:nummer|nr\\.?)|n[°º] (?:d')?(?:assuré|adhérent|sécu(?:rité sociale)?)|tarjeta sanitaria|TSI|póliza" },
  { kind: "account_number", words: "account (?:number|no\\.?|#)|acct\\.?(?: no\\.?| #)?|sort code|routing (?:number|no\\.?)|Konto-?(?:nummer|nr\\.?)|Kto\\.?-?Nr\\.?|num[ée]ro de compte|n[°º] de compte|número de cuenta|cuenta (?:bancaria|corriente)|customer (?:number|no\\.?|id)|Kunden-?(?:nummer|nr\\.?)|num[ée]ro client|número de cliente" },
  { kind: "employee_id", words: "employee (?:id|number|no\\.?)|staff (?:id|number)|personnel (?:number|no\\.?)|Personal-?(?:nummer|nr\\.?)|matricule|número de empleado|student (?:id|number)|Matrikel-?(?:nummer|nr\\.?)" },
];
const value = "[\\s:#=|.º°-]{0,6}(?:(?:is|ist|lautet|est|es|nhc[-/])[\\s:]{0,2})?(?<value>[A-Za-z]{0,4}-?\\d(?:[ ./-]?[A-Za-z]{0,2}\\d){2,19}[A-Za-z]?)(?![\\p{L}\\p{N}])";
const rows = labels.map(({ kind, words }) => ({ kind, pattern: new RegExp(`(?<![\\p{L}\\p{N}])(?:${words})${value}`, "giu") }));

/** Numbers announced by a label: hospital records, professional registers, accounts, staff. */
export const recordNumber: Detector = {
  id: "record-number",
  kinds: labels.map((each) => each.kind),
  *find(view) {
    for (const { kind, pattern } of rows) {
      for (const match of view.text.matchAll(pattern)) {
        const found = match.groups!["value"]!;
        const end = match.index + match[0].length;
        yield { kind, start: end - found.length, end, score: 0.85 };
      }
    }
  },
};
