import { Bit } from "../lists.ts";
import { has, isCapital, isMark, sameLine, type Token } from "../tokens.ts";
import { type Found, isInitial, isListedName, isParticle, mayBeName, type Reading } from "./found.ts";
import { afterTitles } from "./persons.ts";

const addressLabels = new Set(["address", "adresse", "anschrift", "wohnhaft", "domicilio", "direccion", "domicile", "demeurant", "street", "strasse", "rue", "calle"]);
const signatures = new Set(["gez", "fdo", "signed", "sig"]);
const fieldWords = new Set(["interne", "externe", "internes", "externes", "pere", "mere", "conjoint", "chirurgien", "anesthesiste", "operateur", "aide", "kunde", "kundin", "mieter", "vermieter", "customer", "employee", "mitarbeiter", "mitarbeiterin", "empleado", "salarie", "attendees", "participants", "teilnehmer", "asistentes", "chair", "bearbeiter", "tutor", "prescripteur", "praticien", "infirmier", "infirmiers", "infirmiere", "infirmieres", "medecin", "medecins", "docteurs", "nurse", "nurses", "doctors", "arzt", "arztin", "arzte", "pflegekraft", "enfermero", "enfermera", "medicos", "remitido", "owner", "prepared", "approved", "reviewed", "manager", "witness"]);

/** Rule 2: a field ("Nombre:", "Patient :", "gez.") and up to five capitalised words behind it. */
export function findFields(reading: Reading): Found[] {
  const { tokens } = reading;
  const found: Found[] = [];
  for (let at = 1; at < tokens.length - 1; at++) {
    const mark = tokens[at]!;
    if (mark.kind !== "mark" || (mark.text !== ":" && mark.text !== ".")) continue;
    const label = tokens[at - 1]!;
    if (label.kind !== "word" || label.shape === "A") continue;
    if (mark.text === ".") {
      if (!signatures.has(label.fold) || mark.spaced) continue;
    } else if (!isPersonLabel(tokens, at - 1)) continue;
    let from = at + 1;
    if (tokens[from]?.kind === "mark" && tokens[from]!.text === "/") from += 1;
    from = afterTitles(reading, from);
    if (!tokens[from] || !sameLine(tokens[from - 1]!, tokens[from]!)) continue;
    const to = fieldEnd(tokens, from);
    if (to > from) found.push({ from, to, type: "PERSON", score: .9 });
    else if (mark.text === ":") found.push(...smallNames(tokens, from));
  }
  return found;
}

/** "Infirmiers: theodore roux, marie cécile lefevre": listed first names in small letters and what belongs to them, one after the other. */
function smallNames(tokens: Token[], start: number): Found[] {
  const found: Found[] = [];
  for (let from = start; found.length < 6; ) {
    const first = tokens[from];
    if (!first || first.shape !== "a" || !isListedName(first) || !has(first, Bit.first) || has(first, Bit.particle) || first.text.length < 3) break;
    let to = from + 1;
    while (to < from + 3 && isSmallName(tokens, to)) to += 1;
    found.push({ from, to, type: "PERSON", score: .6 });
    if (!isMark(tokens[to], ",/&") && !/^(?:et|and|und|y)$/u.test(tokens[to]?.text ?? "")) break;
    from = to + 1;
  }
  return found;
}

const isSmallName = (tokens: Token[], at: number): boolean =>
  tokens[at]?.kind === "word" && tokens[at]!.shape === "a" && tokens[at]!.text.length > 2 && sameLine(tokens[at - 1]!, tokens[at]!) && (isListedName(tokens[at]) || tokens[at]!.bits === 0 || (has(tokens[at], Bit.last) && !has(tokens[at], Bit.role | Bit.label | Bit.particle)));

function isPersonLabel(tokens: Token[], at: number): boolean {
  const label = tokens[at]!;
  const named = has(label, Bit.label | Bit.kin) || fieldWords.has(label.fold);
  if (named && !addressLabels.has(label.fold)) {
    // "Product name:", "Dateiname:" name no person.
    const previous = tokens[at - 1];
    if (label.fold === "name" || label.fold === "names") return !(previous?.kind === "word" && !/^(?:full|first|last|middle|family|given|maiden|patient|customer|client|employee|contact|guest|member|your|my|his|her|the|tenant)$/u.test(previous.fold));
    return !/^(?:to|from|cc|author|autor|auteur|contact)$/u.test(label.fold) || at === 0 || tokens[at - 1]!.kind === "break" || tokens[at - 1]!.kind === "mark";
  }
  // "Signed by:", "Name of patient:"
  return label.fold === "by" && /^(?:signed|prepared|approved|reviewed|written|authored|issued)$/u.test(tokens[at - 1]?.fold ?? "");
}

function fieldEnd(tokens: Token[], from: number): number {
  let to = from;
  let words = 0;
  for (let at = from; at < tokens.length && words < 5 && at < from + 10; at++) {
    const token = tokens[at]!;
    if (at > from && !sameLine(tokens[at - 1]!, token)) break;
    if (isInitial(token)) {
      if (isMark(tokens[at + 1], ".") && !tokens[at + 1]!.spaced) at += 1;
      to = at + 1;
      words += 1;
    } else if (isParticle(token) && (isCapital(token) || at > from) && (isCapital(tokens[at + 1]) || isParticle(tokens[at + 1]))) continue;
    else if (isCapital(token) && (mayBeName(token) || isListedName(token) || (has(token, Bit.first | Bit.last) && !has(token, Bit.role) && (words > 0 || token.text.length > 3)))) {
      if (isMark(tokens[at + 1], ":") || has(tokens[at], Bit.label) || has(token, Bit.organisation | Bit.legalForm)) break;
      to = at + 1;
      words += 1;
    } else break;
  }
  return isMark(tokens[to], ":") ? from : to;
}
