import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Chunk } from "../../src/data/chunk.ts";
import type { Class } from "../../src/data/classification.ts";
import { coreName } from "../../src/data/core-name.ts";
import type { MentionRecord } from "../../src/data/entity.ts";
import { chunkId, entityId, normaliseName } from "../../src/data/identity.ts";
import { compareQualifiers } from "../../src/data/qualifier.ts";
import { candidateMentions } from "../../src/steps/built-in-mentions.ts";
import type { EntitiesRead } from "../../src/steps/extraction-artifacts.ts";
import { openTextWork } from "../../src/steps/open-text-work.ts";
import { setApart } from "../../src/steps/set-apart.ts";
import { readVocabulary, VocabularyFile } from "../../src/steps/vocabulary.ts";
import { homonymPairs } from "./homonym-pairs.ts";

const scope = { tenant: "default", collection: "default" };
const textWork = openTextWork({ size: 1, deadline: 60_000 });
const vocabulary = readVocabulary(VocabularyFile.parse(parse(readFileSync(new URL("../../config/vocabulary.yaml", import.meta.url), "utf8"))));
afterAll(() => textWork.close());

const toChunk = (text: string, value: Class = "public"): Chunk => ({
  id: chunkId("a document", text, 0), documentId: "a document", ordinal: 0, kind: "text", text, headings: [], page: 1, boxes: [], start: 0, end: text.length, tokens: text.length, class: value, language: null,
});
const apart = (chunks: Chunk[], read: EntitiesRead): Promise<EntitiesRead> => setApart({ language: null }, chunks, read, { scope }, { textWork, vocabulary });

/** What the built-in language processing reads of passages of one document. */
async function builtIn(...chunks: Chunk[]): Promise<MentionRecord[]> {
  const candidates = await textWork.candidates({ chunks, language: null, title: "" });
  return (await apart(chunks, { ...candidateMentions(chunks, candidates, scope), relations: {}, failedChunks: [] })).mentions;
}

/** As a model gives it: a name with its description, at its first place in the passage. */
function given(chunk: Chunk, type: string, name: string, description = ""): MentionRecord {
  const start = chunk.text.indexOf(name);
  return {
    id: `${type} ${name}`, entityId: entityId(scope, type, normaliseName(name)), name, type, qualifier: "", surface: name, quote: name, start, end: start + name.length, description, confidence: 0.9,
    class: chunk.class, documentId: chunk.documentId, chunkId: chunk.id, method: "model", model: "a model", prompt: "a prompt",
  };
}

const qualifiers = (mentions: MentionRecord[], name: string): string[] => [...new Set(mentions.filter((each) => each.name === name).map((each) => each.qualifier))];

describe("hand-written pairs of documents", () => {
  const isSplit = async ({ name, a, b }: (typeof homonymPairs)[number]): Promise<boolean> => {
    const of = async (text: string) => (await builtIn(toChunk(text))).find((each) => coreName(each.type, each.name) === coreName(each.type, name));
    const [one, other] = [await of(a), await of(b)];
    return one !== undefined && other !== undefined && compareQualifiers(one.qualifier, other.qualifier) === "different";
  };

  it.each([["even", 0], ["odd", 1]])("at %s places: what is one stays one, and at least half of the homonyms are set apart", async (_half, rest) => {
    const pairs = homonymPairs.filter((_, place) => place % 2 === rest);
    const split = await Promise.all(pairs.map(isSplit));
    expect(pairs.filter((pair, place) => pair.one && split[place])).toEqual([]);
    const two = pairs.flatMap((pair, place) => (pair.one ? [] : [split[place]]));
    expect(two.filter(Boolean).length / two.length).toBeGreaterThanOrEqual(0.5);
  });
});

describe("what a document sets a person apart by", () => {
  it("is said in one passage and holds in all of them, for every writing of the name", async () => {
    const mentions = await builtIn(toChunk("Dr. Anna Berger is a lawyer at Kraus LLP."), toChunk("Anna Berger signed the contract."));
    expect(qualifiers(mentions.map((each) => ({ ...each, name: coreName("PERSON", each.name) })), "anna berger")).toEqual(["kraus llp"]);
  });

  it("is read from a model's description", async () => {
    const chunk = toChunk("Kraus LLP won the case. The brief was by Anna Berger.");
    const read = { mentions: [given(chunk, "ORGANIZATION", "Kraus LLP"), given(chunk, "PERSON", "Anna Berger", "Lawyer at Kraus LLP.")], aliases: [{ entityId: entityId(scope, "PERSON", "anna berger"), alias: "Berger" }], relations: {}, failedChunks: [] };
    const found = await apart([chunk], read);
    expect(qualifiers(found.mentions, "Anna Berger")).toEqual(["kraus llp"]);
    const id = entityId(scope, "PERSON", "anna berger", "kraus llp");
    expect(found.mentions[1]!.entityId).toBe(id);
    expect(found.aliases).toEqual([{ entityId: id, alias: "Berger" }]);
    expect(await apart([chunk], found)).toEqual(found);
  });

  it("is read from relations that a model gave with the entities", async () => {
    const chunk = toChunk("Kraus LLP won the case. The brief was by Anna Berger.");
    const relation = { source: "Anna Berger", target: "Kraus LLP", type: "employed by", description: "", strength: 5, quote: "" };
    const read = { mentions: [given(chunk, "ORGANIZATION", "Kraus LLP"), given(chunk, "PERSON", "Anna Berger")], aliases: [], relations: { [chunk.id]: [relation] }, failedChunks: [] };
    expect(qualifiers((await apart([chunk], read)).mentions, "Anna Berger")).toEqual(["kraus llp"]);
  });

  it("is never from a passage of a stricter class", async () => {
    const [open, closed] = [toChunk("Anna Berger signed the contract."), toChunk("Anna Berger is a physician at Riverside Hospital.", "pii")];
    const mentions = await builtIn(open, closed);
    expect(mentions.filter((each) => each.name === "Anna Berger").map((each) => [each.class, each.qualifier])).toEqual([["public", ""], ["pii", "riverside hospital"]]);
  });

  it("is nothing where the document lists many of one name", async () => {
    const lines = ["Kraus LLP", "Tidal Energy Ltd", "Hallmark Shipping plc", "Corvane Services Ltd", "Nordwind Energie GmbH"].map((each) => `Anna Berger is a lawyer at ${each}.`);
    expect(qualifiers(await builtIn(toChunk(lines.join("\n\n"))), "Anna Berger")).toEqual([""]);
  });

  it("is not whom somebody acts for, sues or meets", async () => {
    for (const text of ["Anna Berger sued Tidal Energy Ltd.", "Anna Berger met the board of Tidal Energy Ltd.", "Tidal Energy Ltd wrote to Anna Berger.", "Anna Berger, a customer of Tidal Energy Ltd, complained."]) {
      expect([text, ...qualifiers(await builtIn(toChunk(text)), "Anna Berger")]).toEqual([text, ""]);
    }
  });
});
