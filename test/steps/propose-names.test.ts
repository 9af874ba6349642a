import { afterAll, expect, it } from "vitest";
import type { Class } from "../../src/data/classification.ts";
import { openTextWork } from "../../src/steps/open-text-work.ts";
import { proposeNames } from "../../src/steps/propose-names.ts";

const textWork = openTextWork({ size: 1, deadline: 60_000 });
afterAll(() => textWork.close());

const secret = "Nordlicht Energie AG (NEAG) dismissed Mr Anton Quandel because of theft.";
const open = "The cranes of NEAG lift heavy cargo in all weathers of the year. Nordlicht Energie AG stands by the water.";
const read = async (...classes: [Class, Class]) => {
  const [first, second] = await proposeNames([{ text: secret, headings: ["Pay"], class: classes[0] }, { text: open, headings: ["Plant"], class: classes[1] }], "en", textWork);
  return { first: first!, second: second! };
};

it("a passage's names take neither form nor description from a stricter passage", async () => {
  const { first, second } = await read("pii", "public");
  expect(second.map(({ name }) => name)).toEqual(["NEAG", "Nordlicht Energie AG"]);
  expect(JSON.stringify(second)).not.toMatch(/Quandel|theft/);
  expect(first.map(({ name }) => name)).toEqual(expect.arrayContaining(["Nordlicht Energie AG", "Anton Quandel"]));
});

it("but from one that is no stricter", async () => {
  const { second } = await read("public", "pii");
  expect([...new Set(second.map(({ name }) => name))]).toEqual(["Nordlicht Energie AG"]);
  expect(second[0]!.description).toContain("dismissed Mr Anton Quandel");
  expect((await read("pii", "pii")).second).toEqual(second);
});
