import { describe, expect, it } from "vitest";
import { found, kinds } from "./find.ts";

describe("a telephone behind its label", () => {
  it.each([
    ["Le secrétariat, Tel : 5378", "5378"],
    ["Tél. 01,42,16,00,00 le matin", "01,42,16,00,00"],
    ["Fax : 01_42_16_00_00", "01_42_16_00_00"],
    ["Tel: 0 825 123 456", "0 825 123 456"],
    ["Durchwahl über Telefon: 4711", "4711"],
  ])("is found in %j", (text, value) => expect(found(text)).toContainEqual(expect.stringMatching(new RegExp(`phone: ${value}$`))));

  it.each(["Phone: 2024-05-01", "Tel: 2 personnes", "Mobile: 3 of 4"])("is not seen in %j", (text) => expect(kinds(text)).not.toContain("private_phone"));
});

describe("official numbers of a form", () => {
  it.each([
    ["Yassine 1 4 2 3 8 5 6 8 3 7 8 3 5 3 né", "1 4 2 3 8 5 6 8 3 7 8 3 5 3"],
    ["N° SS : 175089212345", "175089212345"],
    ["son numéro d'assuré est 19 8061 2385 213", "19 8061 2385 213"],
  ])("are found in %j", (text, value) => expect(found(text)).toContain(`social_security: ${value}`));

  it.each(["1 0 0 1 0 1 0 1 0 0 1 1 0 1 1 0", "1 2 1 2 2 1 1 2 1 2 2 1 1 2 2"])("are not seen in the matrix %j", (text) => expect(kinds(text)).toEqual([]));

  it("are a person's beside the words for one: a bare ID", () => {
    expect(found("Nom : D. Bluthies ID: 9384019284")).toContain("medical_record: 9384019284");
    expect(kinds("Build ID: 9384019284 passed")).toEqual([]);
  });
});

describe("an address without a known kind of street", () => {
  it.each([
    ["Meet me at 96 Hausergatan 59 Apt. 787, Colle Verde tonight.", "96 Hausergatan 59 Apt. 787, Colle Verde"],
    ["The letter arrived at the corner of 69 Spencer Street and Low Street.", "the corner of 69 Spencer Street and Low Street"],
    ["We'll meet at 64 Király u. 23., Budapest", "64 Király u. 23."],
    ["Praha, Warszawa, ul. Posejdona 12", "ul. Posejdona 12"],
  ])("is found in %j", (text, value) => expect(found(text).some((each) => each.startsWith(`address: ${value.slice(0, -1)}`)), found(text).join("; ")).toBe(true));

  it.each(["The report is in 12 European languages, and the meeting is at 10 Monday, March 4.", "It is in 25 Countries, among them Germany and France.", "The pressure is at 40 Bar, the temperature at 20 Celsius 3 times."])("is not seen in %j", (text) => expect(kinds(text)).toEqual([]));
});

describe("a word for a post", () => {
  it("is a way to address somebody before the name, and a field before a colon", () => {
    expect(kinds("Vorsitzender Richter Professor Dr. Hacker")).not.toContain("job_title");
    expect(kinds("Responsable clínico: Dra. Victoria Solano")).not.toContain("job_title");
  });
});
