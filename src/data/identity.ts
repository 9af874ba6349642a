import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";

/** Who owns data and in which named set it lies; every id, row and query carries both. */
export const Scope = z.object({ tenant: z.string().min(1), collection: z.string().min(1) });
export type Scope = z.infer<typeof Scope>;

/**
 * UUIDv8 (RFC 9562) of the first 128 bits of SHA-256 over a tagged, length-prefixed list.
 * The length prefix keeps ("ab", "c") and ("a", "bc") apart; the tag keeps kinds of ids apart.
 */
export function hashId(tag: string, ...parts: string[]): string {
  const hash = createHash("sha256");
  for (const part of [tag, ...parts]) {
    const bytes = Buffer.from(part, "utf8");
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  }
  return uuid(hash.digest().subarray(0, 16), 8);
}

/** Random UUIDv7 (RFC 9562): jobs, requests, leases; sorts by time of making. */
export function randomId(now: number = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  return uuid(bytes, 7);
}

function uuid(bytes: Buffer, version: 7 | 8): string {
  bytes[6] = (bytes[6]! & 0x0f) | (version << 4);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

export const sha256 = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");

export const documentId = (scope: Scope, key: string): string => hashId("document", scope.tenant, scope.collection, key);

/** Between the key of a document and the path of what lies in it; rows from before have a NUL, which not every database stores. */
const inside = "\u001f";

export const keyInside = (key: string, path: string): string => `${key}${inside}${path}`;
/** As a reader sees it: a path. */
export const shownKey = (key: string): string => key.replaceAll(/[\u0000\u001f]/g, "/");
/** Of what lies in a document, without the document's own key. */
export const pathInside = (key: string): string => key.slice(Math.max(key.lastIndexOf("\u0000"), key.lastIndexOf(inside)) + 1);
/** Of what lies in a document; the key's separators are hashed as the NULs they once were. */
export const insideId = (scope: Scope, key: string): string => documentId(scope, key.replaceAll(inside, "\u0000"));

/** `occurrence`: how many equal texts came before this one in the document. */
export const chunkId = (document: string, text: string, occurrence: number): string =>
  hashId("chunk", document, text, String(occurrence));

/** `name` is normalised (`normaliseName`); `qualifier` is empty unless a homonym had to be kept apart. */
export const entityId = (scope: Scope, type: string, name: string, qualifier = ""): string =>
  hashId("entity", scope.tenant, scope.collection, type, name, qualifier);

export const mentionId = (entity: string, chunk: string, start: number, end: number, surface: string): string =>
  hashId("mention", entity, chunk, String(start), String(end), surface);

export const statementId = (scope: Scope, source: string, type: string, target: string, chunk: string): string =>
  hashId("statement", scope.tenant, scope.collection, source, type, target, chunk);

/** The one normal form of a name: NFKC, lower case, punctuation to blanks, blanks folded. */
export function normaliseName(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\u2018\u2019']s\b/gu, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}
