/** A number that a label announces: how the label may read in any of the languages, and how loosely the number may be written. */
export interface LabelledNumber {
  kind: string;
  /** Source of an expression, any case. */
  label: string;
  /** Source of an expression, any case. */
  value: string;
  /** The value has a set length, so it is sought over a line break too. */
  whole?: boolean;
}

const accents: Record<string, string> = { é: "[ée]", è: "[èe]", ê: "[êe]", à: "[àa]", ç: "[çc]", ñ: "[ñn]", ó: "[óo]", í: "[íi]", ú: "[úu]", ü: "(?:ü|ue?)" };
const number = "(?:n(?:[°ºo]|r|ro|um|úm)?[.:°º]{0,2}|num[ée]ro|n[úu]mero|number|nummer|kennung|id\\.?|#)";
const preposition = "(?:(?:de|du|des|del|la|le|l['’]|d['’])[ ]?){0,2}";

/** Labels parted by commas; `#` is any word or sign for "number" (`#?`: which may be missing), `~` a French or Spanish preposition that may stand there. Accents may be missing. */
function labels(list: string): string {
  return list
    .split(/[,\n]/)
    .map((each) => each.trim())
    .filter(Boolean)
    .map((each) => each.split(" ").map((word) => (word === "#" ? number : word === "#?" ? `${number}?` : word === "~" ? preposition : word.replace(/\./g, "\\.").replace(/[éèêàçñóíúü]/g, (letter) => accents[letter]!))).join("[ ._\\t-]{0,3}"))
    .join("|");
}

const digits = (least: number, most: number, between = "[ ./-]"): string => `\\d(?:${between}?\\d){${least - 1},${most - 1}}`;
/** Not a year alone. */
const record = `(?!(?:19|20)\\d\\d(?![ ./-]?[A-Z\\d]))[A-Z]{0,4}-?\\d(?:[ ./-]?[A-Z]{0,2}\\d){3,17}[A-Z]?`;

