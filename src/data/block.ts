import { z } from "zod";

/** A rectangle on a page, PDF points, origin at the top left. */
export const Box = z.object({ page: z.number().int(), x: z.number(), y: z.number(), width: z.number(), height: z.number() });
export type Box = z.infer<typeof Box>;

export const BlockKind = z.enum(["heading", "paragraph", "list", "table", "code", "picture"]);

/**
 * One piece of a parsed document in reading order. `text` is what is chunked and shown: a list has one item a line, a
 * table is Markdown (header row first), a picture has its alt text or OCR text. `page` counts from 1.
 */
export const Block = z.object({
  kind: BlockKind,
  text: z.string(),
  level: z.number().int().optional(),
  page: z.number().int().positive(),
  boxes: z.array(Box),
  /** Table cells, header first; privacy reads the header as context for the column. */
  rows: z.array(z.array(z.string())).optional(),
  /** Kind `picture`: index into `ParsedDocument.pictures`. */
  picture: z.number().int().optional(),
  /** `header`, `footer`, `comment`, `hidden`, `trackedChange`, `altText`: where it stood, when not in the body. */
  role: z.string().optional(),
});
export type Block = z.infer<typeof Block>;

/** A picture inside a document; its PNG bytes lie beside the parse result as `file`. Sizes in pixels. */
export const ParsedPicture = z.object({
  file: z.string(),
  sha256: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  page: z.number().int().positive(),
  box: Box.nullable(),
  altText: z.string(),
  /** What local OCR read in it, when it ran. `confidence` 0..100. */
  ocr: z.object({ text: z.string(), confidence: z.number() }).nullable(),
  /** Why it is not worth a call (`small`, `aspect`, `colours`, `repeat`), or null. */
  skipped: z.string().nullable(),
});
export type ParsedPicture = z.infer<typeof ParsedPicture>;

/** An attachment or an embedded document: it becomes a child document. */
export const ParsedChild = z.object({ file: z.string(), path: z.string(), mediaType: z.string().nullable() });
export type ParsedChild = z.infer<typeof ParsedChild>;

export const ParsedDocument = z.object({
  version: z.literal(1),
  mediaType: z.string(),
  pages: z.number().int().nonnegative(),
  /** Width and height of each page in PDF points, when the format has pages. */
  pageSizes: z.array(z.object({ width: z.number(), height: z.number() })),
  blocks: z.array(Block),
  /** Title, author, subject, keywords, e-mail headers, sheet names, labels: each is read by the privacy gate too. */
  metadata: z.record(z.string(), z.string()),
  pictures: z.array(ParsedPicture),
  children: z.array(ParsedChild),
  /** The document's own date (ISO 8601), when it says one. */
  date: z.string().nullable(),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
});
export type ParsedDocument = z.infer<typeof ParsedDocument>;
