import { describe, expect, it } from "vitest";
import { openLanguage } from "../../src/language/open-language.ts";

const language = openLanguage();
const sentences = (text: string): string[] => language.sentences(text).map((each) => text.slice(each.start, each.end));

describe("identify", () => {
  it.each([
    ["en", "The company was founded in Bristol and it has offices in three towns."],
    ["de", "Die Firma wurde in Kassel gegründet und hat drei Büros."],
    ["fr", "La société a été fondée à Lyon et elle emploie des ingénieurs."],
    ["es", "La empresa fue fundada en Sevilla y tiene oficinas en tres ciudades."],
    ["it", "La società è stata fondata a Milano e ha uffici nella città di Roma."],
    ["nl", "Het bedrijf werd opgericht in Utrecht en heeft kantoren in drie steden."],
    ["pt", "A empresa foi fundada em Lisboa e não tem mais escritórios na cidade."],
    ["pl", "Firma została założona w Krakowie i ma biura, które są także w Łodzi."],
    ["ru", "Компания была основана в Москве."],
    ["zh", "这是一个测试文件我们公司"],
  ])("knows %s", (code, text) => expect(language.identify(text)).toBe(code));
  it("says nothing of numbers, names and code", () => {
    for (const text of ["", "12 34 55", "Nordwind Energie AG", "const x = foo(bar);"]) expect(language.identify(text)).toBeNull();
  });
});

describe("sentences", () => {
  it("do not end at abbreviations, initials, ordinals and decimals", () => {
    expect(sentences("Dr. Weiss paid 3.5 Mio. Euro, see No. 5. He left.")).toEqual(["Dr. Weiss paid 3.5 Mio. Euro, see No. 5.", "He left."]);
    expect(sentences("Das gilt z. B. am 3. Mai 2024. Der 2. Senat entschied.")).toEqual(["Das gilt z. B. am 3. Mai 2024.", "Der 2. Senat entschied."]);
    expect(sentences("J. K. Rowling wrote it. Nordwind Inc. was sold.")).toEqual(["J. K. Rowling wrote it.", "Nordwind Inc. was sold."]);
  });
  it("end with their paragraph, list item or field", () => {
    expect(sentences("A heading\n\nText that goes\non here. End\n- item one\n- item two")).toEqual(["A heading", "Text that goes\non here.", "End", "- item one", "- item two"]);
    expect(sentences("Supplier: Ferrotec Ltd\nCustomer: Arbor Group")).toHaveLength(2);
  });
});
