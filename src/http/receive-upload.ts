import { createHash } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as WebStream } from "node:stream/web";
import busboy, { type Busboy } from "busboy";
import { publicError, SluiceError, type ErrorCode } from "../errors.ts";
import type { HttpOptions } from "./options.ts";
import type { ReceivedFile } from "../data/upload.ts";

/** A file that came whole, or why it may not be accepted. Its bytes, if any, lie at `path` until somebody takes them. */
export type UploadedFile = ReceivedFile & { error: { code: ErrorCode; message: string } | null };

export interface ReceivedUpload {
  files: UploadedFile[];
  fields: Map<string, string>;
  /** Removes what nobody took over. */
  discard(): Promise<void>;
}

type Bounds = Pick<HttpOptions, "bodyBytes" | "fileBytes" | "files">;

/**
 * Reads a multipart body to its end, each file to a path of `temporary()` while it is hashed; one chunk is in memory at a
 * time. A body that breaks off, or breaks a bound of the whole, throws and leaves nothing behind.
 */
export async function receiveUpload(request: Request, bounds: Bounds, temporary: () => Promise<string>): Promise<ReceivedUpload> {
  const paths: string[] = [];
  const discard = async () => {
    await Promise.all(paths.map((path) => rm(path, { force: true })));
  };
  try {
    const { files, fields } = await readParts(request, bounds, async () => {
      const path = await temporary();
      paths.push(path);
      return path;
    });
    return { files, fields, discard };
  } catch (error) {
    await discard();
    throw error instanceof SluiceError ? error : plainUploadError(error);
  }
}

async function readParts(request: Request, bounds: Bounds, temporary: () => Promise<string>): Promise<{ files: UploadedFile[]; fields: Map<string, string> }> {
  const parser = makeParser(request, bounds);
  const fields = new Map<string, string>();
  const written: Promise<UploadedFile>[] = [];
  let refused: SluiceError | null = null;
  const end = (error: SluiceError) => parser.destroy((refused ??= error));

  parser.on("field", (name, value, info) => {
    if (info.nameTruncated || info.valueTruncated) end(new SluiceError("too_large", "a form field is longer than 4,096 characters"));
    else fields.set(name, value);
  });
  parser.on("file", (part, stream, info) => {
    // A body that breaks destroys the part before its reader stands; unheard, that would end the process.
    stream.on("error", () => {});
    if (part !== "file") {
      stream.resume();
      end(new SluiceError("invalid_input", "files go in form parts named `file`"));
      return;
    }
    const file = writeFile(stream, info.filename, bounds.fileBytes, temporary);
    // Looked at after the body has ended: until then a failure must not count as unhandled.
    file.catch((error: unknown) => parser.destroy(error instanceof Error ? error : new Error(String(error))));
    written.push(file);
  });
  parser.on("filesLimit", () => end(new SluiceError("too_large", `one request carries at most ${bounds.files} files`)));
  parser.on("fieldsLimit", () => end(new SluiceError("too_large", "too many form fields")));
  parser.on("partsLimit", () => end(new SluiceError("too_large", "too many form parts")));

  try {
    await pipeline(Readable.fromWeb(request.body as WebStream), bounded(bounds.bodyBytes), parser);
    return { files: await Promise.all(written), fields };
  } catch (error) {
    await Promise.allSettled(written);
    throw refused ?? error;
  }
}

function makeParser(request: Request, bounds: Bounds): Busboy {
  if (!/^multipart\/form-data\b/i.test(request.headers.get("content-type") ?? "")) throw new SluiceError("unsupported_type", "send files as multipart/form-data with parts named `file`");
  const announced = Number(request.headers.get("content-length") ?? 0);
  if (announced > bounds.bodyBytes) throw tooLarge(bounds.bodyBytes);
  if (request.body === null) throw new SluiceError("invalid_input", "the body is empty; send at least one part named `file`");
  try {
    return busboy({
      headers: Object.fromEntries(request.headers),
      defParamCharset: "utf8",
      limits: { fieldNameSize: 100, fieldSize: 4096, fields: 20, files: bounds.files, fileSize: bounds.fileBytes + 1, headerPairs: 50 },
    });
  } catch (error) {
    throw new SluiceError("invalid_input", "the multipart Content-Type names no boundary", { cause: error });
  }
}

const tooLarge = (bytes: number) => new SluiceError("too_large", `the body is larger than ${bytes} bytes; send fewer or smaller files at once`);

function bounded(limit: number): (source: AsyncIterable<Uint8Array>) => AsyncGenerator<Uint8Array> {
  return async function* (source) {
    let bytes = 0;
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > limit) throw tooLarge(limit);
      yield chunk;
    }
  };
}

async function writeFile(stream: Readable, given: string | undefined, limit: number, temporary: () => Promise<string>): Promise<UploadedFile> {
  const { name, error: badName } = checkName(given);
  if (badName !== null) {
    for await (const _ of stream);
    return { path: "", name, bytes: 0, sha256: "", error: badName };
  }
  const path = await temporary();
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    await using handle = await open(path, "w", 0o600);
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      hash.update(chunk);
      if (bytes <= limit) await handle.writeFile(chunk);
    }
    await handle.sync();
  } catch (error) {
    throw isDiskError(error) ? new SluiceError("store", "the upload could not be written; is the disk full?", { retryable: true, cause: error }) : error;
  }
  return { path, name, bytes, sha256: hash.digest("hex"), error: checkSize(bytes, limit) };
}

function checkSize(bytes: number, limit: number): UploadedFile["error"] {
  if (bytes === 0) return publicError(new SluiceError("invalid_input", "the file is empty"));
  if (bytes > limit) return publicError(new SluiceError("too_large", `the file is larger than ${limit} bytes`));
  return null;
}

const longestName = 255;
const refuse = (message: string, shown: string) => ({ name: shown, error: { code: "invalid_input" as const, message } });

/** The name without any path before it; what is wrong with it otherwise. */
function checkName(given: string | undefined): { name: string; error: UploadedFile["error"] } {
  const name = (given ?? "").replace(/^.*[/\\]/su, "").trim();
  if (name === "" || name === "." || name === "..") return refuse("the file has no name", "");
  if (/\p{Cc}/u.test(name)) return refuse("the file's name holds a control character (NUL, line break)", name.replace(/\p{Cc}/gu, "\ufffd").slice(0, longestName));
  if (name.length > longestName) return refuse(`the file's name is longer than ${longestName} characters`, name.slice(0, longestName).toWellFormed());
  return { name, error: null };
}

const diskErrors = new Set(["ENOSPC", "EDQUOT", "EIO", "EROFS", "EACCES", "ENOENT", "EMFILE", "ENFILE"]);
const isDiskError = (error: unknown): boolean => error instanceof Error && "code" in error && diskErrors.has(String(error.code));

/** What is left are breaks of the body itself: busboy's messages quote nothing of it. */
function plainUploadError(error: unknown): SluiceError {
  return new SluiceError("invalid_input", "the multipart body is broken or ended early; nothing was accepted, send it again", { cause: error });
}
