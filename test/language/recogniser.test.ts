import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { chunksOf, type Line } from "../../scripts/train-names/corpus.ts";
import { saveModel } from "../../scripts/train-names/save.ts";
import { openTrainer } from "../../scripts/train-names/train.ts";
import { loadLists } from "../../src/language/lists.ts";
import { loadModel, readModel } from "../../src/language/recogniser/model.ts";
import { openRecogniser } from "../../src/language/recogniser/recognise.ts";
import { wordReader } from "../../src/language/recogniser/words.ts";
import { tokenise } from "../../src/language/tokens.ts";
import { packageRoot } from "../../src/workers/package-root.ts";

const lists = loadLists();
const shipped = openRecogniser(lists, loadModel());
const folder = mkdtempSync(join(tmpdir(), "names-"));
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string, recognise = shipped, language: string | null = null): string[] {
  const tokens = tokenise(text, lists);
  return recognise(tokens, language).map(({ from, to, type }) => `${type} ${text.slice(tokens[from]!.start, tokens[to - 1]!.end)}`);
}

describe("the trained recogniser", () => {
  it.each([
    ["en", "Yesterday Brunhilda Quackenbush flew home.", "PERSON Brunhilda Quackenbush"],
    ["de", "Die Rechnung geht an Henrike Oldenwurtel in Kassel.", "PERSON Henrike Oldenwurtel"],
    ["fr", "Le rapport a été rédigé par Solange Tavernier.", "PERSON Solange Tavernier"],
    ["es", "El contrato lo firmó Casilda Berrueco Pardo.", "PERSON Casilda Berrueco Pardo"],
  ])("finds a person in a sentence of %s", (language, text, name) => {
    expect(read(text, shipped, language)).toContain(name);
  });

  it("takes a line break for no end of the text, whatever was read before", () => {
    read("Anna Schmidt");
    expect(wordReader(lists)({ text: "\n", kind: "break" }).sums).toBeNull();
  });

  it("says nothing where there is nothing", () => {
    expect(read("The pump must be switched off before the filter is changed.")).toEqual([]);
    expect(read("")).toEqual([]);
  });

  it("keeps persons, organisations and places to one line, in order, without overlap", () => {
    const words = fc.constantFrom("Anna", "Weiss", "GmbH", "rue", "de", "12", "Berlin", "\n", ",", ".", "Street", "the", "is", "K.", ":");
    fc.assert(
      fc.property(fc.array(words, { maxLength: 60 }), (parts) => {
        const tokens = tokenise(parts.join(" "), lists);
        let last = 0;
        for (const { from, to, type } of shipped(tokens, null)) {
          expect(from).toBeGreaterThanOrEqual(last);
          expect(to).toBeGreaterThan(from);
          if (type !== "ADDRESS") expect(tokens.slice(from, to).some((each) => each.kind === "break")).toBe(false);
          last = to;
        }
        expect(last).toBeLessThanOrEqual(tokens.length);
      }),
      { numRuns: 200 },
    );
  });

  it("is at most four megabytes", () => {
    expect(statSync(join(packageRoot, "config", "language", "names.bin")).size).toBeLessThanOrEqual(4_000_000);
  });

  it("refuses a file that is none", () => {
    expect(() => readModel(join(packageRoot, "config", "language", "roles.txt"))).toThrow("is not a name model");
  });
});

describe("training", () => {
  it("gives the same file twice, which finds what was taught", () => {
    const lines: Line[] = ["Zorblat", "Quimby", "Frandel", "Wexler"].flatMap((name) => [
      { lang: "en", src: "own", text: `yesterday captain ${name} came aboard`, spans: [[18, 18 + name.length, "PER"]] },
      { lang: "en", src: "own", text: `the big ${name} was sold`, spans: [] },
    ]);
    const files = ["a.bin", "b.bin"].map((name) => join(folder, name));
    for (const file of files) {
      const trainer = openTrainer();
      const wordOf = wordReader(lists);
      for (let round = 0; round < 12; round++) for (const line of lines) for (const chunk of chunksOf(line, lists)) trainer.learn(chunk.pieces.map(wordOf), chunk.labels, .15);
      saveModel(trainer, file);
    }
    const [first, second] = files.map((file) => readModel(file));
    expect(Buffer.from(first!.weights).equals(Buffer.from(second!.weights))).toBe(true);
    const recognise = openRecogniser(lists, first!);
    expect(read("yesterday captain Hullabar came aboard", recognise)).toEqual(["PERSON Hullabar"]);
    expect(read("the big Hullabar was sold", recognise)).toEqual([]);
  });
});
