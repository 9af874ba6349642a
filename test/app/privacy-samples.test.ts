import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Class } from "../../src/data/classification.ts";
import type { Document } from "../../src/data/document.ts";
import type { Job } from "../../src/data/job.ts";
import { localPrincipal } from "../../src/data/principal.ts";
import { loadGold } from "../documents/load-gold.ts";
import { documentPath, sampleDocuments } from "../documents/sample-documents.ts";
import { noModelServer, openTestApp, type TestApp } from "./open-test-app.ts";

const gold = loadGold().documents;

/** The kinds that a careful reader names for each private document; `raising`: what makes it stricter than `internal`, whatever the policy. */
const kinds: Record<string, { named: string[]; raising: string[] }> = {
  "brief.txt": { named: ["person", "phone"], raising: [] },
  "contract.pdf": { named: ["confidential_marking"], raising: ["confidential_marking"] },
  "hr-letter.eml": { named: ["person", "email"], raising: ["address", "date_of_birth", "health", "iban", "private_phone"] },
  "meeting-notes.md": { named: ["person", "email"], raising: [] },
  "memo.docx": { named: ["person", "email", "phone", "internal_marking"], raising: [] },
  "return-plan.docx": { named: ["person"], raising: ["date_of_birth"] },
  "scanned-delivery-note.png": { named: ["person"], raising: [] },
};

describe.each(["strict", "balanced"] as const)("the sample documents under the policy %s", (policy) => {
  let app: TestApp;
  let documents: Document[];
  const jobs = new Map<string, Job>();

  beforeAll(async () => {
    app = await openTestApp([noModelServer, { privacy: { policy } }]);
    const accepted = [];
    for (const name of sampleDocuments) accepted.push({ name, ...(await app.add(documentPath(name))) });
    for (const { name, jobId } of accepted) jobs.set(name, await app.ended(jobId));
    documents = (await app.documents.list(localPrincipal, { collection: "default", limit: 50, cursor: null })).items;
  }, 120_000);
  afterAll(() => app.end());

  it("have exactly the classes of the gold", () => {
    const classes = (pairs: [string, Class][]) => Object.fromEntries(pairs.toSorted(([a], [b]) => a.localeCompare(b)));
    expect(classes(documents.map((each) => [each.name, each.class]))).toEqual(classes(gold.map((each) => [each.document, each.class[policy]])));
  });

  it("name every kind that makes them private, and nothing restricted on a public one", () => {
    for (const { document } of gold) {
      const { reasons } = documents.find((each) => each.name === document)!;
      const restricted = reasons.filter((each) => each.class !== "public").map((each) => each.kind);
      const expected = kinds[document] ?? { named: [], raising: [] };
      expect([document, restricted.filter((each) => each !== "attachment")]).toEqual([document, expect.arrayContaining([...expected.named, ...expected.raising])]);
      if (!kinds[document]) expect([document, restricted]).toEqual([document, []]);
      const raising = [...new Set(reasons.filter((each) => each.class === "pii" || each.class === "confidential").map((each) => each.kind))].toSorted();
      if (policy === "balanced") expect([document, raising.filter((each) => each !== "attachment")]).toEqual([document, expected.raising]);
    }
  });

  it("say on the job which kinds kept them local and what balanced would change, and quote nothing", () => {
    for (const [name, job] of jobs) {
      const of = gold.find((each) => each.document === name)!;
      const warnings = job.warnings.filter((each) => each.code === "kept_local").map((each) => each.message);
      if (of.class[policy] === "public") {
        expect([name, warnings]).toEqual([name, []]);
        continue;
      }
      const [warning] = warnings;
      expect([name, warnings.length, warning?.startsWith(`${of.class[policy]} because of `)]).toEqual([name, 1, true]);
      const said = warning!.split(";")[0]!;
      expect([name, kinds[name]![of.class[policy] === "internal" || kinds[name]!.raising.length === 0 ? "named" : "raising"].some((each) => said.includes(each))]).toEqual([name, true]);
      const changes = policy === "strict" && of.class.balanced !== of.class.strict;
      expect([name, warning!.includes(`under privacy.policy balanced it would be ${of.class.balanced}`)]).toEqual([name, changes]);
      expect(warning).not.toMatch(/Reuter|Brandl|Chester|DE89|@|\.(?:txt|pdf|eml|md|docx|png)/u);
    }
  });
});
