import { wordList, type Detector, type TextView } from "./detector.ts";
import { delimitedCells, labelledValues } from "./labelled-values.ts";
import { labelledNumbers, phoneLabel } from "./number-labels.ts";
import { type Cell, tableCells } from "./table-cells.ts";

/** A header, key or label that names a kind makes its value that kind, when the value could be one. */
const headers: { kind: string; words: RegExp; value: RegExp; not?: RegExp }[] = [
  { kind: "person", words: wordList("full name, first name, last name, surname, given name, forename, middle name, employee, contact, contact person, customer name, patient, patient name, manager, signatory, vorname, nachname, familienname, zuname, mitarbeiter, mitarbeiterin, ansprechpartner, ansprechpartnerin, kundenname, patientin, geburtsname, mädchenname, prénom, prenom, nom de famille, nom de naissance, salarié, interlocuteur, apellido, apellidos, empleado, paciente, contacto, firstname, lastname, fullname"), value: /^[\p{L}][\p{L}\p{M} .,'()-]{1,80}$/u, not: wordList("company, company name, product, product name, file, file name, project, firma, firmenname, produkt*, datei*, projekt*, société, produit, fichier, projet, empresa, producto, archivo, proyecto, brand, city, country, street, table, column, field, model, host*, domain, site, department, team, category, unit, bank, straße, ort") },
  // Things have names too: under "name" alone, two capitalised words are a person's, one is not.
  { kind: "person", words: /^\s*(?:name|nom|nombre)\s*(?::\s*)?$/iu, value: /^\p{Lu}[\p{L}'-]{1,30},? \p{Lu}[\p{L}.'-]{0,30}(?: \p{Lu}[\p{L}.'-]{0,30}){0,3}$/u },
  { kind: "private_email", words: wordList("private email, private e-mail, private mail, personal email, e-mail privat"), value: /@/ },
  { kind: "email", words: wordList("email, e-mail, mail, courriel, correo, correo electrónico, email address, e-mail-adresse"), value: /^\S{1,64}@\S{1,255}$/ },
  { kind: "private_phone", words: wordList("phone, telephone, tel, mobile, cell, fax, telefon, telefonnummer, handy, mobil, mobilnummer, téléphone, portable, teléfono, móvil, phone number"), value: /^[+(]?[\d][\d ()./-]{4,24}$/ },
  { kind: "iban", words: wordList("iban, bankverbindung"), value: /^[A-Za-z]{2}\d{2}[\sA-Za-z0-9-]{8,40}$/ },
  { kind: "card", words: wordList("card, card number, credit card, kreditkarte, kreditkartennummer, carte, tarjeta"), value: /^\d[\d -]{10,22}$/ },
  { kind: "account_number", words: wordList("account, account number, account no, konto, kontonummer, kto, compte, cuenta, número de cuenta, sort code"), value: /^[\d][\d -]{4,24}$/, not: wordList("general ledger, g/l, cost*") },
  { kind: "social_security", words: wordList("ssn, social security*, nino, national insurance, sv-nummer, svnr, rentenversicherungsnummer, sozialversicherungsnummer, ahv, nir, sécurité sociale, nass, seguridad social"), value: /^[\p{L}\d][\p{L}\d ./-]{5,24}$/u },
  { kind: "tax_id", words: wordList("tax id, tax number, tin, steuer-id, steuerid, steuernummer, idnr, numéro fiscal, nif, utr"), value: /^[\p{L}\d][\p{L}\d ./-]{5,24}$/u },
  { kind: "national_id", words: wordList("national id, id number, id card, dni, nie, personalausweis*, ausweisnummer, identity number, passport, passport no, reisepass, passeport, pasaporte, carte d'identité, pps, ppsn"), value: /^(?=.*\d)[\p{L}\d][\p{L}\d ./-]{4,24}$/u },
  { kind: "medical_record", words: wordList("mrn, patient id, patient number, patientennummer, nhc, ipp, fallnummer, nhs number, medical record"), value: /^(?=.*\d)[\p{L}\d][\p{L}\d ./-]{2,24}$/u },
  { kind: "health_insurance", words: wordList("versichertennummer, krankenversichertennummer, insurance number, policy number, kvnr"), value: /^(?=.*\d)[\p{L}\d][\p{L}\d ./-]{4,24}$/u },
  { kind: "date_of_birth", words: wordList("date of birth, birth date, birthdate, dob, born, birthday, geburtsdatum, geburtstag, geboren, geb, date de naissance, né le, fecha de nacimiento"), value: /^(?=.*\d).{6,30}$/u },
  { kind: "age", words: wordList("age, alter, âge, edad"), value: /^\d{1,3}$/ },
  { kind: "address", words: wordList("address, street, home address, residence, anschrift, adresse, straße, strasse, wohnort, domicile, rue, dirección, domicilio, calle, postal address"), value: /^.{4,150}$/su, not: wordList("e-mail, email, ip, mac, web, website, url, mail, correo, it") },
  { kind: "password", words: wordList("password, passwort, kennwort, secret, api key, token, mot de passe, contraseña, pin"), value: /^\S{4,200}$/ },
  { kind: "device_id", words: wordList("imei, imei number, imei-nummer, iccid, imsi"), value: /^\d[\d -]{13,24}$/ },
  { kind: "handle", words: wordList("twitter, instagram, tiktok, telegram, skype, snapchat, mastodon, bluesky, username, user name, screen name, twitter handle, benutzername, nutzername, nom d'utilisateur, nombre de usuario"), value: /^@?[\p{L}\p{N}_.-]{3,40}$/u, not: wordList("url, website, required, string, count, followers") },
  { kind: "driving_licence", words: wordList("driving licence*, driving license*, driver's licen*, führerschein*, permis de conduire, permiso de conducir"), value: /^(?=.*\d)[\p{L}\d][\p{L}\d ./-]{4,24}$/u },
  { kind: "plate", words: wordList("license plate, licence plate, plate, kennzeichen, immatriculation, matrícula"), value: /^[\p{L}\d][\p{L}\d -]{3,11}$/u },
  { kind: "religion", words: wordList("religion, konfession, confession, religión"), value: /^\p{L}[\p{L} .-]{1,40}$/u },
  { kind: "health", words: wordList("diagnosis, diagnose, diagnostic, diagnóstico, disability, schwerbehinderung, blood type, blutgruppe, allergies"), value: /^.{2,120}$/su },
  { kind: "ethnicity", words: wordList("ethnicity, race, ethnische herkunft, origine ethnique, etnia"), value: /^\p{L}[\p{L} .-]{1,40}$/u },
  { kind: "private_phone", words: new RegExp(`(?<![\\p{L}])${phoneLabel}(?![\\p{L}])`, "iu"), value: /^\(?\+?\(?\d(?:[ .,/_•·:()–-]{0,3}\d){7,15}$/ },
  ...labelledNumbers.map(({ kind, label, value }) => ({ kind, words: new RegExp(`(?<![\\p{L}\\p{N}])(?:${label})(?![\\p{L}\\p{N}])`, "iu"), value: new RegExp(`^(?:${value})$`, "iu") })),
  { kind: "salary", words: wordList("salary, gehalt, lohn, bruttogehalt, jahresgehalt, monatsgehalt, wage, salaire, salario, sueldo"), value: /^[\p{Sc}A-Z ]{0,5}\d[\d.,' ]{2,14}[\p{Sc}A-Z ]{0,5}$/u },
];

/** What the value of a key in running text must look like besides: "address: host.name" and "token: options.token" are code. */
const inText: Record<string, RegExp> = { address: /(?=.{0,200}\d)\p{L}{3}.{0,200} |\d.{0,200} \p{L}{3}/u, password: /^(?!)/, health: /\p{L}{4}/u, person: /^\p{Lu}/u };

/** Cells and values under a header, key or label; a passage of several lines is a column, one cell a line. */
export const columns: Detector = {
  id: "columns",
  kinds: [...new Set(headers.map((each) => each.kind))],
  *find(view) {
    const rowsOf = new Map<string, typeof headers>();
    for (const { start, end, context, ...cell } of cells(view)) {
      if (end - start > 200) continue;
      let rows = rowsOf.get(context);
      if (!rows) rowsOf.set(context, (rows = rowsNamedBy(context)));
      const text = view.text.slice(start, end);
      const value = text.trim();
      const row = rows.find((each) => each.value.test(value) && (!cell.inText || (inText[each.kind]?.test(value) ?? true)));
      if (!row) continue;
      const from = start + text.indexOf(value);
      yield { kind: row.kind, start: from, end: from + value.length, score: 0.85 };
    }
  },
};

function* cells(view: TextView): Generator<Cell> {
  yield* tableCells(view.text);
  yield* delimitedCells(view.text);
  yield* labelledValues(view);
  for (const passage of view.passages) {
    if (!passage.context) continue;
    for (let start = passage.start; start < passage.end; ) {
      const newline = view.text.indexOf("\n", start);
      const end = newline === -1 || newline > passage.end ? passage.end : newline;
      yield { start, end, context: passage.context };
      start = end + 1;
    }
  }
}

/** "firstName" reads as "first Name". */
function rowsNamedBy(context: string): typeof headers {
  const label = context.replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2").replace(/_/g, " ").slice(0, 80);
  return headers.filter((each) => each.words.test(label) && !each.not?.test(label));
}
