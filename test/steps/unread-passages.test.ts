import { afterAll, describe, expect, it } from "vitest";
import { whyUnread } from "../../src/steps/classify.ts";
import { openForTest, scope } from "../privacy/privacy-parts.ts";

const { privacy, end } = openForTest({}, { moreDetectors: [new URL("../privacy/faulty-detectors.ts", import.meta.url).href] });
afterAll(end);

describe("passages that could not be read for privacy", () => {
  it("are counted with what kept them from being read", async () => {
    const texts = ["Wind.", "Ветряная станция снабжает электричеством более десяти тысяч домов.", "Kanarienvogel THROW"];
    const verdicts = (await Promise.all(texts.map((text) => privacy.scan([{ text }], scope)))).flat();
    expect(whyUnread(verdicts)).toBe("2 of 3 passages count as pii because they could not be read for privacy (1 in a language other than English, German, French and Spanish; not finished: throws)");
  });

  it("are no warning where there are none", async () => {
    expect(whyUnread(await privacy.scan([{ text: "Wind." }], scope))).toBeNull();
  });
});
