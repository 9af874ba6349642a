import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadGold } from "./load-gold.ts";
import { makeDocuments } from "./make-documents.ts";
import { fold, readPages } from "./read-pages.ts";
import { sampleDocuments } from "./sample-documents.ts";

const committed = fileURLToPath(new URL(".", import.meta.url));
const gold = loadGold();
const scan = "scanned-delivery-note.png";

async function readAll(folder: string): Promise<Map<string, string[]>> {
  const maps = await Promise.all(sampleDocuments.map((name) => readPages(folder, name)));
  return new Map(maps.flatMap((each) => [...each]));
}

let pages: Map<string, string[]>;
let made: string;
beforeAll(async () => {
  pages = await readAll(committed);
  made = await mkdtemp(`${tmpdir()}/sluice-documents-`);
});
afterAll(() => rm(made, { recursive: true, force: true }));

const textOf = (name: string): string => fold((pages.get(name) ?? []).join("\n"));

describe("the sample documents", () => {
  it("are made again with the same bytes, but for pictures, which depend on the fonts of the machine", async () => {
    await makeDocuments(`${made}/a`);
    await makeDocuments(`${made}/b`);
    const hash = async (path: string) => createHash("sha256").update(await readFile(path)).digest("hex");
    for (const name of sampleDocuments) expect(await hash(`${made}/a/${name}`), name).toBe(await hash(`${made}/b/${name}`));
    for (const name of ["brief.txt", "meeting-notes.md", "product.html", "price-list.csv"]) expect(await hash(`${made}/a/${name}`), name).toBe(await hash(`${committed}/${name}`));
    const again = await readAll(`${made}/a`);
    expect(again).toEqual(pages);
  });

  it("are about the company one asks for, and no longer about the other", async () => {
    await makeDocuments(`${made}/c`, "Merrow Energy");
    const renamed = fold([...(await readAll(`${made}/c`)).values()].flat().join("\n"));
    expect(renamed).toContain("Merrow Rotorblatt GmbH");
    expect(renamed).not.toMatch(/corvane/i);
    const other = loadGold("Merrow Energy");
    expect(JSON.stringify(other)).not.toMatch(/corvane/i);
    expect(other.documents[0]!.entities[0]!.name).toBe("Merrow Energy SE");
  });
});

describe("the demo", () => {
  it("reads every sample and asks questions of the gold", async () => {
    const { documents, questions } = JSON.parse(await readFile(`${committed}/demo.json`, "utf8")) as { documents: string[]; questions: string[] };
    expect(documents.toSorted()).toEqual([...sampleDocuments].toSorted());
    const known = gold.questions.map((each) => each.question);
    expect(questions.filter((each) => !known.includes(each.replace("{company}", "Corvane Tidal")))).toEqual([]);
  });
});

describe("the gold", () => {
  it("covers every document and the attachment", () => {
    expect(gold.documents.map((each) => each.document).toSorted()).toEqual([...sampleDocuments, "return-plan.docx"].toSorted());
  });

  it("has enough to measure with", () => {
    const entities = gold.documents.flatMap((each) => each.entities.filter((entity) => !entity.optional));
    expect(new Set(entities.map((each) => `${each.type}|${each.name}`)).size).toBeGreaterThanOrEqual(60);
    expect(gold.documents.flatMap((each) => each.relations).length).toBeGreaterThanOrEqual(40);
    expect(gold.documents.filter((each) => each.class.strict === "public").length).toBeGreaterThanOrEqual(2);
    expect(gold.questions.filter((each) => each.hops > 1).length).toBeGreaterThanOrEqual(3);
  });

  it.each(gold.documents)("names only what stands in $document", ({ document, entities, relations }) => {
    const text = textOf(document);
    const named = new Set(entities.map((each) => each.name));
    expect(named.size).toBe(entities.length);
    for (const { source, target } of relations) expect([source, target].filter((each) => !named.has(each))).toEqual([]);
    if (document === scan) return; // no text layer: OCR's own test reads it
    for (const entity of entities.filter((each) => !each.picture && each.name !== "11 Apr 2024")) {
      expect([entity.name, ...entity.aliases].some((form) => text.includes(form)), `${document}: ${entity.name}`).toBe(true);
      for (const alias of entity.aliases) expect(text, `${document}: ${alias}`).toContain(alias);
    }
    for (const { quote } of relations) if (quote) expect(text).toContain(fold(quote));
  });

  it.each(gold.questions)("has the passage of question $id on its page", ({ answer, contains, passages, picture }) => {
    for (const each of contains) expect(answer).toContain(each);
    expect(passages.length === 0).toBe(answer === null);
    for (const { document, page, quote } of passages) {
      if (picture || document === scan) continue;
      expect(fold(pages.get(document)?.[page - 1] ?? "")).toContain(quote);
    }
  });

  it("gives one thing one name and one type in every document", () => {
    const types = new Map<string, Set<string>>();
    for (const { entities } of gold.documents) for (const each of entities) types.set(each.name, (types.get(each.name) ?? new Set()).add(each.type));
    expect([...types].filter(([, all]) => all.size > 1)).toEqual([]);
    const names = new Set(types.keys());
    for (const { a, b } of gold.identity.apart) expect([a.name, b.name].filter((each) => !names.has(each))).toEqual([]);
  });

  it("keeps names of persons out of what is public", () => {
    const persons = gold.documents.flatMap((each) => each.entities.filter((entity) => entity.type === "PERSON").map((entity) => entity.name));
    for (const each of gold.documents.filter((one) => one.class.strict === "public")) {
      expect(persons.filter((person) => textOf(each.document).includes(person))).toEqual([]);
      expect(textOf(each.document)).not.toMatch(/@|\+\d\d/);
    }
  });
});
