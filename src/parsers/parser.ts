import type { ParsedDocument } from "../data/block.ts";

/** One format: how it is recognised and who reads it. The table of formats is data (`formats.ts`). */
export interface Format {
  id: string;
  name: string;
  mediaType: string;
  extensions: string[];
  /** Module in this folder that exports `parse: ParseFunction`. */
  parser: string;
  /** A folder of other files: each of them is a document, and worked in a job of its own. */
  archive?: true;
}

export interface ParseLimits {
  pages: number;
  /** Characters of text. */
  characters: number;
  /** Pixels of one picture. */
  pixels: number;
  /** Unpacked bytes, ratio and entries of anything zipped. */
  unpackedBytes: number;
  ratio: number;
  entries: number;
}

export interface ParseRequest {
  /** Local path of the bytes; the only file the child process may read. */
  input: string;
  /** Folder for `parsed.json`, pictures and children; the only one it may write. */
  output: string;
  format: Format;
  limits: ParseLimits;
  /** Read every picture with local OCR: where a cloud backend is enabled, and where no vision model will. */
  ocrPictures: boolean;
  /** Tesseract languages, e.g. `["eng", "deu"]`. */
  ocrLanguages: string[];
}

export type ParseFunction = (request: ParseRequest) => Promise<ParsedDocument>;

/** Runs in the parent; the parse itself in a child process with limits. Throws `unreadable`, `too_large`, `timeout`, `unsupported_type`. */
export interface Parsers {
  formats: Format[];
  /** What holds where a request says nothing else. */
  limits: ParseLimits;
  /** By content first, extension second; `mismatch` when the two disagree. Throws `unsupported_type` with the list. */
  detect(path: string, name: string): Promise<{ format: Format; mismatch: boolean }>;
  parse(request: Omit<ParseRequest, "limits"> & { limits?: Partial<ParseLimits> }, signal: AbortSignal): Promise<ParsedDocument>;
  /** A page of a PDF or picture as PNG at about 110 dpi. */
  renderPage(input: string, format: Format, page: number, signal: AbortSignal): Promise<Buffer>;
  close(): Promise<void>;
}
