import { z } from "zod";
import type { ParseLimits } from "../parsers/parser.ts";

export const ParseOptions = z.strictObject({
  /** Tesseract languages; their data is part of the installation. */
  ocrLanguages: z.array(z.string()).default(["eng", "deu"]),
  /** Attachments inside attachments, and archives inside archives, at most. */
  depth: z.number().int().min(0).max(10).default(3),
  /** Bounds of one document; the parsers' own where absent. Those of what is packed: bytes it unpacks to, how many times its size that is, and entries. */
  limits: z
    .strictObject({
      pages: z.number().int().positive().optional(),
      characters: z.number().int().positive().optional(),
      pixels: z.number().int().positive().optional(),
      unpackedBytes: z.number().int().positive().optional(),
      ratio: z.number().positive().optional(),
      entries: z.number().int().positive().optional(),
    })
    .prefault({}),
});
export type ParseOptions = z.infer<typeof ParseOptions>;

/** What holds beside the parsers' own bounds. */
export const defined = (limits: ParseOptions["limits"]): Partial<ParseLimits> => Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
