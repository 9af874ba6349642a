import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openLanguage } from "../../src/language/open-language.ts";
import { readPolicyTable } from "../../src/privacy/policy.ts";
import { normaliseText } from "../../src/privacy/normalised-text.ts";
import { plainLayout } from "../../src/privacy/plain-layout.ts";
import { scanPassages, type Scanned } from "../../src/privacy/scan.ts";
import { detectors } from "./find.ts";
import { harmlessTexts } from "./harmless-texts.ts";
import { type LabelledText, labelledTexts } from "./labelled-texts.ts";

const language = openLanguage();
const table = readPolicyTable();
const scores = Object.fromEntries(Object.entries(table).map(([kind, row]) => [kind, row.score]));

/** A text of the same words; each character says at which offset of the plain text it stood. */
type Laid = { text: string; from: number[] };

function laid({ text }: LabelledText, blank: (place: number) => string, other: (sign: string, next: string, place: number) => string = (sign) => sign): Laid {
  let out = "";
  const from: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    const written = sign === " " ? blank(at) : other(sign, text[at + 1] ?? "", at);
    out += written;
    for (let unit = 0; unit < written.length; unit++) from.push(at);
  }
  return { text: out, from };
}

/** A number that looks random and is the same in every run. */
const chance = (place: number, below: number): number => ((Math.imul(place + 1, 2654435761) >>> 8) % 1000) % below;
const mixed = [" ", "\t", "  ", " \t", "\u2003", "\u3000\u3000"];

/** Recall of spans lost at most against the plain text. */
const layouts: [name: string, lost: number, lay: (text: LabelledText) => Laid][] = [
  ["a tab for every blank", .02, (text) => laid(text, () => "\t")],
  ["two blanks for every blank", .02, (text) => laid(text, () => "  ")],
  ["blanks of all sorts", .02, (text) => laid(text, (place) => mixed[chance(place, mixed.length)]!)],
  ["runs of one to four blanks", .02, (text) => laid(text, (place) => " ".repeat(1 + chance(place, 4)))],
  ["non-breaking blanks", .01, (text) => laid(text, () => "\u00a0")],
  ["thin blanks", .01, (text) => laid(text, () => "\u2009")],
  ["figure and ideographic blanks", .01, (text) => laid(text, (place) => (place % 2 ? "\u2007" : "\u3000"))],
  ["blanks at the end of each line", .01, (text) => laid(text, () => " ", (sign) => (sign === "\n" ? "   \t\n" : sign))],
  ["line breaks of two characters", .01, (text) => laid(text, () => " ", (sign) => (sign === "\n" ? "\r\n" : sign))],
  ["words cut by a hyphen at the end of a line", .05, (text) => laid(text, () => " ", (sign, _, place) => (/\p{L}\p{Ll}$/u.test(text.text.slice(0, place + 1)) && /^\p{Ll}{2}/u.test(text.text.slice(place + 1)) && chance(place, 12) === 0 ? `${sign}-\n` : sign))],
  ["lower case", .12, (text) => laid(text, () => " ", (sign) => (sign.toLowerCase().length === sign.length ? sign.toLowerCase() : sign))],
];

interface Read {
  /** Labelled spans of which less than nine characters in ten are found, blanks apart. */
  missed: string[];
  /** Characters found that are in no labelled span, blanks apart. */
  beside: number;
}

function read(lay: (text: LabelledText) => Laid): Read {
  const result: Read = { missed: [], beside: 0 };
  for (const each of labelledTexts) {
    const { text, from } = lay(each);
    const mask = maskOf(text);
    const labelled = new Uint8Array(text.length);
    for (const { start, end, kind } of each.spans) {
      const places = from.flatMap((plain, at) => (plain >= start && plain < end && /\S/.test(text[at]!) ? [at] : []));
      if (places.filter((at) => mask[at]).length < 0.9 * places.length) result.missed.push(`${kind} ${each.text.slice(start, end)}`);
      for (const at of places) labelled[at] = 1;
    }
    result.beside += mask.filter((one, at) => one && !labelled[at] && /\S/.test(text[at]!)).length;
  }
  return result;
}

function maskOf(text: string): Uint8Array {
  const mask = new Uint8Array(text.length);
  for (const { start, end } of scan(text)) mask.fill(1, start, end);
  return mask;
}

const scan = (text: string): Scanned["found"] => scanPassages({ passages: [{ text }], terms: [], allow: [], scores }, detectors, language.identify, () => {})[0]!.found;
const all = labelledTexts.reduce((sum, each) => sum + each.spans.length, 0);
const plain = read((text) => laid(text, () => " "));

