import { describe, expect, it } from "vitest";
import { found, kinds } from "./find.ts";

describe("a value under a key that names its kind", () => {
  it.each([
    ['{"lastName": "Wurst", "salary": "54,000"}', ["person: Wurst", "salary: 54,000"]],
    ['{\n  "patient": {\n    "nachname": "Wurst",\n    "alter": 44\n  }\n}', ["person: Wurst", "age: 44"]],
    ["<lastName>Wurst</lastName><salary>54000</salary>", ["person: Wurst", "salary: 54000"]],
    ['<x:nachname kind="birth">Wurst</x:nachname>', ["person: Wurst"]],
    ['<person surname="Wurst" username="wurst_7"/>', ["person: Wurst", "handle: wurst_7"]],
    ["X-Account-Number: 532013000", ["account_number: 532013000"]],
    ["patient.lastName: Wurst\npatient.salary: 54000", ["person: Wurst", "salary: 54000"]],
    ["employees[0].iban: DE89370400440532013000", ["iban: DE89370400440532013000"]],
    ["employee_name: Wurst\nsalary: 54000", ["person: Wurst", "salary: 54000"]],
    ["{'apellidos': 'Zwirn', 'confesión': 'x', 'religión': 'católica'}", ["person: Zwirn", "religion: católica"]],
  ])("is that kind in %j", (text, values) => expect(found(text)).toEqual(expect.arrayContaining(values)));
  it.each(['{"name": "quendra", "version": "2.4.1", "private": true}', "<title>Pump</title><version>2.4</version>", 'const address = { street: "x" };', "default: Apache", '{"city": "Kiel", "product": "Wurst"}', "note: The pump runs.", "address: host.address\nmanager: npm\ncontact: support", '{"address": "0.0.0.0:8080", "password": "string"}'])("is nothing in %j", (text) => expect(kinds(text)).toEqual([]));
});

describe("a value in a column whose header names its kind", () => {
  it.each([
    ["id;surname;salary\n7;Wurst;54000\n8;Zwirn;51000", ["person: Wurst", "salary: 54000", "person: Zwirn", "salary: 51000"]],
    ["id,lastName,account\n1,Wurst,532013000", ["person: Wurst", "account_number: 532013000"]],
    ["id\tNachname\tGehalt\n1\tWurst\t54.000\n2\tZwirn\t51.000", ["person: Wurst", "salary: 54.000", "person: Zwirn"]],
    ['"id","Apellidos","Sueldo"\n"1","Zwirn","54000"', ["person: Zwirn", "salary: 54000"]],
    ["| Nom de famille | Salaire |\n|---|---|\n| Zwirn | 54 000 |", ["person: Zwirn", "salary: 54 000"]],
  ])("is that kind in %j", (text, values) => expect(found(text)).toEqual(expect.arrayContaining(values)));
  it("ends with the table", () => expect(found("id;surname\n7;Wurst\n\nThe pump; Zwirn")).not.toContain("person: Zwirn"));
  it.each(["Quarter,Revenue,Orders\nQ1 2024,1200000,310", "Pump, valve, seal\nwere bought, checked, stored"])("is nothing in %j", (text) => expect(kinds(text)).toEqual([]));
});

describe("what stands beside the text is read like the text", () => {
  it.each([
    ["name", "Letter_Anna_Schmidt.pdf", "person"], ["name", "308-63-0237.pdf", "social_security"], ["comment", "A1: ask Mrs Anna Schmidt", "person"], ["trackedChange", "Mara Lind: Mrs Anna Schmidt", "person"], ["altText", "Portrait of Mrs Anna Schmidt", "person"], ["hidden", "IBAN DE89370400440532013000", "iban"], ["ocr", "SSN 3O8-63-0237", "social_security"],
    ["header", "Patient: Anna Schmidt", "person"], ["footer", "Tel. private: 0171 2345678", "private_phone"], ["watermark", "Confidential", "confidential_marking"],
  ])("%s: %j", (role, text, kind) => expect(kinds({ text, role })).toContain(kind));
  it.each([["creator", "Anna Schmidt", "person"], ["lastModifiedBy", "Anna Schmidt", "person"], ["from", "Anna Schmidt <anna@nordlicht.de>", "email"], ["title", "Contract of Mrs Anna Schmidt", "person"], ["Manager", "Anna Schmidt", "person"]])("metadata %s: %j", (context, text, kind) => expect(kinds({ text, context, role: "metadata" })).toContain(kind));
});
