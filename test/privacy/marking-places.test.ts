import { describe, expect, it } from "vitest";
import { kinds } from "./find.ts";

const markings = (text: string, role: string, context = ""): string[] => kinds({ text, role, ...(context ? { context } : {}) }).filter((kind) => kind.endsWith("_marking"));

describe("wording of confidentiality", () => {
  it.each([
    "Streng vertrauliche Unterlagen", "Told to us in strict confidence.", "TLP:AMBER", "TLP:AMBER+STRICT", "OFFICIAL-SENSITIVE", "Privileged & Confidential", "VS-NfD", "Documents strictement confidentiels", "Confidentiel-défense", "Datos estrictamente confidenciales", "Difusión limitada", "Ne pas divulguer",
  ])("marks %j", (text) => expect(markings(text, "body")).toEqual(["confidential_marking"]));
  it.each(["TLP:GREEN", "Ausschließlich für den internen Gebrauch", "Uso exclusivamente interno"])("takes %j as internal", (text) => expect(markings(text, "body")).toEqual(["internal_marking"]));
});

describe("a word of confidentiality counts by its place", () => {
  it.each([
    ["header", "geheim - nur für Vorstand"], ["footer", "Nordlicht confidential | page 3"], ["footer", "Norvik AG · vertraulich · Seite 3"], ["header", "diffusion : restreint"], ["footer", "documento reservado"], ["watermark", "DRAFT confidential copy"], ["watermark", "secret"],
    ["name", "Confidential_Report.pdf"], ["name", "Bericht-vertraulich.pdf"], ["name", "rapport_confidentiel.docx"],
  ])("in a %s: %j", (role, text) => expect(markings(text, role)).toContain("confidential_marking"));
  it.each([["footer", "Norvik AG · intern · Seite 3"], ["footer", "Nordlicht internal"], ["name", "Handbuch_intern.pdf"]])("in a %s as internal: %j", (role, text) => expect(markings(text, role)).toEqual(["internal_marking"]));
  it("in a title", () => expect(markings("Annual plan – confidential", "metadata", "title")).toContain("confidential_marking"));
  it("in a short line of the cover, and not far behind it", () => {
    expect(markings("Annual plan 2024\nDraft, confidential\n\nThe plan begins.", "body")).toContain("confidential_marking");
    expect(markings(`${"The pump runs. ".repeat(60)}\nDraft, confidential\n\nThe plan begins.`, "body")).toEqual([]);
  });
  it.each([
    ["header", "The confidential talks went on"], ["footer", "international affairs"], ["header", "Secretary of State"], ["body", "Personal, confidential, and public data differ"], ["body", "Rédigé par le médecin (Interne) le 18/04"], ["body", "A secret of success is patience."], ["name", "secretary_list.pdf"], ["footer", "internal combustion engines"],
  ])("and is prose in a %s: %j", (role, text) => expect(markings(text, role)).toEqual([]));
});

describe("a label written beside the document", () => {
  it.each([
    ["MSIP_Label_2096f6a2-d2f7_Name", "Confidential - Finance"], ["MSIP_Label_1_Name", "Streng vertraulich"], ["Sensitivity", "Company-Confidential"], ["Sensitivity", "Private"], ["x-sensitivity", "Personal"], ["X-Norvik-Classification", "Secret"], ["X-Security-Label", "C3"], ["classification", "restricted"], ["TitusClassification", "Restreint"],
    ["msip_labels", "MSIP_Label_1_Enabled=True;MSIP_Label_1_Name=Highly Confidential;MSIP_Label_1_Method=Standard"],
  ])("%s: %s is confidential", (context, text) => expect(markings(text, "metadata", context)).toContain("confidential_marking"));
  it.each([["MSIP_Label_1_Name", "Intern - alle"], ["MSIP_Label_1_Name", "Norvik Level B"], ["sensitivityLabel", "{2096f6a2-d2f7-48be-b329-b73aaa526e5d}"]])("%s: %s is internal", (context, text) => expect(markings(text, "metadata", context)).toEqual(["internal_marking"]));
  it.each([["MSIP_Label_1_Name", "Public"], ["Sensitivity", "Normal"], ["MSIP_Label_1_Method", "Privileged"], ["MSIP_Label_1_Enabled", "true"], ["msip_labels", "MSIP_Label_1_Enabled=True;MSIP_Label_1_Name=Öffentlich;MSIP_Label_1_Method=Standard"]])("%s: %s says nothing", (context, text) => expect(markings(text, "metadata", context)).toEqual([]));
});
