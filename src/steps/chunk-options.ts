import { z } from "zod";

/** Tokens, counted by the o200k tokenizer; limits of `extraction.md`. */
export const ChunkOptions = z
  .strictObject({
    target: z.number().int().min(50).default(1000),
    hard: z.number().int().min(100).default(1500),
    /** A section smaller than this is joined with the next while both fit `target`. */
    join: z.number().int().min(0).default(200),
  })
  .refine((each) => each.target <= each.hard, "target must not exceed hard");
export type ChunkOptions = z.infer<typeof ChunkOptions>;
