import { createHmac } from "node:crypto";
import pino from "pino";
import { afterAll, describe, expect, it } from "vitest";
import { ClearedRequest } from "../../src/privacy/cleared-request.ts";
import type { Clearance } from "../../src/privacy/privacy.ts";
import { openForTest, scope } from "./privacy-parts.ts";

const secret = 'cänary-"7f3a/9c\\+key';
const lines: string[] = [];
const told: unknown[] = [];
const log = pino({}, { write: (line: string) => void lines.push(line) });
const gate = openForTest({ policy: "balanced", collections: { closed: { floor: "confidential" }, raised: { clean: "internal" }, passages: { scope: "passage" } } }, { secrets: [secret, ""], log, onBlocked: (kinds) => told.push(kinds) });
const seeing = openForTest({}, { visionCloud: () => true });
afterAll(async () => {
  await gate.end();
  await seeing.end();
});

const clearance = (more: Partial<Clearance> = {}): Clearance => ({ texts: [], pictures: 0, classification: "public", anonymised: false, scope, documentId: "0191-d", ...more });
const body = (content: string, more: object = {}): string => JSON.stringify({ model: "gpt-oss:120b", messages: [{ role: "user", content, ...more }], stream: false });

describe("the gate", () => {
  it("clears a public request, byte for byte, with a keyed hash", async () => {
    const text = body("The turbine delivers 5 MW – größer als geplant.");
    const cleared = await gate.privacy.gate(text, clearance());
    expect(Buffer.from(ClearedRequest.bytes(cleared)).toString()).toBe(text);
    expect(cleared.payloadHmac).toMatch(/^[0-9a-f]{64}$/);
    expect(cleared.payloadHmac).not.toBe(createHmac("sha256", "").update(text).digest("hex"));
  });

  it("clears anonymised internal text, and nothing else that is internal", async () => {
    const text = body("[PERSON_1] wrote to [PERSON_1b] at [EMAIL_1].");
    await expect(gate.privacy.gate(text, clearance({ classification: "internal", anonymised: true }))).resolves.toBeInstanceOf(ClearedRequest);
    await expect(gate.privacy.gate(text, clearance({ classification: "internal" }))).rejects.toMatchObject({ code: "privacy_blocked" });
  });

  it.each(["confidential", "pii", null] as const)("blocks class %s whatever the text", async (classification) => {
    await expect(gate.privacy.gate(body("Wind."), clearance({ classification, anonymised: true }))).rejects.toThrow(/class \(1\)/);
  });

  it("blocks a passage of a more private document where no passage has a class of its own any more", async () => {
    await expect(gate.privacy.gate(body("Wind."), clearance({ isOfPassage: true }))).rejects.toThrow(/class \(1\)/);
    await expect(gate.privacy.gate(body("Wind."), clearance({ isOfPassage: true, scope: { ...scope, collection: "passages" } }))).resolves.toBeInstanceOf(ClearedRequest);
  });

  it("blocks what the floor or the clean class of the scope keeps here", async () => {
    await expect(gate.privacy.gate(body("Wind."), clearance({ scope: { ...scope, collection: "closed" } }))).rejects.toThrow(/floor/);
    await expect(gate.privacy.gate(body("Wind."), clearance({ scope: { ...scope, collection: "raised" } }))).rejects.toThrow(/floor/);
  });

  it("finds what the caller's list of texts leaves out, in any field, keys included", async () => {
    for (const text of [body("Mail anna@nordlicht.de"), body("x", { tool: { "anna@nordlicht.de": 1 } }), body("x", { images: ["Dr. Eva Lang, SSN 308-63-0237"] }), "no json: anna@nordlicht.de", JSON.stringify({ number: 4111111111111111 })]) {
      await expect(gate.privacy.gate(text, clearance())).rejects.toMatchObject({ code: "privacy_blocked" });
    }
    await expect(gate.privacy.gate(body("\u0061nna@nordlicht.de"), clearance())).rejects.toThrow(/email/);
  });

  it("lets pictures of public documents pass only where vision.cloud is on", async () => {
    const picture = body("Describe it.", { images: ["iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"] });
    await expect(gate.privacy.gate(picture, clearance())).rejects.toThrow(/picture \(1\)/);
    await expect(seeing.privacy.gate(picture, clearance({ pictures: 1 }))).resolves.toBeInstanceOf(ClearedRequest);
    await expect(seeing.privacy.gate(picture, clearance({ classification: "internal", anonymised: true }))).rejects.toThrow(/picture/);
  });

  const forms: [string, string][] = [
    ["plain", `say ${secret}`],
    ["JSON-escaped", JSON.stringify(secret)],
    ["unicode-escaped", [...secret].map((each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")],
    ["URL", encodeURIComponent(secret)],
    ["hex", Buffer.from(secret).toString("hex").toUpperCase()],
    ["base64", Buffer.from(secret).toString("base64")],
    ["base64 after one byte", Buffer.from(`x${secret} and`).toString("base64")],
    ["base64 after two bytes", Buffer.from(`xy${secret}!`).toString("base64")],
    ["base64url", Buffer.from(`a ${secret}`).toString("base64url")],
    ["UTF-16 in base64", Buffer.from(`k${secret}`, "utf16le").toString("base64")],
  ];
  it.each(forms)("blocks our own secret in %s form", async (_name, form) => {
    await expect(gate.privacy.gate(body(form), clearance())).rejects.toThrow(/own_secret/);
    await expect(gate.privacy.gate(form, clearance())).rejects.toThrow(/own_secret/);
  });

  it("says kinds and counts, and never a value, in errors, logs and to its listener", async () => {
    const error = await gate.privacy.gate(body("Write to canary.bird@nordlicht.de"), clearance()).catch((each: unknown) => each as Error);
    expect(String(error)).toContain("email (1)");
    expect(`${String(error)} ${JSON.stringify(told)} ${lines.join()}`).not.toMatch(/canary\.bird|cänary/);
    expect(told.at(-1)).toEqual([{ kind: "email", count: 1 }]);
  });

  it("refuses at start a prompt whose own words would be found", async () => {
    await expect(gate.privacy.checkPrompts([{ name: "extract", text: "Return JSON. Use [PERSON_1] for names." }])).resolves.toBeUndefined();
    await expect(gate.privacy.checkPrompts([{ name: "bad", text: "Example: mail anna@nordlicht.de" }])).rejects.toThrow(/prompt bad.*email/);
  });
});

describe("a cleared request", () => {
  it("can not be forged", async () => {
    const real = await gate.privacy.gate(body("Wind."), clearance());
    const bytes = Buffer.from("x");
    const forged: unknown[] = [
      { payloadHmac: real.payloadHmac, bytes },
      { ...real },
      structuredClone({ payloadHmac: real.payloadHmac }),
      Object.create(ClearedRequest.prototype),
      Object.setPrototypeOf({ payloadHmac: "x" }, ClearedRequest.prototype),
      Object.create(real),
      new Proxy(real, {}),
      null,
    ];
    for (const each of forged) expect(() => ClearedRequest.bytes(each as ClearedRequest)).toThrow(TypeError);
    expect(() => new ClearedRequest(Symbol("made by the gate"), bytes, "x")).toThrow(/only the privacy gate/);
    expect(() => new (class extends ClearedRequest {})(Symbol("x"), bytes, "x")).toThrow(TypeError);
    expect(() => Object.assign(ClearedRequest, { bytes: () => bytes })).toThrow(TypeError);
    expect(() => Object.assign(real, { payloadHmac: "x" })).toThrow(TypeError);
  });

  it("does not change when the bytes handed out are changed", async () => {
    const real = await gate.privacy.gate(body("Wind."), clearance());
    ClearedRequest.bytes(real).fill(0);
    expect(Buffer.from(ClearedRequest.bytes(real)).toString()).toBe(body("Wind."));
  });
});
