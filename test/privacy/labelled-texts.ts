/** Invented texts with what is private in them: `[kind|value]`. Kinds are the detectors'. */
const marked: Record<string, readonly string[]> = {
  en: [
    "Dear [person|Harriet Winslow], your appointment with Dr. [person|Okonjo] is on Monday at nine.",
    "[person|Marlon Fairbrother] told me that [person|Giselle] would call back before noon.",
    "Please send the parcel to [person|Tobias Redfern], [address|48 Larkspur Lane, Apt. 12], and ring twice.",
    "My card number is [card|4539 1488 0343 6467], please cancel the last booking.",
    "You reach the patient on [private_phone|+44 7911 123456] or by mail at [private_email|h.winslow@gmail.com].",
    "Her social security number is [social_security|308-63-0237] and she was born on [date_of_birth|14 March 1968].",
    "Transfer the rest to [iban|GB29 NWBK 6016 1331 9268 19] today, please.",
    "National insurance number: [social_security|QQ 12 34 56 C]\nNHS number: [health_insurance|943 476 5919]",
    "Passport no. [passport|512847309], driving licence [driving_licence|FAIRB 806149 M9 9IJ]",
    "The session came from [ip|84.17.52.113] with the token [secret|ghp_a8Kd72LmQx91ZtYw03Rb56VnCe48Ju17SsPo].",
    "The witness, [person|Adele Ravensworth], lives at [address|7 Copper Beech Road, Harrogate].",
    "name: [person|otis bramwell]\nphone: [private_phone|020 7946 0958]",
  ],
  de: [
    "Sehr geehrte Frau [person|Tannhäuser], anbei der Befund vom Montag.",
    "Wir berichten über [person|Friedrich Osterloh], geboren am [date_of_birth|03.11.1954], wohnhaft [address|Lindenstraße 14, 50674 Köln].",
    "Der Zeuge [person|K.] sah den Angeklagten [person|M.] vor dem Gericht warten.",
    "Bitte überweisen Sie auf das Konto [iban|DE89 3704 0044 0532 0130 00] bis Ende des Monats.",
    "Rückfragen an [person|Gudrun Habermehl], Telefon [phone|0221 4710 815], Zimmer 12.",
    "Steuer-ID: [tax_id|86 095 742 719]\nRentenversicherungsnummer: [social_security|65 170839 J 008]",
    "Versichertennummer der Krankenkasse: [health_insurance|A123456780]",
    "Unterschrieben von [person|Hanna Wiesental] und [person|Jost Feldkamp], Prokuristen.",
    "Die Patientin, Frau [person|Ilse Marquardt], wurde am Abend entlassen.",
    "gez. [person|Dietlinde Rosenau]",
    "AHV-Nummer [social_security|756.9217.0769.85], Wohnsitz Zürich",
    "Meine private Mailadresse ist [private_email|jost.feldkamp@gmx.de], das Passwort lautet [password|Sommer!2024x].",
  ],
  fr: [
    "Madame [person|Solange Tavernier] a été vue en consultation par le Dr [person|Perrin].",
    "Patient : [person|LEMOINE Baptiste], né le [date_of_birth|12/05/1971], demeurant [address|18 rue des Acacias, 69003 Lyon].",
    "Numéro de sécurité sociale : [social_security|1 71 05 69 123 456 20]",
    "On le joint au [private_phone|06 12 34 56 78] ou à l'adresse [private_email|b.lemoine@orange.fr].",
    "Le virement part sur le compte [iban|FR14 2004 1010 0505 0001 3M02 606] demain.",
    "IPP [medical_record|8005123456], interne : [person|Maëlle Kervran]",
    "Cher confrère, je vous adresse M. [person|Octave Delattre] pour avis.",
    "[person|Clémence Aubry] et [person|Hugues Marchand] ont signé le bail du [address|4 impasse du Moulin, 35000 Rennes].",
  ],
  es: [
    "Nombre: [person|Casilda].\nApellidos: [person|Berrueco Pardo].\nNHC: [medical_record|2847193].\nDomicilio: [address|Calle Olmo, 23, 2º B].",
    "El paciente fue atendido por el Dr. [person|Rogelio Zabaleta] en la consulta.",
    "Su DNI es [national_id|12345678Z] y su teléfono el [private_phone|612 345 678].",
    "Doña [person|Eulalia Montoro Vega] vive en la [address|Avda. de los Tilos, 5] con su hija.",
    "NASS: [social_security|28 12345678 40], nacida el [date_of_birth|02/09/1959]",
    "Cuenta: [iban|ES91 2100 0418 4502 0005 1332]",
    "Remitido por: Dra. [person|Nuria Echeverría Lasa], correo [email|nechever@hospital-norte.es]",
    "El contrato lo firmó [person|Leandro Quiñones] ante el notario.",
  ],
};

export interface LabelledText {
  language: string;
  text: string;
  spans: { start: number; end: number; kind: string }[];
}

export const labelledTexts: readonly LabelledText[] = Object.entries(marked).flatMap(([language, texts]) => texts.map((each) => read(language, each)));

function read(language: string, source: string): LabelledText {
  const spans: LabelledText["spans"] = [];
  let text = "";
  let last = 0;
  for (const match of source.matchAll(/\[(\w+)\|([^\]]+)\]/gu)) {
    text += source.slice(last, match.index);
    spans.push({ start: text.length, end: text.length + match[2]!.length, kind: match[1]! });
    text += match[2]!;
    last = match.index + match[0].length;
  }
  return { language, text: text + source.slice(last), spans };
}
