import { describe, expect, it } from "vitest";
import { found, kinds } from "./find.ts";

/** kind: [text, value]: what must be found, and texts that must not give the kind. */
const examples: Record<string, { yes: [string, string][]; no: string[] }> = {
  email: {
    yes: [
      ["Write to anna.schmidt@nordlicht.de today.", "anna.schmidt@nordlicht.de"],
      ["Kontakt: info@stadtwerke-köln.de.", "info@stadtwerke-köln.de"],
      ["E-mail: maria.alfa@ juntadeandalucia.es", "maria.alfa@ juntadeandalucia.es"],
      ["tlabelle @ medimail . com", "tlabelle @ medimail . com"],
      ["reach me: j.doe (at) example (dot) org", "j.doe (at) example (dot) org"],
      ["Correo:\u200b ana\u200b.ruiz@povisa.es", "ana\u200b.ruiz@povisa.es"],
    ],
    no: ["@override the method", "5 apples @ 3 euro", "Bob@ the.office", "meet me at example.com", "@decorator.name"],
  },
  private_email: { yes: [["Mail: judy.miller@gmail.com", "judy.miller@gmail.com"]], no: ["Mail: sales@nordlicht.de"] },
  private_phone: {
    yes: [
      ["My mobile is +49 171 2345678.", "+49 171 2345678"],
      ["Meine private Telefonnummer: 040 1234567", "040 1234567"],
      ["Tél : 06.12.34.56.78", "06.12.34.56.78"],
      ["Teléfono móvil: 612 345 678", "612 345 678"],
      ["They're not answering at (88) 684-334", "(88) 684-334"],
      ["Tel : O1.42.15.93.3O", "O1.42.15.93.3O"],
      ["Tel : 01.42.l6.00.00", "01.42.l6.00.00"],
      ["Tél : 01 / 42 / 16 / 00 / 00", "01 / 42 / 16 / 00 / 00"],
      ["Dr Petit 01|42|16|00|00", "01|42|16|00|00"],
      ["Dr Petit 01 42 16 00", "01 42 16 00"],
      ["Mme Petit 732 456 7890", "732 456 7890"],
    ],
    no: ["On 12.04.2023 we sold 1.234.567 units.", "ISBN 978-3-16-148410-0", "2023-2024", "Order 4500012345 of 03.05.2024", "192.168.10.20", "3.14159265"],
  },
  phone: { yes: [["Nordlicht Energie GmbH, Tel. +49 40 1234567-0", "+49 40 1234567-0"], ["Our sales office: (212) 555-0187 ext. 12", "(212) 555-0187 ext. 12"], ["Vous pouvez nous joindre au 53 21", "53 21"]], no: ["The plant made 123 456 789 kWh.", "Contacter le secrétariat le 12/03/2022", "Les lots 01 42 16 00 sont prêts."] },
  iban: {
    yes: [
      ["IBAN DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00"],
      ["gb82west12345698765432", "gb82west12345698765432"],
      ["Bankverbindung: DE88370400440532013000 bei der Bank", "DE88370400440532013000"],
      ["IBAN: DE89 3704 0\n044 0532 0130 00", "DE89 3704 0\n044 0532 0130 00"],
      ["Cuenta ES91 2100 0418 4502 0005 1332", "ES91 2100 0418 4502 0005 1332"],
    ],
    no: ["Part DE12 ABCD", "The norm EN10 2025 applies to steel."],
  },
  card: {
    yes: [
      ["4111 1111 1111 1111", "4111 1111 1111 1111"],
      ["credit card 4111-1111-1111-1112", "4111-1111-1111-1112"],
      ["Kreditkarte: 5500005555555559", "5500005555555559"],
      ["carte 3782 822463 10005", "3782 822463 10005"],
    ],
    no: ["0000 0000 0000 0000", "EAN 1234567890123"],
  },
  social_security: {
    yes: [
      ["Here's my SSN: 308-63-0237", "308-63-0237"],
      ["National Insurance number QQ 12 34 56 C or AB 12 34 56 C", "AB 12 34 56 C"],
      ["Rentenversicherungsnummer 65 170839 J 003", "65 170839 J 003"],
      ["AHV-Nummer 756.9217.0769.85", "756.9217.0769.85"],
      ["NAVS13 756.9217.0769.84 (mistyped)", "756.9217.0769.84"],
      ["numéro AVS 123.45.678.113", "123.45.678.113"],
      ["SVNR 1237 010180", "1237 010180"],
      ["Numéro de sécurité sociale : 1 85 05 78 006 084 36", "1 85 05 78 006 084 36"],
      ["NASS: 28 23748589 45.", "28 23748589 45"],
    ],
    no: ["Article 308-63"],
  },
  national_id: {
    yes: [
      ["DNI 12345678Z", "12345678Z"],
      ["NIE: X1234567L", "X1234567L"],
      ["DNI 12345678A (mistyped)", "12345678A"],
      ["PPS number 1234567FA", "1234567FA"],
      ["Numéro national 85.07.30-033.28", "85.07.30-033.28"],
    ],
    no: ["Serie 12345678A del catálogo"],
  },
  tax_id: {
    yes: [
      ["Steuer-ID: 86 095 742 719", "86 095 742 719"],
      ["Steueridentifikationsnummer 86095742718", "86095742718"],
      ["ITIN 900-70-0000", "900-70-0000"],
      ["UTR 11234 56789", "11234 56789"],
      ["numéro fiscal 30 23 217 600 053", "30 23 217 600 053"],
    ],
    no: ["Umsatz 86 095 742 719 Euro"],
  },
  health_insurance: { yes: [["NHS number 943 476 5919", "943 476 5919"], ["Krankenversichertennummer A123456780", "A123456780"], ["NHS no 943 476 5918", "943 476 5918"]], no: ["Call 943 476 units"] },
  identity_card: { yes: [["Personalausweis L01X00T471", "L01X00T471"]], no: ["Modell L01X00T47 im Katalog"] },
  passport: { yes: [["Passport No. 533380006", "533380006"], ["Reisepass C01X00T47", "C01X00T47"], ["pasaporte AAA123456", "AAA123456"]], no: ["Order 533380006"] },
  driving_licence: { yes: [["Driving licence MORGA657054SM9IJ", "MORGA657054SM9IJ"], ["Führerscheinnummer B072RRE2I55", "B072RRE2I55"]], no: ["Licence: Apache-2.0"] },
  plate: { yes: [["Kennzeichen HH-AB 1234", "HH-AB 1234"], ["immatriculé AB-123-CD", "AB-123-CD"], ["matrícula 1234 BCD", "1234 BCD"], ["number plate AB12 CDE", "AB12 CDE"]], no: ["Anlage HH-AB 1234", "Table AB-12"] },
  vat: { yes: [["USt-IdNr. DE136695976", "DE136695976"], ["TVA FR83 404 833 048", "FR83 404 833 048"], ["IVA: B12345674", "B12345674"]], no: ["DE 2023"] },
  medical_record: { yes: [["NHC: 2569870.", "2569870"], ["IPP: 3012837402", "3012837402"], ["Patientennummer 4711-22", "4711-22"], ["MRN 00123456", "00123456"]], no: ["NHC: pendiente", "MRN agency"] },
  account_number: { yes: [["account number 12345678", "12345678"], ["Kontonummer: 532013000", "532013000"], ["Kundennummer 77812", "77812"]], no: ["on account of 3 reasons"] },
  ip: { yes: [["from 84.23.17.9 at noon", "84.23.17.9"], ["2a02:8108:4740:1::2f", "2a02:8108:4740:1::2f"]], no: ["version 10.2.3.45", "127.0.0.1", "Section 1.2.3.4"] },
  mac: { yes: [["3C:22:FB:12:9A:01", "3C:22:FB:12:9A:01"]], no: ["12:30:45", "00:00:00:00:00:00"] },
  coordinates: { yes: [["GPS 53.5511, 9.9937", "53.5511, 9.9937"], ["40° 26' 46\" N", "40° 26' 46\" N"]], no: ["between 1.25, 2.50 percent"] },
  date_of_birth: {
    yes: [
      ["She was born on 2/7/1961.", "2/7/1961"],
      ["geboren am 3. März 1980 in Kiel", "3. März 1980"],
      ["née le 14 juillet 1977", "14 juillet 1977"],
      ["Fecha de nacimiento: 10/10/1963.", "10/10/1963"],
      ["né le deux janvier mille neuf cent soixante dix huit", "deux janvier mille neuf cent soixante dix huit"],
      ["TRAVIS | H | 22/01/1965 (27 ans)", "22/01/1965"],
    ],
    no: ["The contract of 3 March 1980", "Stand: 01.02.2023", "Fecha de ingreso: 17/06/2016"],
  },
  age: { yes: [["a 53-year-old engineer", "53"], ["Edad: 53 años", "53"], ["âgée de 46 ans", "46"], ["Mann, 61 Jahre", "61"]], no: ["a 30-year bond", "nach 25 Jahren Betrieb", "hace 10 años", "Employees aged 30 to 45 were asked.", "patients aged 65 or older"] },
  address: {
    yes: [
      ["Er wohnt Am Alten Markt 5, 24103 Kiel.", "24103 Kiel"],
      ["Bundesstraße 43", "Bundesstraße 43"],
      ["221B Baker Street", "221B Baker Street"],
      ["47-83 Boulevard de l'Hôpital, 75013 Paris", "47-83 Boulevard de l'Hôpital, 75013 Paris"],
      ["Domicilio: Calle Carmen Romero, 23, 1D.", "Calle Carmen Romero, 23, 1D"],
      ["London SW1A 1AA", "SW1A 1AA"],
    ],
    no: ["The street was long.", "2024 Hamburg hosted the fair.", "Umsatz 20457 Euro", "1 cp 3 fois par jour"],
  },
  url_credentials: { yes: [["postgres://admin:hunter2@db.internal/main", "postgres://admin:hunter2@db.internal"]], no: ["https://example.com/a:b"] },
  secret: { yes: [["key AKIAIOSFODNN7EXAMPLE used", "AKIAIOSFODNN7EXAMPLE"], ["sk-proj-abcdefghijklmnopqrstuv", "sk-proj-abcdefghijklmnopqrstuv"], ["ghp_abcdefghijklmnopqrstuvwxyz0123456789", "ghp_abcdefghijklmnopqrstuvwxyz0123456789"]], no: ["task-list", "risk-based approaches are described", "sk-..."] },
  password: { yes: [["password: Tr0ub4dor&3", "Tr0ub4dor&3"], ["Passwort = hunter2!", "hunter2!"], ["mot de passe : Zx9!kkaa", "Zx9!kkaa"]], no: ["Password: required", "The password is stored safely", "token: string"] },
};

