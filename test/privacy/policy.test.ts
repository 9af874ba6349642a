import { describe, expect, it } from "vitest";
import { PolicyOptions } from "../../src/privacy/options.ts";
import { classOf, policyOf, readPolicyTable } from "../../src/privacy/policy.ts";
import { rank } from "../../src/data/classification.ts";
import { detectors, kinds } from "./find.ts";

const table = readPolicyTable();

describe("the policy table", () => {
  it("has a row for every kind that a detector gives", () => {
    const known = new Set(Object.keys(table));
    expect(detectors.flatMap((each) => each.kinds.filter((kind) => !known.has(kind)))).toEqual([]);
  });
  it("is never stricter under balanced than under strict", () => {
    for (const kind of Object.keys(table)) expect(rank(classOf(table, kind, "balanced"))).toBeLessThanOrEqual(rank(classOf(table, kind, "strict")));
  });
  it("keeps the same classes under both for what is listed so", () => {
    for (const kind of ["social_security", "national_id", "tax_id", "iban", "card", "passport", "driving_licence", "medical_record", "account_number", "date_of_birth", "address", "private_phone", "health", "religion", "union", "orientation", "ethnicity"]) {
      expect([classOf(table, kind, "strict"), classOf(table, kind, "balanced")]).toEqual(["pii", "pii"]);
    }
    for (const kind of ["person", "email", "phone", "job_title"]) expect([classOf(table, kind, "strict"), classOf(table, kind, "balanced")]).toEqual(["pii", "internal"]);
    for (const kind of ["secret", "private_key", "password", "confidential_marking", "term"]) expect([classOf(table, kind, "strict"), classOf(table, kind, "balanced")]).toEqual(["confidential", "confidential"]);
    // Only the words around it say that an address is a company's.
    expect([classOf(table, "business_address", "strict"), classOf(table, "business_address", "balanced")]).toEqual(["internal", "public"]);
    expect(classOf(table, "never heard of", "balanced")).toBe("pii");
    expect(classOf(table, "__proto__", "balanced")).toBe("pii");
  });
});

describe("the policy of a scope", () => {
  const options = PolicyOptions.parse({ terms: ["Falke"], floor: "internal", collections: { reports: { policy: "balanced", floor: "public" }, "acme/*": { terms: ["Adler"] }, "acme/reports": { clean: "internal" } } });
  it("adds up from general to special, and its floor only rises", () => {
    expect(policyOf(options, { tenant: "acme", collection: "reports" })).toEqual({ policy: "balanced", scope: "document", clean: "internal", floor: "internal", terms: ["Falke", "Adler"], allow: [] });
    expect(policyOf(options, { tenant: "b", collection: "constructor" })).toMatchObject({ policy: "strict", terms: ["Falke"] });
  });
  it("refuses a key it does not know", () => {
    expect(() => PolicyOptions.parse({ polcy: "strict" })).toThrow();
    expect(() => PolicyOptions.parse({ collections: { a: { term: [] } } })).toThrow();
  });
});

describe("a file's name", () => {
  it("is read as words", () => {
    expect(kinds({ text: "Letter_of_Anna_Schmidt.pdf", role: "name" })).toContain("person");
    expect(kinds({ text: "annual_report_2023.pdf", role: "name" })).toEqual([]);
  });
});