export const labelledNumbers: readonly LabelledNumber[] = [
  {
    kind: "medical_record",
    label: labels(`ipp, i.p.p., nda, n.d.a., # nip, nip #?, iep, # ~ dossier, dossier #, dossier ~ patiente?, dossier médical, dossier administratif, # ~ patiente?, patiente? #, # ~ séjour, séjour #, # ~ hospitalisation, hospitalisation #, # ~ hospi,
      # ~ admission, admission #, # ~ venue, venue #, # ~ entrée, # ~ passage, # ~ visite, # ~ archives?, # permanent, # administratif, # d['’]identification, # identification, identifiant ~ patiente?, identifiant permanent, identifiant ~ séjour, code patient, réf patient, réf. patient, référence patient,
      mrn, mr #, medical record #?, med rec #?, hospital #, hosp. #, chart #, encounter #, visit #, patienten #, pat. #, fall #, aufnahme #, krankenblatt #, befund #, behandlungs #,
      nhc, n.h.c., # ~ historia clínica, # ~ historia, historia clínica #?, historia #, # hc, h.c., cip, cipa, episodio, # ~ episodio, # ~ paciente, paciente #`),
    value: record,
  },
  { kind: "medical_record", label: labels("séjour, venue, épisode, passage, hospitalisation, admission, hospi, episode"), value: digits(7, 12, "[ ]") },
  { kind: "professional_id", label: labels("rpps #?, adeli #?"), value: digits(9, 11) },
  {
    kind: "social_security",
    label: labels("sécurité sociale, sécurité soc.?, sec soc, sécu, nir, # ss, ss, n.s.s., carte vitale, # ~ carte vitale, # national, id national, identifiant national, # affiliation, cpam, ins, insee, # d['’]assurée?, # assurée?, # assurée? sociale?, assurée? sociale?, matricule ins, # d['’]immatriculation, # immatriculation, immatriculation, # ~ sécurité sociale assurée?, assurance maladie"),
    value: "\\d(?:[ ./_|-]{0,3}(?:\\d|[AB](?=[ ./_-]{0,3}\\d))){8,12}(?:[ .,/_|-]{0,3}(?:cl[ée][ .:]{0,3})?\\d[ ._|/-]{0,3}\\d)?",
    whole: true,
  },
  { kind: "social_security", label: labels("ssn #?, ss #, soc. sec. #?, soc sec #?, social security #?, social sec. #?"), value: "\\d{3}[ .-]?\\d{2}[ .-]?\\d{4}", whole: true },
  { kind: "social_security", label: labels("national insurance #?, ni #, nino"), value: "[A-Z]{2}(?:[ -]?\\d\\d){3}(?:[ -]?[A-D])?", whole: true },
  { kind: "social_security", label: labels("rentenversicherungs #, sozialversicherungs #, sozialvers. #, versicherungs #, sv #, rv #, rvnr, svnr, vsnr"), value: "\\d\\d(?:[ -]?\\d\\d){3}[ -]?[A-Z][ -]?\\d{3}|\\d{4}[ /-]?\\d\\d[ .]?\\d\\d[ .]?\\d\\d", whole: true },
  { kind: "social_security", label: labels("ahv #?, ahvn13, avs, navs, navs13, sozialversicherungs #"), value: "756[ .-]?\\d{4}[ .-]?\\d{4}[ .-]?\\d\\d", whole: true },
  { kind: "social_security", label: labels("nass, n.a.s.s., nuss, nss, # ~ seguridad social, seguridad social, # ~ afiliación, # ~ afiliación s.s."), value: "\\d\\d[ /-]?\\d{7,8}[ /-]?\\d\\d", whole: true },
  { kind: "health_insurance", label: labels("kvnr, kv #, versicherten #, krankenversicherungs #, krankenversicherten #"), value: "[A-Z][ ]?(?:\\d[ ]?){8}\\d", whole: true },
  { kind: "tax_id", label: labels("steuer #, steuer id #?, steueridentifikations #, steuer identifikations #, steuerliche identifikations #, identifikations #, id #, idnr., idnr, st. #, stnr., stnr, steuer idnr."), value: "\\d\\d(?:[ /]{0,3}\\d){8,11}", whole: true },
  { kind: "national_id", label: labels("dni #?, d.n.i. #?, nif #?, n.i.f., nie #?, n.i.e., dni/nif, documento ~ identidad, documento nacional ~ identidad"), value: "\\d{1,2}[ .]?\\d{3}[ .]?\\d{3}(?:[ -]{0,3}[A-Z])?|[XYZ][ -]?\\d{7}[ -]?[A-Z]", whole: true },
  { kind: "national_id", label: labels("pps #?, ppsn"), value: "\\d{7}[ ]?[A-W][A-IW]?", whole: true },
  { kind: "identity_card", label: labels("cni #?, carte nationale d['’]identité #?, carte d['’]identité #?"), value: `${digits(12, 12)}|(?=[A-Z]{0,8}\\d)[A-Z0-9]{9}`, whole: true },
  { kind: "date_of_birth", label: labels("née? le, née?, ddn, date ~ naissance, geb. am, geb., geboren am, geburtsdatum, date of birth, birth date, dob, d.o.b., fecha ~ nacimiento, f. nac., nacid[oa] el"), value: "(?:0?[1-9]|[12]\\d|3[01])[ ./|-]{1,3}(?:0?[1-9]|1[0-2])[ ./|-]{1,3}(?:19|20)\\d\\d" },
];

/** What may stand between a label and its value: a colon, a line break, leaders of a form, "is". */
export const afterLabel = "(?: ?\\([^()\\n]{1,15}\\))?[\\s:#=|.º°…_)\\]/-]{0,30}(?:(?:n[°º]|num[ée]ro|number|nummer)[\\s:.]{0,3})?(?:(?:is|ist|lautet|est(?: le)?|étant(?: le)?|es)[\\s:]{1,2})?";

/** What announces a telephone or fax number, any case. */
export const phoneLabel = "(?:t[ée]l(?:[ée](?:ph(?:one|\\.)?|fax|copie|fon[oae]?s?|fonn(?:r|ummer)))?|telefones|tfn?o|tl?fn?o?|telf|tph|(?:tele|mobile ?|work ?|home ?|cell ?)?phone(?: ?(?:number|no))?|ph|fon|fax|mob(?:ile?(?: number)?|iln(?:r|ummer)|iltelefon)?|cell|port(?:able)?|m[óo]vil|handy(?:n(?:r|ummer))?|gsm|festnetz|landline|rufnummer|durchwahl|std|standard|secr(?:[ée]tariat)?|ligne directe)";
