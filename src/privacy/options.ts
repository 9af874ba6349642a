import { z } from "zod";
import { Class } from "../data/classification.ts";

const PolicyName = z.enum(["strict", "balanced"]);
/** Words of the tenant; whole words, any case. */
const Words = z.array(z.string().trim().min(2).max(200)).max(5000);

/** What a tenant (`acme/*`) or one collection (`reports`, `acme/reports`) sets otherwise; lists are added to the general ones. */
export const CollectionPolicy = z.strictObject({
  policy: PolicyName.optional(),
  scope: z.enum(["document", "passage"]).optional(),
  clean: Class.optional(),
  floor: Class.optional(),
  terms: Words.optional(),
  allow: Words.optional(),
});

export const PolicyOptions = z.strictObject({
  /** Which of the two tables of `config/privacy.yaml` holds. */
  policy: PolicyName.default("strict"),
  /** Whether every passage of a document has the document's class, or its own. */
  scope: z.enum(["document", "passage"]).default("document"),
  /** Class of a text that every detector finished and in which nothing was found. */
  clean: Class.default("public"),
  /** No text has a lower class than this. */
  floor: Class.default("public"),
  /** Code names, clients, projects: confidential wherever they stand. */
  terms: Words.default([]),
  /** Values that are no finding: the company's own published address or number. */
  allow: Words.default([]),
  collections: z.record(z.string(), CollectionPolicy).default({}),
});
export type PolicyOptions = z.infer<typeof PolicyOptions>;

export const PrivacyOptions = z.strictObject({
  ...PolicyOptions.shape,
  /** Threads that read texts, and what each may use: ms for a text of up to a million characters (longer in proportion), MB of heap. */
  threads: z.number().int().min(1).max(64).default(2),
  deadline: z.number().int().min(50).default(30_000),
  memory: z.number().int().min(128).default(768),
});
export type PrivacyOptions = z.infer<typeof PrivacyOptions>;