describe("what is private in a text", () => {
  it.each(layouts)("is found too when it is written with %s, and little beside it", (_, lost, lay) => {
    const { missed, beside } = read(lay);
    expect((missed.length - plain.missed.length) / all, missed.join("; ")).toBeLessThanOrEqual(lost);
    expect(beside).toBeLessThanOrEqual(plain.beside + 60);
  });
});

describe("a salutation in lower case", () => {
  it("tells a name that no list knows, and no office", () => {
    const values = (text: string): string[] => scan(text).map((each) => `${each.kind} ${text.slice(each.start, each.end)}`);
    expect(values("sehr geehrte frau tannhäuser, anbei der befund vom montag.")).toEqual(["person tannhäuser"]);
    expect(values("dear mrs okonjowska,\nyour bill is here")).toEqual([expect.stringContaining("okonjowska")]);
    expect(values("sehr geehrte frau präsidentin, anbei der befund")).toEqual([]);
    expect(values("dear miss manager, the bill is here")).toEqual([]);
  });
});

describe("a harmless text", () => {
  it.each([["tabs", "\t"], ["two blanks", "  "], ["five blanks", "     "]])("stays public under strict with %s for every blank, nine in ten at least", (_, blank) => {
    const kept = harmlessTexts.map((text) => text.replaceAll(" ", blank)).filter((text) => scan(text).some((each) => table[each.kind]?.strict !== "public"));
    expect(kept.length, kept.join("\n---\n")).toBeLessThanOrEqual(harmlessTexts.length / 10);
  });
});

describe("the plain layout of a text", () => {
  const laidOut = (text: string): string => plainLayout(normaliseText(text)).text;

  it("leads every place back to the character it came from", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("ab", "the", "Anna", "12", "é", ",", ":", "-\n", "-\r\n ", "\n", " ", "  ", "\t", " \t ", "\u3000\u3000", "\u00ad"), { maxLength: 40 }), (parts) => {
        const text = parts.join("");
        const view = plainLayout(normaliseText(text));
        for (let at = 0; at < view.text.length; at++) {
          expect(view.start(at)).toBeLessThan(view.end(at));
          if (at > 0) expect(view.start(at)).toBeGreaterThanOrEqual(view.end(at - 1));
          const sign = text.slice(view.start(at), view.end(at));
          if (/\S/.test(view.text[at]!)) expect(normaliseText(sign).text).toBe(view.text[at]);
          else expect(sign).toMatch(/^\s+$/);
        }
      }),
    );
  });

  it("has one blank between the words of a line that is set wide", () => {
    expect(laidOut("We  met   Mrs.  Schmidt\tin  Bremen.")).toBe("We met Mrs. Schmidt in Bremen.");
    expect(laidOut("Telephone:      0221 4710815")).toBe("Telephone: 0221 4710815");
    expect(laidOut("The witness,  who lives in the house, saw him.")).toBe("The witness, who lives in the house, saw him.");
  });

  it("keeps the gaps of tables, and what stands before and behind a line", () => {
    for (const text of ["Name\tAge\tCity\nAnna\t34\tKiel\nOtto\t51\tBonn", "Bolts     12   3400\nNuts     120    560", "12  34  56  78", "    a line that begins far in   \n  and its end  "]) expect(laidOut(text)).toBe(text);
  });

  it("makes a word whole that a hyphen cuts at the end of a line, and no name of two parts", () => {
    expect(laidOut("the witness Ravens-\r\n  worth and Schmidt-\nHuber")).toBe("the witness Ravensworth and Schmidt-\nHuber");
  });
});

describe("values in the cells of a table", () => {
  it("are read over wide gaps when their label announces them or a checksum holds", () => {
    const values = (text: string): string[] => scan(text).map((each) => `${each.kind} ${text.slice(each.start, each.end)}`);
    expect(values("Account   DE89  3704  0044  0532  0130  00\nAccount   unknown   so   far   to   us   all")).toContain("iban DE89  3704  0044  0532  0130  00");
    expect(values("Tax no\tSteuer-ID 86\t095\t742\t719\nTax no\tnone\tnone\tnone\tnone")).toContain("tax_id 86\t095\t742\t719");
  });

  it("are not made one number with their neighbours", () => {
    expect(scan("Parts     Bolts     Nuts\nNorth     1200      3400\nSouth     5600      7800\nWest      4111      1234")).toEqual([]);
    expect(scan("Plant\tJanuary\tFebruary\tMarch\nNorth\t030\t1234\t5678\nSouth\t040\t2345\t6789")).toEqual([]);
  });
});
