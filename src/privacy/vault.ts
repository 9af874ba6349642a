import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { SluiceError } from "../errors.ts";

/** A name that leaves under another: `[PERSON_1b]` is type PERSON, number 1, form "b" (the first form is ""). */
export const VaultEntry = z.object({ type: z.string(), number: z.number().int().positive(), form: z.string(), value: z.string() });
export type VaultEntry = z.infer<typeof VaultEntry>;
const Content = z.object({ version: z.literal(1), entries: z.array(VaultEntry) });

export interface Vault {
  read(documentId: string): Promise<VaultEntry[]>;
  write(documentId: string, entries: VaultEntry[]): Promise<void>;
  erase(documentId: string): Promise<void>;
  /** Seals with the present key what an earlier one sealed; true when it did. */
  reseal(documentId: string): Promise<boolean>;
}

const header = Buffer.from("SLV1");

/**
 * One file a document: header, 12 bytes nonce, 16 bytes tag, AES-256-GCM over JSON; the document's id is authenticated with
 * it. `previous` keys open what they sealed; every write seals with `key`.
 */
export function openVault(directory: string, key: Buffer, previous: readonly Buffer[] = []): Vault {
  const fileOf = (documentId: string): string => join(directory, `${createHash("sha256").update(documentId).digest("hex")}.vault`);

  async function opened(documentId: string): Promise<{ entries: VaultEntry[]; key: Buffer } | null> {
    let bytes: Buffer;
    try {
      bytes = await readFile(fileOf(documentId));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw new SluiceError("store", `the vault of document ${documentId} can not be read; check the folder's permissions`, { cause: error });
    }
    for (const each of [key, ...previous]) {
      try {
        return { entries: Content.parse(JSON.parse(open(bytes, each, documentId))).entries, key: each };
      } catch {
        // Sealed with another of the keys, or damaged: said below, when none opens it.
      }
    }
    throw new SluiceError("store", `the vault of document ${documentId} is damaged or was written with another key; restore the key (vault.previous), or reprocess the document`);
  }

  async function write(documentId: string, entries: VaultEntry[]): Promise<void> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const file = fileOf(documentId);
    const temporary = `${file}.${randomBytes(6).toString("hex")}`;
    await writeFile(temporary, seal(JSON.stringify({ version: 1, entries }), key, documentId), { mode: 0o600, flush: true });
    await chmod(temporary, 0o600);
    await rename(temporary, file);
  }

  return {
    read: async (documentId) => (await opened(documentId))?.entries ?? [],
    write,
    async reseal(documentId) {
      const content = await opened(documentId);
      if (!content || content.key === key) return false;
      await write(documentId, content.entries);
      return true;
    },
    async erase(documentId) {
      const file = fileOf(documentId);
      const size = await stat(file).then((each) => each.size, () => null);
      if (size === null) return;
      await writeFile(file, randomBytes(size), { flush: true });
      await rm(file, { force: true });
    },
  };
}

function seal(text: string, key: Buffer, documentId: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(Buffer.from(documentId));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([header, nonce, cipher.getAuthTag(), sealed]);
}

function open(bytes: Buffer, key: Buffer, documentId: string): string {
  if (!bytes.subarray(0, 4).equals(header)) throw new Error("not a vault");
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(4, 16), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(documentId));
  decipher.setAuthTag(bytes.subarray(16, 32));
  return Buffer.concat([decipher.update(bytes.subarray(32)), decipher.final()]).toString("utf8");
}
