import { describe, expect, it } from "vitest";
import { openLanguage } from "../../src/language/open-language.ts";

const language = openLanguage();
const persons = (text: string): string[] => language.names(text, "de").filter((each) => each.type === "PERSON").map((each) => text.slice(each.start, each.end));

describe("who is cited in a German legal text is no party to it", () => {
  it.each([
    "Das ist umstritten (vgl. Breier/Dassau/Kiefer, TVöD, § 12 Rn. 3).",
    "Der Senat folgt dem nicht (vgl. Thieme, Deutsches Hochschulrecht, 3. Aufl.).",
    "So auch Heß, WissR 33 (2000), S. 12.",
    "Unterscheidungskraft fehlt, BGH GRUR 2014, 378, Rdnr. 39 – Otto Marken.",
    "Dagegen wendet sich Gräber/Ratschow, a. a. O., § 115 FGO.",
  ])("%s", (text) => expect(persons(text)).toEqual([]));

  it("but who stands beside another in a note is somebody", () => expect(persons("Verantwortlich sind Frau Gräber und Herr Kiefer.")).toEqual(["Gräber", "Kiefer"]));
});

describe("German nouns that are surnames too", () => {
  it.each(["Eine Rinne führt unter dem Kabel zum Gehäuse.", "Das Werkstück und der kleine Krieger stehen bereit, mit der schmalen Rinne.", "Im Rahmen des Fischer war die Leitung frei."])("name nobody behind an article: %s", (text) => expect(persons(text)).toEqual([]));

  it("end before the next clause of the sentence", () => {
    expect(persons("Trotz der Zweifel hält Kurt Miller den Test für wichtig.")).toEqual(["Kurt Miller"]);
    expect(persons("Ida erfährt es, weil Herr Ursula von der Leyen sagte, was der Präsident der Kammer will.")).toContain("Ursula von der Leyen");
  });

  it("are cut off before a name, as abbreviations are behind one", () => {
    expect(persons("Dazu sagte der Bildungsminister Henry Tesch nichts.")).toEqual(["Henry Tesch"]);
    expect(persons("Gestern fuhr der Technikchef Ross Brawn nach Hause.")).toEqual(["Ross Brawn"]);
  });
});

describe("lone letters in court decisions", () => {
  it.each(["Die nach Hilfsantrag A geltenden Ansprüche sind neu.", "Die Patentansprüche nach den Hilfsanträgen A, B und C sind zulässig.", "Die Kontaktfedern C sind nicht leitend, das Gericht folgt dem.", "Die maximale Verdrängung der Schale „G“ betrage 6,5 m³.", "Das Urteil des Landgerichts Z hat Bestand.", "I. Streitig ist der Anspruch der Klägerin auf Kindergeld.", "Der Kaufpreis von X € ist zu zahlen, so das Gericht."])("are things: %s", (text) => expect(persons(text)).toEqual([]));

  it.each([
    ["Das Kilogramm lag in der Wohnung seines Nachbarn K. bereit.", "K."],
    ["Die Strafe des Vorstandsmitglieds R. wird aufgehoben.", "R."],
    ["Die Rückkehr des Arbeitnehmers N auf seinen Platz steht an.", "N"],
    ["Er sprach in der Funktion als Referatsleiter XX vor Gericht.", "XX"],
  ])("are persons: %s", (text, name) => expect(persons(text)).toEqual([name]));
});
