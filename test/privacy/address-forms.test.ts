import { describe, expect, it } from "vitest";
import { found, kinds } from "./find.ts";

/** Addresses as their countries write them; nothing in them is anybody's. */
const addresses: Record<string, string[]> = {
  "Herr Jost Feldkamp, $, hat den Vertrag unterschrieben.": [
    "Am Lindenhof 4, 50674 Köln", "An der Alten Mühle 12a, 38100 Braunschweig", "Auf der Heide 17, 21335 Lüneburg", "Unter den Eichen 87, 12205 Berlin", "Zur Alten Post 2", "Vor dem Tore 1, 37073 Göttingen", "Beim Strohhause 31, 20097 Hamburg", "Straße des 17. Juni 135, 10623 Berlin", "Dr.-Robert-Koch-Straße 7", "Große Bleichen 12", "Weißenburger Platz 8", "Speckenwinkel 3", "Theodor-Heuss-Brücke 3", "Schlachte 15/16, 28195 Bremen",
    "Kohlmarkt 8-10/2/14, 1010 Wien", "Rennweg 46-50/2, A-1030 Wien", "Bahnhofstrasse 21, CH-8001 Zürich", "Via Nassa 5, 6900 Lugano", "Sonnenhalde 18, 88212 Ravensburg",
  ],
  "Mr Tobias Redfern of $ signed the contract.": ["Flat 3, 27 Copper Beech Road, Harrogate HG1 2AB", "The Old Rectory, Church Lane, Lower Slaughter GL54 2HX", "1 Infinite Loop, Cupertino, CA 95014", "12 O'Connell Street Upper, Dublin 1, D01 F5P2", "500 Highway 61 South", "88 Wood Green, Witney OX28 1DA", "P.O. Box 1234, Austin, TX 78701", "2300 N. Clark Street #402, Chicago IL 60614"],
  "M. Octave Delattre, $, a signé le bail.": ["12 bis, rue de la Paix, 75002 Paris", "8 rue du 8 mai 1945", "Résidence Les Lilas, 5 rue Pasteur", "HLM les Pins, Esc. B, 12 rue Jaurès", "Lieu-dit Les Quatre Vents, 24200 Sarlat", "ZA des Prés, 3 rue de l'Industrie", "Chaussée de Wavre 45, 1050 Ixelles", "1 sq. des Cardeurs", "5 QUAI VOLTAIRE 75007 PARIS"],
  "D. Leandro Quiñones, $, firmó el contrato.": ["Avda. de los Tilos, 5", "Cl. Luna 4", "Bº La Paz 9", "Callejón del Gato 5", "Gran Vía 32, 28013 Madrid", "Polígono Industrial Las Eras, nave 5", "Ronda de Toledo 1, esc. 2, 4º A", "Camino Viejo, 7"],
};

/** Share of the address that is found, of whatever kind. */
function covered(text: string, address: string): number {
  const mask = new Uint8Array(text.length);
  for (const each of found(text)) {
    const value = each.slice(each.indexOf(": ") + 2);
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) mask.fill(1, at, at + value.length);
  }
  const start = text.indexOf(address);
  return mask.subarray(start, start + address.length).reduce((sum, each) => sum + each, 0) / address.length;
}

describe("addresses of their countries", () => {
  for (const [sentence, list] of Object.entries(addresses)) it.each(list)(`${sentence.slice(0, 12)} … %s`, (address) => expect(covered(sentence.replace("$", address), address)).toBeGreaterThan(.85));
});

describe("numbers in sentences", () => {
  it.each([
    "The storm hit the coast, injuring 200 people and covering 127 square miles.",
    "The brewery moved to the north until 2007.",
    "He finished third place. In 2013 the race was held again.",
    "It was called the 1966 Grand Final and drew a crowd.",
    "Wegen Mangels 2019 Ware nach Norden geliefert.",
    "Nach Abschn. C. Ziff. 2.6 Abs. 1 besteht kein Anspruch, §§ 1601, 1754, 1770 BGB.",
    "Siehe Abschnitt Zum Verfahren 3, Tabelle 4, Halle 5.",
    "Die Kirche kostete in Moskau im Jahre 25000 Rubel.",
    "On July 23, 1899, Warrington opened its bridge.",
  ])("are no addresses: %s", (text) => expect(kinds(text).filter((kind) => kind.endsWith("address"))).toEqual([]));
});
