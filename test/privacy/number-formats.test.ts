import { describe, expect, it } from "vitest";
import { found, kinds } from "./find.ts";
import { type NumberFormat, numberFormats } from "./number-formats.ts";

const withoutAccents = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "");

/** How a labelled number stands in letters, forms, tables and exports, and what copying and scanning make of it. */
const layouts: Record<string, (label: string, value: string) => string> = {
  "behind a colon": (label, value) => `${label}: ${value}`,
  "behind a blank": (label, value) => `${label} ${value}`,
  "in capitals": (label, value) => `${label} : ${value}`.toUpperCase(),
  "without accents": (label, value) => withoutAccents(`${label} : ${value}`),
  "in small letters": (label, value) => `${label.toLowerCase()} ${value}`,
  "glued to its colon": (label, value) => `${label}:${value}`,
  "with blanks that do not break": (label, value) => `${label}\u00a0: ${value.replace(/ /g, "\u202f")}`,
  "behind a tab": (label, value) => `${label}\t${value}`,
  "on the next line": (label, value) => `${label} :\n${value}`,
  "behind leaders": (label, value) => `${label} ........ ${value}`,
  "in a cell under its header": (label, value) => `| Ref | ${label} |\n| --- | --- |\n| 1 | ${value} |`,
  "in a column of an export": (label, value) => `Ref;${label};Note\n1;${value};ok\n2;${value};ok`,
  "in a row of a form": (label, value) => `| ${label} | ${value} |`,
  "in brackets": (label, value) => `(${label} ${value})`,
};
const names = Object.keys(layouts);
const digits = (text: string): string => text.replace(/\D/g, "");

/** Every label with every value, each in one layout; each pair's layout moves on by one. */
function missed({ kinds: right, labels, values }: NumberFormat): { missed: string[]; all: number } {
  const texts = labels.flatMap((label, row) => values.map((value, column) => ({ value, text: layouts[names[(row * 5 + column) % names.length]!]!(label, value) })));
  const isFound = ({ text, value }: { text: string; value: string }): boolean => found(text).some((each) => right.some((kind) => each.startsWith(`${kind}: `)) && digits(each.slice(each.indexOf(":"))).includes(digits(value).slice(0, Math.ceil(digits(value).length * .9))));
  return { missed: texts.filter((each) => !isFound(each)).map((each) => each.text), all: texts.length };
}

describe("labelled numbers, however they are written and wherever they stand", () => {
  it.each(numberFormats.map((format) => [`${format.country} ${format.kinds[0]!}`, format] as const))("%s: at least 97 of 100 are found", (_, format) => {
    const result = missed(format);
    expect(result.missed.length, result.missed.join("\n---\n")).toBeLessThanOrEqual(result.all * .03);
  });
});

describe("numbers without a label", () => {
  it.each([
    ["phone", "Secrétariat 53 21 / 53 22"],
    ["private_phone", "Tél : 01 42 16 00 00/06 12 34 56 78"],
    ["private_phone", "Dr Petit.01 42 16 00 00"],
    ["medical_record", "Venue 1029487503"],
    ["social_security", "Mme Petit, assurée 2-56-05-78-006-084 36"],
    ["medical_record", "Le patient MARTIN, 9010572683, a été vu en consultation."],
    ["medical_record", "Der Patient wurde unter 9010572683 stationär geführt."],
    ["social_security", "Mme Petit, assurée, 1560578006084"],
    ["social_security", "Mme Petit, assurée\n1 5 6 0 5 7 8 0 0\n6 0 8 4 3 6"],
    ["private_phone", "Dr Petit 42.16.00.12.34"],
    ["private_phone", "Dr Petit : 33 6 12 34 56 78"],
    ["private_phone", "Vu par le Dr Petit\n06 12\n34 56 78"],
  ])("are a %s in %j", (kind, text) => expect(kinds(text)).toContain(kind));
});

describe("numbers of things", () => {
  it.each([
    "The patient cohort is described in PMID 31452104 and NCT01234567.",
    "Lot 20231145678 was given to no patient of the trial.",
    "Les patients ont reçu 12000000 UI par jour.",
    "Port 8080, std 0.123456, ph 7.4012345",
    "IPP Group raised 12 million euros; the NDA was signed.",
    "INS Vikrant carries 30 aircraft, NIR light has 850 nm.",
    "A mobile 2023-2024 edition, portable 1.234.567 units sold.",
    "Le port 2024/2025 est ouvert, le fax 3624 est un modèle ancien.",
    "case: 5\nvisit 3\nepisodio 4",
    "fall: 12\nepisode: 7",
    "The chart numbers 12 to 48 show the sales.",
    "ID 4711 of the part, dossier 2024",
    "Das Urteil vom 12.03.2019 zur Versicherung nennt 2019 und 2020.",
  ])("are nobody's in %j", (text) => expect(kinds(text)).not.toEqual(expect.arrayContaining([expect.stringMatching(/medical_record|phone|social_security|national_id|tax_id/)])));
});
