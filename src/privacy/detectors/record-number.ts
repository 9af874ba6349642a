import { type Detector, hasContext, wordList } from "./detector.ts";
import { guarded, inLines, matchesIn, matchesInLines, valueAt } from "./pattern.ts";

/** Labels and the kind of number that follows them; the number needs at least three digits. */
const labels: { kind: string; words: string }[] = [
  { kind: "medical_record", words: "NHC|CIPA|CIP|IPP|I\\.P\\.P\\.?|NIP|NDA|N\\.D\\.A\\.?|IEP|MRN|N\\.?H\\.?C|N[º°.] ?historia(?: clínica)?|historia clínica n[º°.]{0,2}|número de historia(?: clínica)?|medical record (?:number|no\\.?|#)|patient (?:id|number|no\\.?)|hospital (?:number|no\\.?)|Patienten-?(?:nummer|nr\\.?|id)|Fall-?(?:nummer|nr\\.?)|Aufnahme-?(?:nummer|nr\\.?)|n[°º] (?:de )?(?:dossier|patient|séjour)|num[ée]ro (?:de )?(?:dossier|patient|séjour)|dossier n[°º]|episodio|n[º°] ?episodio|case (?:number|no\\.?)|l['’]IPP(?: étant)?(?: le)?|(?:num[ée]ro|n[°º]) d['’](?:hospitalisation|admission|entrée)|(?:num[ée]ro|n[°º]) (?:de )?(?:venue|prise en charge)|identifi(?:cation|ant)(?: du)? patient|(?:ID|identité) (?:du )?patient|séjour n[°º]|n[°º] ?ID|identifiant(?: d['’]hospitalisation| (?:du |de )?séjour| (?:du )?patient| permanent(?: du patient)?)?|(?:dossier (?:patient|médical|administratif)|patiente?|hospitalisation|venue|admission|passage(?: aux urgences)?|consultation|examen) n[°º]|n[°º] (?:d['’])?(?:hospi(?:talisation|t\\.?)?|admission|entrée|examen|archive)|n[°º] (?:de )?(?:passage|consultation|visite)|(?:code|référence) patient|dossier (?:patient|médical|administratif)|(?:séjour|venue) ?:(?= ?\\d{6})|Dossier" },
  { kind: "professional_id", words: "N[º°]? ?\\.?Col(?:egiad[oa])?\\.?|n[úu]m(?:ero)?\\.? (?:de )?colegiad[oa]|colegiad[oa] n[º°.]{0,2}|RPPS|ADELI|FINESS|LANR|BSNR|NPI|GMC(?: number| no\\.?)?|DEA(?: number)?|Arztnummer" },
  { kind: "social_security", words: "NASS|NUSS|NSS|n[º°]? ?(?:de la )?seguridad social|afiliación" },
  { kind: "health_insurance", words: "insurance (?:id|number|no\\.?)|policy (?:number|no\\.?)|member (?:id|number)|Medicare(?: number| no\\.?)?|Versicherten-?(?:nummer|nr\\.?)|Versicherungs-?(?:schein)?-?(?:nummer|nr\\.?)|n[°º] (?:d')?(?:assuré|adhérent|sécu(?:rité sociale)?)|tarjeta sanitaria|TSI|póliza" },
  { kind: "account_number", words: "account (?:number|no\\.?|#)|acct\\.?(?: no\\.?| #)?|sort code|routing (?:number|no\\.?)|Konto-?(?:nummer|nr\\.?)|Kto\\.?-?Nr\\.?|num[ée]ro de compte|n[°º] de compte|número de cuenta|cuenta (?:bancaria|corriente)|customer (?:number|no\\.?|id)|Kunden-?(?:nummer|nr\\.?)|num[ée]ro client|número de cliente" },
  { kind: "employee_id", words: "employee (?:id|number|no\\.?)|staff (?:id|number)|personnel (?:number|no\\.?)|Personal-?(?:nummer|nr\\.?)|matricule|número de empleado|student (?:id|number)|Matrikel-?(?:nummer|nr\\.?)" },
];
const value = "(?: ?\\([^()\\n]{1,15}\\))?[\\s:#=|.º°-]{0,6}(?:n[°º][\\s:.]{0,3})?(?:(?:is|ist|lautet|est(?: le)?|es|nhc[-/])[\\s:]{0,2})?(?<value>(?!(?:19|20)\\d\\d(?![ ./-]?[A-Za-z\\d]))[A-Za-z]{0,4}-?\\d(?:[ ./-]?[A-Za-z]{0,2}\\d){2,19}[A-Za-z]?)(?![\\p{L}\\p{N}])";
/** A bare long number in a row that also tells a date of birth or an age is the number of the person's file. */
const personRow = inLines(/^[^\n]{0,400}\|[^\n]{0,400}$/mu, /\|/);
const bornOrAged = /\|\s?\d{1,2}(?:[./-]\d{1,2}[./-](?:19|20)?\d\d| \p{L}{3,10}\.? (?:19|20)\d\d)|\|\s?[FHMW]\s?\||\(\d{1,3} (?:ans|años|Jahre|years)\)/u;
const bareNumber = /(?<=\|\s?)\d{7,12}(?=\s?(?:\||$))/gmu;
/** "MartínezNºCol: 28 28 20943": a form that lost its blanks. */
const gluedLabel = guarded(/(?<=\p{Ll}N)[º°]\s?Col\.?[\s:]{0,3}(?<value>\d(?:[ ./-]?\d){4,12})(?!\d)/gu);
/** "IPP du patient : 8012345678", "son NDA pour ce séjour est le 102948754". */
const told = guarded(/(?<![\p{L}\p{N}])(?:IPP|NDA|NIP|IEP|dossier|séjour|identifiant) (?:du|de|des|pour|au|d['’])[^\n:\d]{0,30}?(?:[ :=.]{1,3}|n[°º] ?){1,2}(?:est (?:le )?)?(?<value>\d{8,12})(?!\d)/giu);
/** In a text about a patient a number this long, without groups or decimals, counts nothing: it is a file's. */
const bare = guarded(/(?<![\p{L}\p{N}.,€$£/_+-]|\d )\d{8,12}(?:[/-]\d{1,2})?(?![\p{L}\p{N}%€$£_/]|[.,-]\d| ?(?:€|euros?|EUR|USD|UI|IU|IE|[mµ]?g|m[lL]|copies|cells|cellules|Zellen|células|Kopien|copias|leucocytes|germes|UFC|CFU|KBE|par|per|pro)(?![\p{L}]))/gu);
const ofThing = wordList("lot, lots, batch, charge, charge-nr, pmid, pmcid, doi, isbn, issn, ean, gtin, cas, nct, eudract, ref, réf, art.-nr, artikel*, pzn, cip13, cip7, code barre, facture, invoice, rechnung*, factura, commande, order, bestell*, pedido, série, serial, serie, seriennummer, version, catalogue, catalog, modèle, model");
const stayWords = wordList("patient, patiente, patienten, patientin, patients, paciente, pacientes, hospitalisé, hospitalisée, hospitalisation, séjour, admis, admise, consultation, urgences, né le, née le, ipp, nda, dossier, stationär*, krankenhaus, klinik, ingreso, ingresado, hospitalizado, admitted, ward, hospital stay");
/** Behind a date of birth. */
const behindBirth = guarded(/(?<![\p{L}\p{N}])(?:née?(?: le)?|geb\.?|geboren am|born(?: on)?|DOB:?|nacid[oa](?: el)?) \d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d[ ,;|/–-]{1,4}(?<value>\d{8,12})(?![\p{L}\p{N}])/giu);
/** The number of the stay stands behind that of the patient, with or without its label. */
const second = /^[ ,;|/–-]{1,4}(?:[A-Z]{2,4}[ :]{1,3})?(?<value>\d{8,12})(?![\p{L}\p{N}])/u;
/** "Nom : D. Bluthies ID: 9384019284": a bare ID counts beside the words for a person. */
const bareId = guarded(/(?<![\p{L}\p{N}])ID ?[:#=] ?(?<value>\d{6,12})(?![\p{L}\p{N}])/giu);
const personWords = wordList("patient, patiente, patientin, paciente, nom, prénom, name, surname, vorname, nachname, nombre, apellidos, né le, née le, geboren, geb, born, date de naissance, date of birth, dob, sexe, sex, age, âge, hospitalisation");
const rows = labels.map(({ kind, words }) => ({ kind, pattern: guarded(new RegExp(`(?<![\\p{L}\\p{N}])(?:${words})${value}`, "giu")) }));

/** "20230512", "12052023". */
const isDate = (digits: string): boolean => /^(?:(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d)$/.test(digits);

/** Numbers announced by a label: hospital records, professional registers, accounts, staff. */
export const recordNumber: Detector = {
  id: "record-number",
  kinds: labels.map((each) => each.kind),
  *find(view) {
    for (const row of matchesInLines(view, personRow)) {
      if (!bornOrAged.test(row[0])) continue;
      for (const match of row[0].matchAll(bareNumber)) yield { kind: "medical_record", start: row.index + match.index, end: row.index + match.index + match[0].length, score: 0.65 };
    }
    for (const pattern of [told, behindBirth]) {
      for (const match of matchesIn(view, pattern)) yield { kind: "medical_record", ...valueAt(match), score: 0.8 };
    }
    for (const match of matchesIn(view, bare)) {
      const end = match.index + match[0].length;
      if (hasContext(view, match.index, end, stayWords, 200, 120) && !ofThing.test(view.text.slice(Math.max(0, match.index - 25), match.index)) && !isDate(match[0]) && new Set(match[0]).size > 2) yield { kind: "medical_record", start: match.index, end, score: 0.6 };
    }
    for (const match of matchesIn(view, gluedLabel)) yield { kind: "professional_id", ...valueAt(match), score: 0.85 };
    for (const match of matchesIn(view, bareId)) {
      const { start, end } = valueAt(match);
      if (hasContext(view, start, end, personWords)) yield { kind: "medical_record", start, end, score: 0.75 };
    }
    for (const { kind, pattern } of rows) {
      for (const match of matchesIn(view, pattern)) {
        const { start, end } = valueAt(match);
        yield { kind, start, end, score: 0.85 };
        const behind = kind === "medical_record" ? second.exec(view.text.slice(end, end + 24)) : null;
        if (!behind) continue;
        const following = valueAt(behind);
        yield { kind, start: end + following.start, end: end + following.end, score: 0.7 };
      }
    }
  },
};