describe.each(Object.entries(examples))("%s", (kind, { yes, no }) => {
  it.each(yes)("is found in %j", (text, value) => {
    const values = found(text).filter((each) => each.startsWith(`${kind}:`)).map((each) => each.slice(kind.length + 2));
    expect(values.some((each) => each === value || (kind === "address" && each.includes(value)))).toBe(true);
  });
  it.each(no)("is not found in %j", (text) => expect(kinds(text)).not.toContain(kind));
});

describe("a private key", () => {
  it("is found whole", () => {
    const key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA7\n-----END RSA PRIVATE KEY-----";
    expect(found(`a\n${key}\nb`)).toContain(`private_key: ${key}`);
  });
});

describe("what stands around a value", () => {
  it("makes a cell what its header says", () => {
    expect(kinds({ text: "Lovelace", context: "Nachname", role: "cell" })).toContain("person");
    expect(kinds({ text: "532013000", context: "Konto", role: "cell" })).toContain("account_number");
    expect(kinds({ text: "Wind turbine", context: "Product name", role: "cell" })).toEqual([]);
    expect(kinds({ text: "evangelisch", context: "Konfession", role: "cell" })).toContain("religion");
  });
  it("makes every line of a column and every cell of a Markdown table what its header says", () => {
    expect(found({ text: "Lovelace\nHopper", context: "Surname", role: "cell" })).toEqual(["person: Lovelace", "person: Hopper"]);
    const table = "| Nachname | Konto | Produkt |\n|---|---|---|\n| Wurst | 4711 | Tisch |\n| Zwirn | 08 15 33 | Bank |\n\n| Wurst | 4711 |";
    expect(found(table)).toEqual(expect.arrayContaining(["person: Wurst", "account_number: 08 15 33", "person: Zwirn"]));
    expect(found(table).filter((each) => each.includes("Tisch"))).toEqual([]);
  });
  it("counts as context words", () => {
    expect(kinds({ text: "86095742718", context: "Steuer-ID" })).toContain("tax_id");
    expect(kinds({ text: "86095742718" })).not.toContain("tax_id");
  });
  it("tells a telephone at work from a private one", () => {
    expect(kinds("lynn.chester@corvane.example, +44 1632 960142")).toContain("phone");
    expect(kinds("lynn.chester@gmail.com, +44 1632 960142")).toContain("private_phone");
    expect(kinds("Home: +44 1632 960142, office lynn@corvane.example")).toContain("private_phone");
  });
  it.each([
    "Your return to work is planned for 29 April 2024.",
    "The launch moved to 29 April 2024.",
    "The delivery was moved to 12 May and the rest to 3. März.",
    "It was sent to 12 May readers.",
    "It is planned for 29 April 2024 Way forward",
    "Maintenance on 12 May Close of business",
    "Termin: 29 April 2024 Hill & Co",
    "On 29 April 2024 Square Ltd announced it.",
  ])("takes the date in %j for a date", (text) => expect(kinds(text)).toEqual([]));
  it.each(["12 May Street, London", "She lives at 12 May Close", "Straße des 17. Juni 135, 10623 Berlin", "12 avenue du 8 Mai 1945, 69001 Lyon", "Calle Dos de Mayo 12, 28004 Madrid"])("still finds the address %j", (text) => {
    expect(kinds(text)).toContain("address");
  });
  it.each(["Mme Petit\n12 les Hauts du Lac\n74000 ANNECY", "Paul Durand, 12 r. des Lilas, 75012 Paris", "14 lotissement des Acacias 31000 Toulouse", "Elle habite rue de Lappe avec ses enfants."])("finds the French address in %j", (text) => {
    expect(kinds(text)).toContain("address");
  });
  it.each(["( FamRZ 2017 , 1209 Rn. 13 f. )", "( EuGH GRUR 2005 , 1042 Rdnr. 28 )", "( BStBl II 1990 , 817 , unter C. II. 2. vor a )", "Infektionen, Band 6, 2006, S. 234", "Von 1923 bis 1952 Endstelle der Linie 1", "Vor etwa 12000 bis 13000 Jahren brach er aus.", "Das Schiff lief mit 5 Mann und 1600 Tonnen Salz aus.", "Bei den US Open begann er."])("finds no address in the reference %j", (text) => expect(kinds(text)).not.toContain("address"));
  it("finds no address where a count and a part number stand in one line", () => expect(kinds("Figure 12 Turbine Modèle Rotor 75012 Pièces")).not.toContain("address"));
  it("keeps a company's address apart from a person's", () => {
    expect(kinds("Nordlicht Energie AG, Hafenstraße 12, 20457 Hamburg")).toEqual(["business_address"]);
    expect(kinds("Nordlicht GmbH\nFrau Anna Reuter\n27472 Cuxhaven")).toContain("business_address");
    expect(kinds("Anna Schmidt, Hafenstraße 12, 20457 Hamburg")).toContain("address");
  });
});
