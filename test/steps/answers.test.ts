import { describe, expect, it } from "vitest";
import type { Passage } from "../../src/data/query.ts";
import { extractiveAnswer } from "../../src/steps/extractive-answer.ts";
import { cite } from "../../src/steps/write-answer.ts";

const passage = (text: string, headings: string[] = [], rank = 1): Passage => ({ rank, score: 1, chunkId: `c${rank}`, documentId: `d${rank}`, document: `d${rank}.md`, page: rank, boxes: [], headings, text, class: "public", found: ["text"] });
const idf = (question: string) => new Map((question.toLowerCase().match(/[\p{L}\p{N}-]+/gu) ?? []).flatMap((word) => word.split("-")).map((word) => [word, 2]));
const answer = (question: string, passages: Passage[]) => extractiveAnswer(question, passages, idf(question));

describe("an answer without a model", () => {
  it("is the sentence that holds the question, cited", () => {
    const found = answer("When does the Supply Agreement end?", [passage("The price is fixed. The Supply Agreement ends on 31 December 2027. It may be renewed.")]);
    expect(found).toEqual({ answer: "The Supply Agreement ends on 31 December 2027. [1]", citations: [{ n: 1, chunkId: "c1", documentId: "d1", document: "d1.md", page: 1, boxes: [], quote: "The Supply Agreement ends on 31 December 2027." }] });
  });

  it("goes on to a second document for the second hop", () => {
    const found = answer("Who manages the plant where the pump failed?", [passage("The pump failed at the Bremen plant in May.", [], 1), passage("Eva Lang manages the Bremen plant.", [], 2)])!;
    expect(found.answer).toContain("Eva Lang manages the Bremen plant. [");
    expect(found.citations.map((each) => each.documentId).toSorted()).toEqual(["d1", "d2"]);
  });

  it("reads a table row with the names of its columns, and the year that was asked for", () => {
    const table = passage("| EUR million | 2023 | 2024 |\n| --- | --- | --- |\n| Revenue | 41.8 | 48.6 |\n| Profit | 3.9 | 2.7 |", ["Figures"]);
    const found = answer("What was the revenue in 2024?", [table, passage("For 2030 revenue of 90 is expected.", [], 2)])!;
    expect(found.answer).toContain("EUR million: Revenue; 2023: 41.8; 2024: 48.6");
  });

  it("is none when too little of the question is there", () => {
    expect(answer("Which helicopter does the fire brigade fly?", [passage("The brigade came at noon.")])).toBeNull();
    expect(answer("", [passage("Something.")])).toBeNull();
    expect(answer("What?", [])).toBeNull();
  });
});

describe("citations of a written answer", () => {
  const passages = [passage("Esbrand makes the bearing in Esbjerg.", [], 1), passage("The turbine stands in the Pentland Firth.", [], 2)];

  it("are renumbered in order of use, and quote the passage", () => {
    const found = cite("The turbine stands in the firth. [2] Esbrand makes the bearing. [1]", passages);
    expect(found.answer).toBe("The turbine stands in the firth. [1] Esbrand makes the bearing. [2]");
    expect(found.citations.map((each) => [each.n, each.documentId, each.quote])).toEqual([[1, "d2", "The turbine stands in the Pentland Firth."], [2, "d1", "Esbrand makes the bearing in Esbjerg."]]);
  });

  it("that name no passage are dropped, and the supporting one is found", () => {
    expect(cite("Esbrand makes the bearing in Esbjerg. [9]", passages)).toMatchObject({ answer: "Esbrand makes the bearing in Esbjerg. [1]", warnings: [] });
  });

  it("are missed: the answer says how many sentences nothing supports", () => {
    expect(cite("Unicorns dance at midnight everywhere.", passages).warnings).toEqual([expect.objectContaining({ code: "uncited_sentences" })]);
  });

  it("are not asked of a refusal", () => {
    expect(cite("This is not in the documents.", passages)).toEqual({ answer: "This is not in the documents.", citations: [], warnings: [] });
  });
});
