import { z } from "zod";

/** Privacy class of a text, in rising order. Missing or unknown counts as `pii`. */
export const Class = z.enum(["public", "internal", "confidential", "pii"]);
export type Class = z.infer<typeof Class>;

export const allClasses: readonly Class[] = Class.options;

/** The strictest of the given classes; a missing one is unknown and counts as `pii`; none at all is `public`. */
export function strictest(...classes: (Class | undefined | null)[]): Class {
  let highest = 0;
  for (const each of classes) highest = Math.max(highest, each == null ? 3 : rank(each));
  return allClasses[highest]!;
}

export const rank = (value: Class): number => allClasses.indexOf(value);
export const isRestricted = (value: Class | undefined | null): boolean => value !== "public";

/** One place in a text that a detector found; never its value. Offsets are UTF-16 code units. `score` 0..1. */
export const Signal = z.object({
  kind: z.string(),
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  score: z.number(),
  class: Class,
  detector: z.string(),
});
export type Signal = z.infer<typeof Signal>;

/** Why a document has its class: signals of one kind, counted. */
export const Reason = z.object({ kind: z.string(), class: Class, count: z.number().int(), detector: z.string() });
export type Reason = z.infer<typeof Reason>;

/**
 * The verdict on one text. `complete` is false when a detector threw, hung, ran out of memory or does not know the
 * language: then `class` is `pii` and a reason of kind `unknown` says so.
 */
export const Verdict = z.object({
  class: Class,
  signals: z.array(Signal),
  reasons: z.array(Reason),
  complete: z.boolean(),
  language: z.string().nullable(),
});
export type Verdict = z.infer<typeof Verdict>;
