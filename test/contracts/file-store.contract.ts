import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { assert, asyncProperty, constantFrom, oneof, string } from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hashId, randomId } from "../../src/data/identity.ts";
import type { FileStore } from "../../src/stores/files/file-store.ts";

/** What every driver of `FileStore` promises. */
export function fileStoreContract(driver: string, open: () => Promise<FileStore>): void {
  describe(`file store: ${driver}`, () => {
    let files: FileStore;
    beforeAll(async () => void (files = await open()));
    afterAll(() => files.close());
    const fresh = (): string => hashId("document", randomId());

    test("what was put comes back byte for byte, by get, stream and local path", async () => {
      const id = fresh();
      const bytes = randomBytes(300_000);
      await files.put(id, "original-1", bytes);
      expect(await files.get(id, "original-1")).toEqual(bytes);
      expect(await buffer(await files.stream(id, "original-1"))).toEqual(bytes);
      expect(await readFile(await files.localPath(id, "original-1"))).toEqual(bytes);
    });

    test("a second put replaces the first", async () => {
      const id = fresh();
      await files.put(id, "parsed-1.json", "first");
      await files.put(id, "parsed-1.json", "zweite Fassung, länger");
      expect((await files.get(id, "parsed-1.json"))!.toString()).toBe("zweite Fassung, länger");
      expect(await files.list(id)).toEqual(["parsed-1.json"]);
    });

    test("what is absent is null for get, false for has, not_found for stream and path", async () => {
      const id = fresh();
      expect(await files.get(id, "original-1")).toBeNull();
      expect(await files.has(id, "original-1")).toBe(false);
      expect(await files.list(id)).toEqual([]);
      await expect(files.stream(id, "original-1")).rejects.toMatchObject({ code: "not_found" });
      await expect(files.localPath(id, "original-1")).rejects.toMatchObject({ code: "not_found" });
    });

    test("a temporary file is adopted and gone from where it was", async () => {
      const id = fresh();
      const path = await files.temporary();
      await writeFile(path, "upload");
      await files.adopt(id, "original-1", path);
      expect((await files.get(id, "original-1"))!.toString()).toBe("upload");
      await expect(readFile(path)).rejects.toMatchObject({ code: "ENOENT" });
    });

    test("names and documents are removed without touching others; twice is once", async () => {
      const [one, other] = [fresh(), fresh()];
      for (const id of [one, other]) for (const name of ["original-1", "picture-1.png", "picture-2.png"]) await files.put(id, name, name);
      await files.remove(one, ["picture-1.png", "absent"]);
      expect(await files.list(one)).toEqual(["original-1", "picture-2.png"]);
      await files.removeAll(one);
      await files.removeAll(one);
      expect(await files.list(one)).toEqual([]);
      expect(await files.list(other)).toHaveLength(3);
    });

    test("every document that has files is listed, and no erased one", async () => {
      const [kept, erased] = [fresh(), fresh()];
      await files.put(kept, "original-1", "kept");
      await files.put(erased, "original-1", "erased");
      await files.removeAll(erased);
      const listed: string[] = [];
      for await (const each of files.documents()) listed.push(each);
      expect(listed).toContain(kept);
      expect(listed).not.toContain(erased);
    });

    test("no name and no id leaves the store's folder", async () => {
      const id = fresh();
      const bad = oneof(constantFrom("..", ".", "", "../x", "a/b", "a\\b", "\0", "a\0b", ".hidden", "x".repeat(201), "Bericht ä.pdf"), string().filter((each) => !/^[a-z0-9][a-z0-9._-]{0,199}$/i.test(each)));
      await assert(
        asyncProperty(bad, async (name) => {
          await expect(files.put(id, name, "x")).rejects.toMatchObject({ code: "invalid_input" });
          await expect(files.get(name.slice(0, 3), "original-1")).rejects.toMatchObject({ code: "invalid_input" });
        }),
        { numRuns: 60 },
      );
      expect(await files.list(id)).toEqual([]);
    });
  });
}
