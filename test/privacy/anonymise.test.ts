import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { openVault } from "../../src/privacy/vault.ts";
import { openKeys } from "../../src/privacy/vault-key.ts";
import { openForTest, scope } from "./privacy-parts.ts";

const balanced = openForTest({ policy: "balanced", collections: { closed: { floor: "confidential" } } });
const strict = openForTest();
afterAll(async () => {
  await balanced.end();
  await strict.end();
});
const { anonymise } = balanced.privacy;
const user = (text: string) => [{ role: "user", text }];
let tasks = 0;
const request = () => ({ taskId: `task-${tasks++}`, scope });

describe("anonymising", () => {
  it("replaces names and contacts and puts them back", async () => {
    const text = "Dr. Eva Lang wrote to Pedro García Ruiz at sales@nordlicht.de. Lang called the office: Tel. +49 40 1234567-0, Nordlicht GmbH.";
    const { messages, clean, restore } = await anonymise(user(text), request());
    expect(clean).toBe(true);
    expect(messages[0]!.text).not.toMatch(/Lang|García|nordlicht\.de|1234567/);
    expect(messages[0]!.text).toMatch(/\[PERSON_1\].*\[PERSON_2\].*\[EMAIL_1\].*\[PERSON_1b\].*\[PHONE_1\]/s);
    expect(restore(messages[0]!.text)).toBe(text);
  });

  it("replaces a name whole that a line of running text breaks", async () => {
    const text = "After a long discussion of the delivery dates the letter was signed by Dr. Eva\nLang, who leads the purchasing department of the plant in Bremen.";
    const { messages, clean, restore } = await anonymise(user(text), request());
    expect(clean).toBe(true);
    expect(messages[0]!.text).not.toMatch(/Eva|Lang/);
    expect(restore(messages[0]!.text)).toBe(text);
  });

  it("gives two persons of one surname numbers of their own", async () => {
    const { messages, restore } = await anonymise(user("Mr. Peter Lambert met Mrs. Anna Lambert. Later Mr. Lambert left."), request());
    const numbers = messages[0]!.text.match(/PERSON_\d+/g)!;
    expect(new Set(numbers.slice(0, 2)).size).toBe(2);
    expect(restore(messages[0]!.text)).toContain("Peter Lambert met Mrs. Anna Lambert. Later Mr. Lambert");
  });

  it("knows the forms of one person: with title, surname alone, initial, in comma order", async () => {
    const text = "Dr Anna Weiss opened the meeting. Later Mrs Weiss left, and Mr. A. Weiss signed for her. Name: Weiss, Anna\nMrs Clara Brandt stayed.";
    const { messages, clean, restore } = await anonymise(user(text), request());
    expect(clean).toBe(true);
    const numbers = [...messages[0]!.text.matchAll(/\[PERSON_(\d+)[a-z]?\]/g)].map((match) => match[1]);
    expect(new Set(numbers).size).toBe(2);
    expect(messages[0]!.text).not.toMatch(/Weiss|Anna|Brandt/);
    expect(restore(messages[0]!.text)).toBe(text);
  });

  it("leaves a clean text as it is", async () => {
    const { messages, clean } = await anonymise(user("The turbine turns."), request());
    expect({ messages, clean }).toEqual({ messages: user("The turbine turns."), clean: true });
  });

  it.each(["IBAN DE89370400440532013000 of Dr. Eva Lang", "Strictly confidential: Dr. Eva Lang", "For internal use only: Dr. Eva Lang", "password: Tr0ub4dor&3"])("hands out nothing of %j", async (text) => {
    expect(await anonymise(user(text), request())).toMatchObject({ clean: false, messages: [] });
  });

  it("hands out nothing under strict, where names are pii", async () => {
    expect(await strict.privacy.anonymise(user("Dr. Eva Lang wrote."), request())).toMatchObject({ clean: false, messages: [] });
  });

  it("hands out nothing of a scope whose floor is above internal", async () => {
    expect(await anonymise(user("Wind."), { taskId: "r", scope: { tenant: "default", collection: "closed" } })).toMatchObject({ clean: false });
  });

  it("never uses a number that the text uses, and leaves the text's own brackets alone", async () => {
    const text = "Keep [PERSON_1] and [Person 2] as they are. Dr. Eva Lang agrees.";
    const { messages, restore } = await anonymise(user(text), request());
    expect(messages[0]!.text).toContain("[PERSON_3]");
    expect(restore(messages[0]!.text)).toBe(text);
  });

  it("restores exactly, whatever is around the names", async () => {
    const name = fc.constantFrom("Dr. Eva Lang", "Mr. Peter Lambert", "Frau Anna Schmidt", "info@nordlicht.de", "[PERSON_1]", "[EMAIL_1b]", "PERSON_2", "[person_1]", "[Name 1]", "[PERSONA_2]");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, fc.constantFrom(" met ", ", and ", ".\n\n", " [", "] ", " * ")), { minLength: 1, maxLength: 6 }), async (pieces) => {
        const text = pieces.flat().join("");
        const { messages, clean, restore } = await anonymise(user(text), request());
        if (clean) expect(restore(messages[0]!.text)).toBe(text);
      }),
      { numRuns: 60 },
    );
  });
});

