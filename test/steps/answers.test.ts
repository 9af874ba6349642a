import { array, assert, constantFrom, property } from "fast-check";
import { describe, expect, it } from "vitest";
import type { Passage } from "../../src/data/query.ts";
import { openLanguage } from "../../src/language/open-language.ts";
import { extractiveAnswer } from "../../src/steps/answering/extractive-answer.ts";
import { cite } from "../../src/steps/write-answer.ts";
import { words } from "../../src/stores/text/words.ts";

const language = openLanguage();
const passage = (text: string, headings: string[] = [], rank = 1, document = `d${rank}.md`): Passage => ({ rank, score: 1, chunkId: `c${rank}`, documentId: document, document, page: rank, boxes: [], headings, text, class: "public", found: ["text"] });

function answer(question: string, passages: Passage[]) {
  const texts = new Set(passages.flatMap((each) => words(each.text)));
  return extractiveAnswer({
    question,
    languages: { question: language.identify(question), passages: passages.map((each) => language.identify(each.text)) },
    names: language.candidates(question, null, { headings: [], title: "" }),
    passages,
    entities: passages.map((each) => language.candidates(each.text, null, { headings: each.headings, title: "" })),
    idf: new Map(words(question).filter((word) => texts.has(word)).map((word) => [word, 2])),
  });
}

