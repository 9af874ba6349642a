import { z } from "zod";

/**
 * A template with ids, counts and offsets, never the document's own words: warnings rest in checkpoints, logs and jobs.
 */
export const Warning = z.object({ code: z.string(), message: z.string(), chunkId: z.string().optional() });
export type Warning = z.infer<typeof Warning>;
