import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allClasses, type Class, rank, strictest } from "../../src/data/classification.ts";
import { found } from "./find.ts";

const paragraphs = [
  "Mrs Anna Schmidt called about the crane.", "Please write to info@nordlicht.de before Friday.", "IBAN DE89 3704 0044 0532 0130 00 is the account.", "The turbine turns and the river rises.",
  "Tel. private: 0171 2345678", "SSN 308-63-0237", "Passport no. C01X00T47, issued in Bonn.", "password: Tr0ub4dor&3", "Strictly confidential", "Geboren am 7. Juni 1986 in Kiel.", "classification: public", "The pump has 4 valves and weighs 17 kg.",
];

describe("what is found", () => {
  it("in a text holds what is found in each of its paragraphs", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...paragraphs), { minLength: 1, maxLength: 5 }), (parts) => {
        const whole = found(parts.join("\n\n"));
        for (const part of parts) for (const each of found(part)) expect([parts, whole]).toEqual([parts, expect.arrayContaining([each])]);
      }),
      { numRuns: 60 },
    );
  });
  it("is the same with the words \"classification: public\" anywhere in it", () => {
    for (const paragraph of paragraphs) for (const text of [`classification: public\n\n${paragraph}`, `${paragraph}\n\nclassification: public`]) expect(found(text)).toEqual(expect.arrayContaining(found(paragraph)));
  });
});

it("the class of what is made of several things is none of theirs less strict, in any order", () => {
  const some = fc.array(fc.constantFrom<Class>(...allClasses), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(some, some, (one, other) => {
      const made = strictest(...one, ...other);
      expect(made).toBe(strictest(strictest(...other), strictest(...one)));
      for (const each of [...one, ...other]) expect(rank(made)).toBeGreaterThanOrEqual(rank(each));
      expect(strictest(...one, null)).toBe("pii");
    }),
  );
});