describe("the numbers of a document", () => {
  const owner = { documentId: "0191-document", scope };
  it("stay the same over calls, restarts included, until it is forgotten", async () => {
    const first = await anonymise(user("Dr. Eva Lang wrote."), owner);
    const [second, third] = await Promise.all([anonymise(user("Peter Lambert answered Dr. Eva Lang."), owner), anonymise(user("Mr. Peter Lambert and Mrs. Julia Roth came."), owner)]);
    expect(first.messages[0]!.text).toContain("[PERSON_1]");
    expect(second.messages[0]!.text).toContain("[PERSON_1]");
    expect(third.restore("[PERSON_1]")).toContain("Eva Lang");
    const other = openForTest({ policy: "balanced" }, { vault: join(balanced.folder, "vault"), vaultKey: { file: join(balanced.folder, "key") } });
    expect((await other.privacy.anonymise(user("Dr. Eva Lang again."), owner)).messages[0]!.text).toContain("[PERSON_1]");
    await other.end();
    await balanced.privacy.forget(owner.documentId);
    expect(readdirSync(join(balanced.folder, "vault"))).toEqual([]);
  });

  it("escape a literal that reads like a number given before", async () => {
    const one = { documentId: "0191-literal", scope };
    await anonymise(user("Dr. Eva Lang wrote."), one);
    const text = "The template says [PERSON_1] here.";
    const { messages, restore } = await anonymise(user(text), one);
    expect(messages[0]!.text).not.toContain("[PERSON_1]");
    expect(restore(messages[0]!.text)).toBe(text);
  });
});

describe("the vault", () => {
  it("keeps names encrypted, for their owner alone", async () => {
    await anonymise(user("Dr. Eva Lang wrote."), { documentId: "0191-sealed", scope });
    const [file] = readdirSync(join(balanced.folder, "vault"));
    const path = join(balanced.folder, "vault", file!);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(balanced.folder, "key")).mode & 0o777).toBe(0o600);
    expect(readFileSync(path).includes("Lang")).toBe(false);
    await balanced.privacy.forget("0191-sealed");
  });

  it("refuses a changed file, another document's file and another key", async () => {
    const folder = join(balanced.folder, "other");
    const vault = openVault(folder, openKeys({ value: "a key of sixteen characters" })("vault"));
    const entries = [{ type: "PERSON", number: 1, form: "", value: "Eva" }];
    await vault.write("a", entries);
    expect(await vault.read("a")).toEqual(entries);
    expect(await vault.read("b")).toEqual([]);
    await expect(openVault(folder, openKeys({ value: "another key of 16 chars" })("vault")).read("a")).rejects.toMatchObject({ code: "store" });
    const path = join(folder, readdirSync(folder)[0]!);
    await vault.write("b", entries);
    const fileOfB = join(folder, readdirSync(folder).find((name) => join(folder, name) !== path)!);
    writeFileSync(fileOfB, readFileSync(path));
    await expect(vault.read("b")).rejects.toMatchObject({ code: "store" });
    const bytes = readFileSync(path);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(path, bytes);
    await expect(vault.read("a")).rejects.toMatchObject({ code: "store" });
  });

  it("seals anew with the present key what an earlier one sealed", async () => {
    const folder = join(balanced.folder, "rotated");
    const [before, after] = ["the key of last year", "the key of this year"].map((value) => openKeys({ value })("vault"));
    const entries = [{ type: "PERSON", number: 1, form: "", value: "Eva" }];
    await openVault(folder, before!).write("a", entries);
    const rotated = openVault(folder, after!, [before!]);
    expect(await rotated.read("a")).toEqual(entries);
    expect([await rotated.reseal("a"), await rotated.reseal("a"), await rotated.reseal("absent")]).toEqual([true, false, false]);
    expect(await openVault(folder, after!).read("a")).toEqual(entries);
    await expect(openVault(folder, before!).read("a")).rejects.toMatchObject({ code: "store", message: expect.stringContaining("vault.previous") });
  });

  it("takes its key from a file, a value or what a program prints, and never says it", () => {
    const value = "a key of sixteen characters";
    const file = join(balanced.folder, "key-file");
    writeFileSync(file, `${value}\n`, { mode: 0o600 });
    const keys = [{ value }, { file }, { command: [process.execPath, "-e", `console.log("${value}")`] }].map((key) => openKeys(key)("vault").toString("hex"));
    expect(new Set(keys).size).toBe(1);
    expect(openKeys({ value })("release").equals(openKeys({ value })("vault"))).toBe(false);
    const failing = [process.execPath, "-e", `console.error("${value}"); console.log("${value}"); process.exit(3)`];
    expect(() => openKeys({ command: failing })).toThrow(/exit code 3/);
    expect(() => openKeys({ command: failing })).not.toThrow(new RegExp(value));
    expect(() => openKeys({ command: [join(balanced.folder, "no-such-program")] })).toThrow(/ENOENT/);
    expect(() => openKeys({ file: join(balanced.folder, "gone") }, false)).toThrow(/can not be read/);
  });

  it("refuses a short key and a key file that others can read", () => {
    expect(() => openKeys({ value: "short" })).toThrow(/16 characters/);
    const file = join(balanced.folder, "open-key");
    writeFileSync(file, "x".repeat(44), { mode: 0o644 });
    expect(() => openKeys({ file })).toThrow(/chmod 600/);
  });
});
