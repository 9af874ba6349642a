import { describe, expect, it } from "vitest";
import { openLanguage } from "../../src/language/open-language.ts";

const language = openLanguage();
const persons = (text: string): string[] => language.names(text, null).filter((each) => each.type === "PERSON").map((each) => text.slice(each.start, each.end));

describe("a name that no list knows", () => {
  it.each([
    ["Patient : xrzkvt", "xrzkvt"], ["Paciente: krjtz", "krjtz"], ["Nachname: xrtl", "xrtl"], ["Médecin traitant : belkacem", "belkacem"], ["Name des Patienten: qwertz", "qwertz"], ["Interne : kervran", "kervran"],
    ["Cordialement,\nvirginie", "virginie"], ["Mit freundlichen Grüßen\nkrtzel", "krtzel"], ["See you on Monday.\nBest regards,\nyulan", "yulan"],
    ["Dr pidoux a vu la patiente.", "pidoux"], ["Vu avec le Dr. Caroline pidoux ce jour.", "pidoux"],
  ])("is found in %j", (text, name) => expect(persons(text).join(" ")).toContain(name));

  it.each([
    "Patient: stable", "Patiente : sortie prévue demain", "Paciente: varón", "\"patient\": \"string\"", "Signature: required", "patient: see the list of fields", "Surname: optional, text",
    "Thanks,\nthe whole team meets at noon to talk.", "All the best regards the weather\nheavy rain", "Dr said that the valve is open.", "Le dr prescrit un traitement.", "Vea el artículo 5, apartado 2, del Reglamento.",
  ])("is not seen in %j", (text) => expect(persons(text)).toEqual([]));
});

describe("what is called after somebody", () => {
  it.each(["Vu en salle Grignon à midi.", "La loi Bertrand du 18 août 2013", "Sie liegt auf Station Virchow im Gebäude Lavoisier.", "Le pavillon Babinski est fermé."])("is nobody in %j", (text) => expect(persons(text)).toEqual([]));
});
