import { z } from "zod";
import { Account, WorkDocument } from "../src/steps/work.ts";

/** Ids, counts, classes, decisions and warnings: never bytes, text, vectors, names or quotes. */
export const IngestState = z.object({
  jobId: z.string(),
  tenant: z.string(),
  collection: z.string(),
  generation: z.number().int(),
  /** The job's document first, then what is attached to it. */
  documents: z.array(WorkDocument),
  /** What each node has spent and warned of; a node that runs again replaces its own. */
  accounts: z.record(z.string(), Account),
  /** 1 once the pictures have been described. */
  round: z.number().int(),
  news: z.boolean(),
  /** The last node has run. */
  stored: z.boolean(),
});
export type IngestState = z.infer<typeof IngestState>;
