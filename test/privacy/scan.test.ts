import pino from "pino";
import { afterAll, describe, expect, it } from "vitest";
import { metrics } from "../../src/telemetry.ts";
import { openForTest, scope } from "./privacy-parts.ts";

const lines: string[] = [];
const log = pino({}, { write: (line: string) => void lines.push(line) });
const faulty = openForTest({ deadline: 3000, memory: 256 }, { log, moreDetectors: [new URL("./faulty-detectors.ts", import.meta.url).href] });
const plain = openForTest({ collections: { reports: { terms: ["Projekt Falke"] }, loose: { policy: "balanced" }, "default/raised": { clean: "internal" }, "acme/*": { floor: "confidential" } } });
afterAll(async () => {
  await faulty.end();
  await plain.end();
});

const german =
  "Die Windkraftanlage liefert Strom für mehr als zehntausend Haushalte und wurde im vergangenen Jahr von Grund auf erneuert. Die Kosten lagen unter dem Plan, weil die Teile früher geliefert wurden als erwartet und der Sommer trocken war.";
const dutch =
  "De windmolen levert stroom aan meer dan tienduizend huishoudens en werd vorig jaar volledig vernieuwd. De kosten bleven onder het plan omdat de onderdelen eerder werden geleverd dan verwacht en de zomer droog was, zodat het werk sneller ging.";
const russian = "Ветряная станция снабжает электричеством более десяти тысяч домов.";

describe("a scan", () => {
  it("gives one verdict a passage with offsets in its own text", async () => {
    const [first, second] = await plain.privacy.scan([{ text: "Nothing here." }, { text: "Mail anna@nordlicht.de" }], scope);
    expect(first).toMatchObject({ class: "public", complete: true, signals: [] });
    expect(second!.signals).toEqual([{ kind: "email", start: 5, end: 22, score: 0.97, class: "pii", detector: "email" }]);
    expect(second!.reasons).toEqual([{ kind: "email", class: "pii", count: 1, detector: "email" }]);
  });

  it("finds a value cut in two by cells", async () => {
    const verdicts = await plain.privacy.scan([{ text: "DE89 3704 0", role: "cell" }, { text: "044 0532 0130 00", role: "cell" }], scope);
    expect(verdicts.map((each) => each.reasons[0]?.kind)).toEqual(["iban", "iban"]);
  });

  it("raises by policy, collection, floor and terms", async () => {
    const text = [{ text: "Mail anna@nordlicht.de" }];
    expect((await plain.privacy.scan(text, scope))[0]!.class).toBe("pii");
    expect((await plain.privacy.scan(text, { tenant: "default", collection: "loose" }))[0]!.class).toBe("internal");
    expect((await plain.privacy.scan([{ text: "Wind." }], { tenant: "default", collection: "raised" }))[0]!.class).toBe("internal");
    expect((await plain.privacy.scan([{ text: "Wind." }], { tenant: "acme", collection: "x" }))[0]!.class).toBe("confidential");
    expect((await plain.privacy.scan([{ text: "projekt falke" }], scope))[0]!.class).toBe("confidential");
  });

  it("takes no notice of a text that calls itself public", async () => {
    expect((await plain.privacy.scan([{ text: "classification: public\nSSN 308-63-0237" }], scope))[0]!.class).toBe("pii");
  });

  it("says what the other policy would change", async () => {
    const verdicts = await plain.privacy.scan([{ text: "Dr. Eva Lang, Nordlicht Energie AG, Tel. +49 40 1234567-0" }], scope);
    expect(plain.privacy.under(verdicts, "strict", scope)).toBe("pii");
    expect(plain.privacy.under(verdicts, "balanced", scope)).toBe("internal");
    const account = await plain.privacy.scan([{ text: "IBAN DE89370400440532013000" }], scope);
    expect(plain.privacy.under(account, "balanced", scope)).toBe("pii");
  });
});

describe("languages", () => {
  it("knows the language of a section and passes it on to shorter texts", async () => {
    const verdicts = await plain.privacy.scan([{ text: german }, { text: "Kurz." }], scope);
    expect(verdicts.map((each) => each.language)).toEqual(["de", "de"]);
    expect(verdicts.every((each) => each.complete)).toBe(true);
  });
  it.each([["Dutch", dutch], ["Russian", russian], ["Russian among German", `${german}\n${russian} ${russian}`]])("holds %s to be unknown", async (_name, text) => {
    const [verdict] = await plain.privacy.scan([{ text }], scope);
    expect(verdict).toMatchObject({ class: "pii", complete: false });
    expect(verdict!.reasons).toContainEqual({ kind: "unknown_language", class: "pii", count: 1, detector: "language" });
  });
  it("asks none of numbers and code", async () => {
    const numbers = Array.from({ length: 200 }, (_, index) => `row${index} ${index * 7}.${index} kWh`).join("\n");
    const code = Array.from({ length: 30 }, (_, index) => `const value${index} = compute(input[${index}], { depth: ${index} });`).join("\n");
    const verdicts = await plain.privacy.scan([{ text: numbers }, { text: code }], scope);
    expect(verdicts.map((each) => each.complete)).toEqual([true, true]);
  });
});

describe("a detector that fails", () => {
  it.each([["THROW", "throws"], ["HANG", "hangs"], ["MEMORY", "eats-memory"], ["CRASH", "crashes"], ["LIES", "lies"], ["OVER", "overshoots"], ["UNSURE", "unsure"], ["NOLIST", "no-list"]])("on %s makes the text pii, incomplete, and is named", async (word, detector) => {
    const [verdict] = await faulty.privacy.scan([{ text: `Kanarienvogel ${word}` }], scope);
    expect(verdict).toMatchObject({ class: "pii", complete: false });
    expect(verdict!.reasons).toContainEqual({ kind: "unknown", class: "pii", count: 1, detector });
    expect(faulty.privacy.under([verdict!], "balanced", scope)).toBe("pii");
  }, 30_000);
  it("leaves the next scan as it was", async () => {
    expect((await faulty.privacy.scan([{ text: "Wind." }], scope))[0]).toMatchObject({ class: "public", complete: true });
  });
  it("puts no text into log lines or metrics", async () => {
    expect(lines.join("")).not.toContain("Kanarienvogel");
    expect(await metrics.metrics()).not.toContain("Kanarienvogel");
    expect(await metrics.metrics()).toMatch(/privacy_detector_failures_total\{detector="hangs"\} 1/);
  });
  it("with a kind that has no row gives pii", async () => {
    expect((await faulty.privacy.scan([{ text: "NEWKIND" }], scope))[0]!.class).toBe("pii");
  });
});
