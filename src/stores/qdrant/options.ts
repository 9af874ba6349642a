import { z } from "zod";

/** Qdrant 1.16 or later. */
export const QdrantOptions = z.strictObject({
  driver: z.literal("qdrant"),
  url: z.url({ protocol: /^https?$/ }),
  /** Empty: the server asks for none. */
  apiKey: z.string().default(""),
  /** First part of every collection's and alias's name, so that several installations can share a server. */
  collection: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,60}$/, "small letters, digits, - and _").default("sluice"),
  /** How dense vectors are kept in memory for the first look; the full ones are compared after it. */
  quantization: z.enum(["none", "scalar", "binary"]).default("scalar"),
  /** ms until a request is given up. */
  timeoutMs: z.number().int().min(100).default(30_000),
});
export type QdrantOptions = z.infer<typeof QdrantOptions>;
