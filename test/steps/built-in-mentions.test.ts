import { expect, it } from "vitest";
import type { Class } from "../../src/data/classification.ts";
import type { Chunk } from "../../src/data/chunk.ts";
import { candidateMentions } from "../../src/steps/built-in-mentions.ts";

const chunk = (id: string, text: string, value: Class): Chunk => ({ id, documentId: "d", ordinal: 0, kind: "text", text, headings: [], page: 1, boxes: [], start: 0, end: text.length, tokens: 9, class: value, language: "en" });
const candidate = (description: string) => ({ start: 0, end: 9, name: "Ada Lund", type: "PERSON", description, aliases: [], confidence: 1 });

it("a passage carries no sentence that stands in stricter passages only", () => {
  const chunks = [chunk("open", "Ada Lund  spoke at the fair.", "public"), chunk("secret", "Ada Lund is ill since May.", "pii")];
  const described = (sentence: string) => candidateMentions(chunks, chunks.map(() => [candidate(sentence)]), { tenant: "t", collection: "c" }).mentions.map((each) => each.description);
  expect(described("is ill since May")).toEqual(["", "is ill since May"]);
  expect(described("Ada Lund spoke at …")).toEqual(["Ada Lund spoke at …", "Ada Lund spoke at …"]);
});
