import { z } from "zod";

/** Any service that speaks S3 with conditional path-style requests. Keys are given, never looked for on the machine. */
export const S3FileStoreOptions = z.strictObject({
  driver: z.literal("s3"),
  /** Empty: the address of `region` at Amazon. */
  endpoint: z.union([z.url(), z.literal("")]).default(""),
  region: z.string().min(1).default("us-east-1"),
  bucket: z.string().min(1),
  /** Put before every key, so that several installations can share a bucket. */
  prefix: z.string().regex(/^([\w.-]+\/)*$/, "ends with / and has letters, digits, dot, dash and underscore").default(""),
  accessKeyId: z.string().min(1),
  secretAccessKey: z.string().min(1),
  forcePathStyle: z.boolean().default(true),
  /** ms for one request without an answer. */
  timeoutMs: z.number().int().min(100).default(30_000),
});
export type S3FileStoreOptions = z.infer<typeof S3FileStoreOptions>;
