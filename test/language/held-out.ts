/** Sentences with what they say, written before the rules were tuned; never tuned on. */
export interface HeldOut {
  language: "en" | "de" | "fr" | "es";
  text: string;
  /** Type and name. */
  entities: [string, string][];
  /** Source name, type, target name. */
  relations: [string, string, string][];
}

const en = (text: string, entities: [string, string][], relations: [string, string, string][] = []): HeldOut => ({ language: "en", text, entities, relations });
const de = (text: string, entities: [string, string][], relations: [string, string, string][] = []): HeldOut => ({ language: "de", text, entities, relations });
const fr = (text: string, entities: [string, string][], relations: [string, string, string][] = []): HeldOut => ({ language: "fr", text, entities, relations });
const es = (text: string, entities: [string, string][], relations: [string, string, string][] = []): HeldOut => ({ language: "es", text, entities, relations });
const [P, O, L, D, Q] = ["PERSON", "ORGANIZATION", "LOCATION", "DATE_TIME", "QUANTITY"] as const;

export const heldOut: HeldOut[] = [
  en("Marcus Thorne, chief financial officer of Halden Optics plc, resigned on 4 March 2023.", [[P, "Marcus Thorne"], [O, "Halden Optics plc"], [D, "4 March 2023"]], [["Halden Optics plc", "EMPLOYS", "Marcus Thorne"]]),
  en("Halden Optics plc is headquartered in Bristol and employs 420 people.", [[O, "Halden Optics plc"], [L, "Bristol"], [Q, "420 people"]], [["Halden Optics plc", "LOCATED_IN", "Bristol"]]),
  en("The company was founded in 1987 by Ingrid Solberg.", [[D, "1987"], [P, "Ingrid Solberg"]]),
  en("Ferrotec Ltd manufactures the LensPro 400 in its plant in Leeds.", [[O, "Ferrotec Ltd"], ["PRODUCT", "LensPro 400"], [L, "Leeds"]], [["Ferrotec Ltd", "CREATES", "LensPro 400"]]),
  en("The LensPro 400 is manufactured by Ferrotec Ltd.", [["PRODUCT", "LensPro 400"], [O, "Ferrotec Ltd"]], [["Ferrotec Ltd", "CREATES", "LensPro 400"]]),
  en("In 2021 Quantum Ridge Inc. acquired Bluewater Analytics LLC for $34 million.", [[D, "2021"], [O, "Quantum Ridge Inc."], [O, "Bluewater Analytics LLC"], [Q, "$34 million"]], [["Quantum Ridge Inc.", "OWNS", "Bluewater Analytics LLC"]]),
  en("Bluewater Analytics LLC is a subsidiary of Quantum Ridge Inc.", [[O, "Bluewater Analytics LLC"], [O, "Quantum Ridge Inc."]], [["Bluewater Analytics LLC", "PART_OF", "Quantum Ridge Inc."]]),
  en("Sofia Lindqvist works for Arbor Health Group in Toronto.", [[P, "Sofia Lindqvist"], [O, "Arbor Health Group"], [L, "Toronto"]], [["Arbor Health Group", "EMPLOYS", "Sofia Lindqvist"]]),
  en("Sofia Lindqvist manages Project Heron.", [[P, "Sofia Lindqvist"], ["CONCEPT", "Project Heron"]], [["Sofia Lindqvist", "MANAGES", "Project Heron"]]),
  en("Tarn Logistics Ltd was founded by Oliver Penrose.", [[O, "Tarn Logistics Ltd"], [P, "Oliver Penrose"]], [["Tarn Logistics Ltd", "FOUNDED_BY", "Oliver Penrose"]]),
  en("The HX-90 heat exchanger requires stainless steel and complies with ISO 15547.", [["PRODUCT", "HX-90"], ["MATERIAL", "stainless steel"], ["REGULATION", "ISO 15547"]], [["HX-90", "REQUIRES", "stainless steel"], ["HX-90", "IMPLEMENTS", "ISO 15547"]]),
  en("Halden Optics plc supplies lenses to Arbor Health Group.", [[O, "Halden Optics plc"], [O, "Arbor Health Group"]], [["Halden Optics plc", "ASSOCIATED_WITH", "Arbor Health Group"]]),
  en("Supplier: Ferrotec Ltd\nCustomer: Arbor Health Group", [[O, "Ferrotec Ltd"], [O, "Arbor Health Group"]], [["Ferrotec Ltd", "ASSOCIATED_WITH", "Arbor Health Group"]]),
  en("Dr. Priya Raman of Cedar Valley University presented the study at the Global Water Summit 2022.", [[P, "Priya Raman"], [O, "Cedar Valley University"], ["EVENT", "Global Water Summit 2022"]], [["Cedar Valley University", "EMPLOYS", "Priya Raman"]]),
  en("Revenue rose by 12 % to $4.2 billion in the third quarter of 2022.", [["METRIC", "Revenue"], [Q, "12 %"], [Q, "$4.2 billion"], [D, "third quarter of 2022"]]),
  en("The Northern Data Institute (NDI) is part of Cedar Valley University. NDI uses TensorFlow.", [[O, "Northern Data Institute"], [O, "Cedar Valley University"], ["TECHNOLOGY", "TensorFlow"]], [["Northern Data Institute", "PART_OF", "Cedar Valley University"], ["Northern Data Institute", "USES", "TensorFlow"]]),
  en('"The Silent Harbour" is a 1974 drama film directed by Lionel Marsh.', [["CONCEPT", "The Silent Harbour"], [D, "1974"], [P, "Lionel Marsh"]], [["Lionel Marsh", "CREATES", "The Silent Harbour"]]),
  en("The Portland Foxes are a basketball team based in Portland, Oregon.", [[O, "Portland Foxes"], [L, "Portland"], [L, "Oregon"]], [["Portland Foxes", "LOCATED_IN", "Portland"]]),
  en("Lake Ellesmere is located in New Zealand.", [[L, "Lake Ellesmere"], [L, "New Zealand"]], [["Lake Ellesmere", "LOCATED_IN", "New Zealand"]]),
  en("Under Article 28 GDPR the processor must sign a data processing agreement.", [["REGULATION", "Article 28 GDPR"], ["DOCUMENT", "data processing agreement"]]),
  en("Mr Whitcombe signed the Framework Agreement on 2024-01-15.", [[P, "Whitcombe"], ["DOCUMENT", "Framework Agreement"], [D, "2024-01-15"]]),
  en("The outage was caused by the failure of the Orion gateway.", [["PRODUCT", "Orion gateway"]]),
  en("Helena Brandt succeeded Paul Ashcroft as director of Tarn Logistics Ltd.", [[P, "Helena Brandt"], [P, "Paul Ashcroft"], [O, "Tarn Logistics Ltd"]], [["Helena Brandt", "FOLLOWS", "Paul Ashcroft"], ["Tarn Logistics Ltd", "EMPLOYS", "Helena Brandt"]]),
  de("Die Brückner Pumpen GmbH mit Sitz in Kassel beschäftigt 310 Mitarbeiter.", [[O, "Brückner Pumpen GmbH"], [L, "Kassel"], [Q, "310 Mitarbeiter"]], [["Brückner Pumpen GmbH", "LOCATED_IN", "Kassel"]]),
  de("Geschäftsführerin der Brückner Pumpen GmbH ist Frau Dr. Katrin Seidel.", [[O, "Brückner Pumpen GmbH"], [P, "Katrin Seidel"]], [["Brückner Pumpen GmbH", "EMPLOYS", "Katrin Seidel"], ["Katrin Seidel", "MANAGES", "Brückner Pumpen GmbH"]]),
  de("Jürgen Kolbe leitet die Alpenstrom AG seit 2019.", [[P, "Jürgen Kolbe"], [O, "Alpenstrom AG"], [D, "2019"]], [["Jürgen Kolbe", "MANAGES", "Alpenstrom AG"]]),
  de("Die Alpenstrom AG wurde 1995 von Walter Egger gegründet.", [[O, "Alpenstrom AG"], [D, "1995"], [P, "Walter Egger"]], [["Alpenstrom AG", "FOUNDED_BY", "Walter Egger"]]),
  de("Die Alpenstrom AG übernahm im März 2020 die Talwerk GmbH.", [[O, "Alpenstrom AG"], [D, "März 2020"], [O, "Talwerk GmbH"]], [["Alpenstrom AG", "OWNS", "Talwerk GmbH"]]),
  de("Die Pumpe BP-220 wird von der Brückner Pumpen GmbH hergestellt.", [["PRODUCT", "BP-220"], [O, "Brückner Pumpen GmbH"]], [["Brückner Pumpen GmbH", "CREATES", "BP-220"]]),
  de("Die Talwerk GmbH ist eine Tochtergesellschaft der Alpenstrom AG.", [[O, "Talwerk GmbH"], [O, "Alpenstrom AG"]], [["Talwerk GmbH", "PART_OF", "Alpenstrom AG"]]),
  de("Der Umsatz stieg um 8 % auf 56 Mio. Euro.", [["METRIC", "Umsatz"], [Q, "8 %"], [Q, "56 Mio. Euro"]]),
  de("Die Anlage erfüllt die DIN EN 12953 und die DSGVO.", [["REGULATION", "DIN EN 12953"], ["REGULATION", "DSGVO"]]),
  de("Lieferant: Hartwig Stahl KG\nAnsprechpartner: Björn Tiedemann", [[O, "Hartwig Stahl KG"], [P, "Björn Tiedemann"]], [["Hartwig Stahl KG", "EMPLOYS", "Björn Tiedemann"]]),
  de("Am 14. Mai 2022 unterzeichneten die Alpenstrom AG und die Hartwig Stahl KG einen Rahmenvertrag.", [[D, "14. Mai 2022"], [O, "Alpenstrom AG"], [O, "Hartwig Stahl KG"], ["DOCUMENT", "Rahmenvertrag"]], [["Alpenstrom AG", "ASSOCIATED_WITH", "Hartwig Stahl KG"]]),
  de("Herr Tiedemann arbeitet bei der Hartwig Stahl KG in Duisburg.", [[P, "Tiedemann"], [O, "Hartwig Stahl KG"], [L, "Duisburg"]], [["Hartwig Stahl KG", "EMPLOYS", "Tiedemann"]]),
  fr("Claire Dumont dirige la société Verrerie du Rhône SA depuis 2018.", [[P, "Claire Dumont"], [O, "Verrerie du Rhône SA"], [D, "2018"]], [["Claire Dumont", "MANAGES", "Verrerie du Rhône SA"]]),
  fr("Verrerie du Rhône SA, dont le siège est à Lyon, emploie 150 personnes.", [[O, "Verrerie du Rhône SA"], [L, "Lyon"], [Q, "150 personnes"]], [["Verrerie du Rhône SA", "LOCATED_IN", "Lyon"]]),
  fr("La société Mécanor SARL a été fondée par Hugo Lefebvre en 2004.", [[O, "Mécanor SARL"], [P, "Hugo Lefebvre"], [D, "2004"]], [["Mécanor SARL", "FOUNDED_BY", "Hugo Lefebvre"]]),
  fr("Mécanor SARL fabrique la vanne VX-12.", [[O, "Mécanor SARL"], ["PRODUCT", "VX-12"]], [["Mécanor SARL", "CREATES", "VX-12"]]),
  fr("Le chiffre d'affaires a atteint 12 millions d'euros en 2022.", [["METRIC", "chiffre d'affaires"], [Q, "12 millions d'euros"], [D, "2022"]]),
  fr("Le RGPD s'applique depuis le 25 mai 2018.", [["REGULATION", "RGPD"], [D, "25 mai 2018"]]),
  es("Lucía Fernández trabaja en Aceites del Sur SL desde 2015.", [[P, "Lucía Fernández"], [O, "Aceites del Sur SL"], [D, "2015"]], [["Aceites del Sur SL", "EMPLOYS", "Lucía Fernández"]]),
  es("Aceites del Sur SL, con sede en Sevilla, fue fundada por Rafael Ortega.", [[O, "Aceites del Sur SL"], [L, "Sevilla"], [P, "Rafael Ortega"]], [["Aceites del Sur SL", "LOCATED_IN", "Sevilla"], ["Aceites del Sur SL", "FOUNDED_BY", "Rafael Ortega"]]),
  es("Grupo Marbella SA adquirió Aceites del Sur SL por 9 millones de euros.", [[O, "Grupo Marbella SA"], [O, "Aceites del Sur SL"], [Q, "9 millones de euros"]], [["Grupo Marbella SA", "OWNS", "Aceites del Sur SL"]]),
  es("El contrato de suministro se firmó el 3 de abril de 2021.", [["DOCUMENT", "contrato de suministro"], [D, "3 de abril de 2021"]]),
  es("Javier Molina, director general de Técnicas Navales SA, visitó Bilbao.", [[P, "Javier Molina"], [O, "Técnicas Navales SA"], [L, "Bilbao"]], [["Técnicas Navales SA", "EMPLOYS", "Javier Molina"], ["Javier Molina", "MANAGES", "Técnicas Navales SA"]]),
];
