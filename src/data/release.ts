import { z } from "zod";
import { Class } from "./classification.ts";

/** What a reviewer asks for: the document at a lower class, or that findings of one kind are none; and why. */
const reason = z.string().trim().min(1).max(1000);
export const ReleaseRequest = z.union([z.strictObject({ class: Class, reason }), z.strictObject({ signal: z.string().trim().min(1).max(64), reason })]);
export type ReleaseRequest = z.infer<typeof ReleaseRequest>;

/** One place where the gate found something; `text` is the value itself, for callers who may see the document. */
export const Finding = z.object({
  documentId: z.string(),
  kind: z.string(),
  class: Class,
  score: z.number(),
  detector: z.string(),
  /** Where it stood: `body`, `header`, `comment`, `name`, `metadata title`, … */
  place: z.string(),
  page: z.number().int().nullable(),
  text: z.string(),
});
export type Finding = z.infer<typeof Finding>;

/** A cloud call that a release let leave. */
export const ReleasedCall = z.object({ attemptId: z.string(), at: z.string(), backend: z.string().nullable(), model: z.string().nullable(), taskType: z.string(), outcome: z.string().nullable() });
export type ReleasedCall = z.infer<typeof ReleasedCall>;