describe("an answer without a model", () => {
  it("is the sentence that holds the question, cited", () => {
    const found = answer("When does the Supply Agreement end?", [passage("The price is fixed. The Supply Agreement ends on 31 December 2027. It may be renewed.")]);
    expect(found).toEqual({ answer: "The Supply Agreement ends on 31 December 2027. [1]", citations: [{ n: 1, chunkId: "c1", documentId: "d1.md", document: "d1.md", page: 1, boxes: [], quote: "The Supply Agreement ends on 31 December 2027." }] });
  });

  it("goes on to a second document for the second hop, the answer first", () => {
    const found = answer("Who manages the plant where the pump failed?", [passage("The pump failed at the Bremen plant in May.", [], 1), passage("Eva Lang manages the Bremen plant.", [], 2)])!;
    expect(found.answer).toBe("Eva Lang manages the Bremen plant. [1] The pump failed at the Bremen plant in May. [2]");
    expect(found.citations.map((each) => each.document)).toEqual(["d2.md", "d1.md"]);
  });

  it("finds other forms of a word, and other words of its family", () => {
    expect(answer("Up to what amount is Nordwerk GmbH liable?", [passage("The liability of Nordwerk GmbH is limited to EUR 4 million.")])?.answer).toContain("EUR 4 million");
    expect(answer("Bis wann muss die Tür nachgerüstet werden?", [passage("Wir bitten Sie, die Tür bis zum 3. Mai 2024 nachzurüsten.")])?.answer).toContain("3. Mai 2024");
    expect(answer("What is the weight of the Petrel 40?", [passage("The Petrel 40 weighs 90 t and is 12 m long.")])?.answer).toContain("90 t");
  });

  it("answers a question from a document in another language", () => {
    const documents = [passage("The HB-220 is made by Esbrand Bearings A/S in Esbjerg. The HB-220 costs EUR 3,900.")];
    expect(answer("Wer hat das Lager HB-220 hergestellt?", documents)?.answer).toBe("The HB-220 is made by Esbrand Bearings A/S in Esbjerg. [1]");
    expect(answer("Quel est le prix du HB-220 ?", documents)?.answer).toBe("The HB-220 costs EUR 3,900. [1]");
    expect(answer("¿Cuánto cuesta el HB-220?", documents)?.answer).toBe("The HB-220 costs EUR 3,900. [1]");
  });

  it("reads a table row with the names of its columns, and the year that was asked for", () => {
    const table = passage("| EUR million | 2023 | 2024 |\n| --- | --- | --- |\n| Revenue | 41.8 | 48.6 |\n| Profit | 3.9 | 2.7 |", ["Figures"]);
    expect(answer("What was the revenue in 2024?", [table, passage("For 2030 revenue of 90 is expected.", [], 2)])).toMatchObject({ answer: "Revenue: 41.8 (2023), 48.6 (2024), EUR million [1]", citations: [{ quote: "| Revenue | 41.8 | 48.6 |" }] });
    const prices = passage("| Part | Price (EUR) |\n| --- | --- |\n| Seal SK-4 | 890 |\n| Seal SK-5 | 990 |");
    expect(answer("What does the seal SK-5 cost?", [prices])?.answer).toBe("Part: Seal SK-5; Price (EUR): 990 [1]");
  });

  it("reads the aligned lines of a scanned page as a table", () => {
    const scan = passage("DELIVERY NOTE\n\nPos.  Article            Quantity\n1     Pitch bearing HB-240   24 pieces\n2     Grease                 12 kg", [], 1, "delivery-note.png");
    expect(answer("How many HB-240 bearings were delivered?", [scan])?.answer).toContain("Article: Pitch bearing HB-240; Quantity: 24 pieces");
  });

  it("shows a line under the heading that it needs, and a sentence with the one it refers back to", () => {
    expect(answer("What is the weight of the Kittiwake 90?", [passage("| Property | Value |\n| --- | --- |\n| Weight | 118 t |\n| Design life | 25 years |", ["Kittiwake 90", "Data"])])?.answer).toBe("Kittiwake 90: Weight: 118 t [1]");
    const group = passage("Corvane Services Ltd maintains turbines at sea. It is based in Stromness and has two ships.");
    expect(answer("Where is Corvane Services Ltd based?", [group])).toMatchObject({ answer: `${group.text} [1]`, citations: [{ quote: group.text }] });
  });

  it("says the same thing once, however many documents hold it", () => {
    const found = answer("When does the Supply Agreement end?", [1, 2, 3].map((rank) => passage("The Supply Agreement ends on 31 December 2027.", [], rank)))!;
    expect(found.citations).toHaveLength(1);
  });

  describe("is none", () => {
    const report = passage("Corvane Tidal SE was founded in 2009. For 2025 Corvane Tidal SE expects revenue of EUR 55 million. The Kittiwake 90 uses the bearing HB-240. The HB-240 costs EUR 5,460. Eva Lang signed the report.");
    it.each([
      ["when too little of the question is there", "Which helicopter does the fire brigade fly?"],
      ["when a name is not there", "When was Halden Wave AS founded?"],
      ["when only part of a name is there", "When did Karl Lang sign the report?"],
      ["when the year is another", "How much revenue does Corvane Tidal SE expect for 2026?"],
      ["when what was done is not there", "Who acquired Corvane Tidal SE?"],
      ["when the amount is of another thing", "What does the Kittiwake 90 cost?"],
      ["when there is no question", "What?"],
      ["when it is empty", ""],
    ])("%s", (_, question) => {
      expect(answer(question, [report])).toBeNull();
    });
  });

  it("holds at most three sentences and what they refer to, and quotes stand in their passages", () => {
    const word = constantFrom("Corvane", "makes", "the", "bearing", "HB-240", "2024", "It", "costs", "EUR", "12", "in", "Bremen", "|", "\n", ".", "- ", "  ", "| --- |", "Wer", "who");
    const text = array(word, { maxLength: 60 }).map((list) => list.join(" "));
    assert(
      property(text, array(text, { maxLength: 4 }), (question, texts) => {
        const passages = texts.map((each, index) => passage(each, [], index + 1));
        const found = answer(question, passages);
        expect(found).toEqual(answer(question, passages));
        if (!found) return;
        expect(found.citations.length).toBeLessThanOrEqual(3);
        found.citations.forEach(({ n, chunkId, quote }, index) => {
          expect(n).toBe(index + 1);
          expect(found.answer).toContain(`[${n}]`);
          expect(passages.find((each) => each.chunkId === chunkId)!.text).toContain(quote);
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe("citations of a written answer", () => {
  const passages = [passage("Esbrand makes the bearing in Esbjerg.", [], 1), passage("The turbine stands in the Pentland Firth.", [], 2)];

  it("are renumbered in order of use, and quote the passage", () => {
    const found = cite("The turbine stands in the firth. [2] Esbrand makes the bearing. [1]", passages);
    expect(found.answer).toBe("The turbine stands in the firth. [1] Esbrand makes the bearing. [2]");
    expect(found.citations.map((each) => [each.n, each.document, each.quote])).toEqual([[1, "d2.md", "The turbine stands in the Pentland Firth."], [2, "d1.md", "Esbrand makes the bearing in Esbjerg."]]);
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
