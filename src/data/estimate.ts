import { z } from "zod";
import { Class } from "./classification.ts";

/** From what is likely at least to what is likely at most. */
export const Span = z.object({ low: z.number(), high: z.number() });
export type Span = z.infer<typeof Span>;

/** The calls of one stage that go one way. `built-in`: no model of the tier has answered yet, so none is asked. */
export const EstimatedStage = z.object({
  stage: z.string(),
  location: z.enum(["local", "cloud", "built-in", "nowhere"]),
  /** Cloud: leaves under other names, where those come out clean; else it stays local. */
  anonymised: z.boolean(),
  backend: z.string().nullable(),
  model: z.string().nullable(),
  reason: z.string(),
  calls: Span,
  promptTokens: Span,
  outputTokens: Span,
  usd: Span,
  ms: Span,
});
export type EstimatedStage = z.infer<typeof EstimatedStage>;

/** What an ingestion would come to under the active configuration, told without asking a model anything. */
export const Estimate = z.object({
  documents: z.number().int(),
  /** Files whose documents have these bytes already: an ingestion passes them over, and nothing below counts them. */
  unchanged: z.number().int().default(0),
  /** By their place among the files, from 0: they would fail. */
  unreadable: z.array(z.object({ file: z.number().int(), code: z.string(), message: z.string() })),
  pages: z.number().int(),
  pictures: z.number().int(),
  chunks: z.number().int(),
  /** Of the passages' own text. */
  tokens: z.number().int(),
  stages: z.array(EstimatedStage),
  calls: Span,
  promptTokens: Span,
  outputTokens: Span,
  usd: Span,
  ms: Span,
  /** Most likely calls, by the class of the text they are about. */
  classes: z.array(z.object({ class: Class, documents: z.number().int(), chunks: z.number().int(), local: z.number().int(), cloud: z.number().int(), anonymised: z.number().int(), builtIn: z.number().int() })),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })),
});
export type Estimate = z.infer<typeof Estimate>;

/** A file to be looked at; with key and SHA-256 it is known whether its document has changed. */
export interface EstimatedFile {
  path: string;
  name: string;
  key?: string;
  sha256?: string;
}
