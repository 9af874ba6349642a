import { describe, expect, it } from "vitest";
import { found, kinds } from "./find.ts";

describe("confidentiality wording", () => {
  it.each([
    "STRICTLY CONFIDENTIAL",
    "Streng vertraulich – nur für den Vorstand",
    "This document contains a trade secret.",
    "The parties signed an NDA in May.",
    "Document strictement confidentiel",
    "Información confidencial de la empresa",
    "Confidential\n\nBoard minutes",
    "Classification: Confidential",
    "Stric\u00adtly\nconfidential",
  ])("marks %j", (text) => expect(kinds(text)).toContain("confidential_marking"));

  it.each(["For internal use only.", "Nur für den internen Gebrauch", "Usage interne uniquement", "Sólo para uso interno", "Classification: internal"])("takes %j as internal", (text) => {
    expect(kinds(text)).toContain("internal_marking");
    expect(kinds(text)).not.toContain("confidential_marking");
  });

  it.each([
    "Our secretary travels to international fairs.",
    "Internationale Zusammenarbeit im Sekretariat",
    "The internal combustion engine was replaced.",
    "Una secretaria internacional",
    "Le secrétariat international",
    "A secret of success is patience.",
    "Agenda and standard",
    "This report was not written in confidence.",
  ])("sees nothing in %j", (text) => expect(kinds(text).filter((kind) => kind.endsWith("_marking"))).toEqual([]));
});

describe("the tenant's own terms", () => {
  it("are found as whole words in any case, over line breaks and invisible characters", () => {
    expect(found("The PROJEKT\nfalke starts; projekt\u200b Falken does not.", ["Projekt Falke"])).toEqual(["term: PROJEKT\nfalke"]);
  });
  it("take their characters as they are", () => {
    expect(found("C++ (beta) and Cxx", ["C++ (beta)"])).toEqual(["term: C++ (beta)"]);
    expect(found("A.B and AxB", ["A.B"])).toEqual(["term: A.B"]);
  });
  it("give way to the list of what is allowed, and only for the whole value", () => {
    expect(found("info@nordlicht.de and anna@nordlicht.de", [], ["INFO@nordlicht.de"])).toEqual(["email: anna@nordlicht.de"]);
  });
});

describe("special categories", () => {
  it.each([
    ["health", "The employee was on sick leave with depression."],
    ["health", "Die Mitarbeiterin ist schwanger."],
    ["health", "La paciente padece cáncer."],
    ["religion", "Herr Yilmaz ist muslimisch."],
    ["union", "She is a union member."],
    ["orientation", "My colleague is gay."],
    ["health", "Anna Schmidt was diagnosed with diabetes."],
    ["health", "You are on sick leave since March."],
    ["health", "Your doctor has reported a fracture of the left wrist."],
    ["health", "Sie sind seit März krankgeschrieben."],
  ])("finds %s in %j", (kind, text) => expect(kinds(text)).toContain(kind));

  it.each(["The stroke of the piston is 80 mm.", "Cancer research received new funds.", "Catholic churches of the 12th century", "Trade unions and employers met.", "Physiotherapy is a branch of medicine.", "A fracture of the left blade was found."])("takes %j as a topic", (text) => {
    expect(kinds(text)).toEqual([]);
  });
});

describe("names and titles", () => {
  it("finds persons in the four languages", () => {
    expect(kinds("The letter was signed by Dr. Eva Lang yesterday.")).toContain("person");
    expect(kinds("Gestern unterschrieb Frau Eva Lang den Brief.")).toContain("person");
    expect(kinds("La lettre de Mme Christine Lambert est arrivée.")).toContain("person");
    expect(kinds("El informe del Sr. Pedro García Ruiz")).toContain("person");
  });
  it("counts a job title beside a name only", () => {
    expect(kinds("Our CEO, Anna Schmidt, spoke.")).toEqual(expect.arrayContaining(["job_title", "person"]));
    expect(kinds("The chief engineer and the CEO decide.")).toEqual([]);
  });
  it.each([
    "Orders came from Brittany Faroe Islands and Scotland.",
    "Turbines ordered in 2024 Scotland 18 units Brittany 11 units Faroe Islands 7 units",
    "The city of Chester is old; a ship went from Chester to Port Selwick.",
    "Chester has two bridges, London and Bristol have more.",
    "Our office: Chester",
    "| Chester | 18 |",
    "Paris London Chester",
  ])("takes the places of %j for places", (text) => expect(kinds(text)).toEqual([]));
  it.each(["Mr Chester is here.", "Chester Smith works there.", "Paris Hilton arrived.", "Brittany Lincoln met us.", "Florence Chester wrote.", "Dear Chester, thank you.", "Chester said that it works.", "a boy named Chester"])("still finds the person in %j", (text) => {
    expect(kinds(text)).toContain("person");
  });
});
