import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { Class } from "../../data/classification.ts";
import type { Estimate } from "../../data/estimate.ts";
import type { Principal } from "../../data/principal.ts";
import { publicError, SluiceError, type ErrorCode } from "../../errors.ts";
import { DetailedError } from "../problem.ts";
import { receiveUpload, type UploadedFile } from "../receive-upload.ts";
import { principalWith, type Edge, type Env } from "../request-context.ts";
import { answers, CollectionName, EstimateView, UploadView, type UploadedFileView } from "../schemas.ts";
import type { UploadOptions } from "../../data/upload.ts";
import type { HttpServices } from "../services.ts";

const Fields = z.strictObject({
  collection: CollectionName.default("default"),
  class: Class.nullable().default(null),
  key: z
    .string()
    .min(1)
    .max(1024)
    .regex(/^\P{Cc}+$/u, "a key has no control characters")
    .nullable()
    .default(null),
});

const IdempotencyKey = z.string().regex(/^[\x21-\x7e]{1,200}$/, "Idempotency-Key: 1 to 200 visible ASCII characters").describe("The same key with the same upload gives the same job, for 24 hours");

const form = {
  type: "object" as const,
  required: ["file"],
  properties: {
    file: { type: "array" as const, items: { type: "string" as const, format: "binary" } },
    collection: { type: "string" as const, default: "default" },
    class: { type: "string" as const, enum: Class.options, description: "A floor: the document's class never falls below it" },
    key: { type: "string" as const, description: "Makes the upload a new version of the document with this key; goes with exactly one file" },
  },
};

export function uploadRoute(app: OpenAPIHono<Env>, { services, options }: Edge): void {
  const route = createRoute({
    method: "post",
    path: "/v1/documents",
    tags: ["documents"],
    summary: "Upload one or many files; answered when bytes and jobs are durable",
    request: { query: z.object({ estimate: z.enum(["true", "false"]).default("false").describe("true: what it would come to, nothing is kept") }), headers: z.object({ "idempotency-key": IdempotencyKey.optional() }), body: { required: true, content: { "multipart/form-data": { schema: form } } } },
    responses: { ...answers(202, UploadView, "One line a file; `error` where a file was not accepted"), ...answers(200, EstimateView, "With `estimate=true`: what the files would come to") },
  });
  app.openapi(route, async (c) => {
    const principal = principalWith(c, "writer");
    const idempotencyKey = c.req.valid("header")["idempotency-key"] ?? null;
    const upload = await receiveUpload(c.req.raw, options, services.temporary);
    try {
      // The body is whole, but nobody waits for the answer any more: nothing is accepted.
      c.req.raw.signal.throwIfAborted();
      const fields = readFields(upload.fields, upload.files.length);
      if (c.req.valid("query").estimate === "true") return c.json(EstimateView.parse(await estimate(services, principal, upload.files, { ...fields, signal: c.req.raw.signal })), 200);
      return c.json({ jobs: await accept(services, principal, upload.files, { ...fields, idempotencyKey }) }, 202);
    } finally {
      await upload.discard();
    }
  });
}

function readFields(given: Map<string, string>, files: number): Omit<UploadOptions, "idempotencyKey"> {
  if (given.has("file")) throw new SluiceError("invalid_input", "a part named `file` needs a filename");
  const fields = Fields.safeParse(Object.fromEntries(given));
  if (!fields.success) {
    throw new DetailedError("invalid_input", "the form fields are wrong", fields.error.issues.map(({ path, message }) => ({ path: path.join("."), message })));
  }
  if (files === 0) throw new SluiceError("invalid_input", "the form has no file; send at least one part named `file`");
  if (fields.data.key !== null && files !== 1) throw new SluiceError("invalid_input", "`key` goes with exactly one file");
  return fields.data;
}

/** Files that came too large, or were cut, are named among those that would fail. */
async function estimate(services: HttpServices, principal: Principal, files: UploadedFile[], options: { collection: string; class: Class | null; key: string | null; signal: AbortSignal }): Promise<Estimate> {
  const whole = files.flatMap((file, index) => (file.error ? [] : [{ file, index }]));
  const read = await services.documents.estimate(principal, whole.map(({ file: { path, name, sha256 } }) => ({ path, name, sha256, key: options.key ?? sha256 })), options);
  const cut = files.flatMap(({ error }, index) => (error ? [{ file: index, ...error }] : []));
  return { ...read, unreadable: [...cut, ...read.unreadable.map((each) => ({ ...each, file: whole[each.file]!.index }))].toSorted((a, b) => a.file - b.file) };
}

async function accept(services: HttpServices, principal: Principal, files: UploadedFile[], options: UploadOptions): Promise<UploadedFileView[]> {
  const lines: UploadedFileView[] = [];
  const failures: { code: ErrorCode; message: string; retryAfter?: number }[] = [];
  for (const [index, { error, ...file }] of files.entries()) {
    const idempotencyKey = options.idempotencyKey && (files.length === 1 ? options.idempotencyKey : `${options.idempotencyKey}#${index}`);
    try {
      if (error) throw new SluiceError(error.code, error.message);
      const accepted = await services.documents.upload(principal, file, { ...options, idempotencyKey });
      lines.push({ id: accepted.jobId, documentId: accepted.documentId, name: file.name, status: accepted.status, duplicate: accepted.duplicate });
    } catch (failure) {
      const shown = publicError(failure);
      failures.push({ ...shown, ...(failure instanceof SluiceError && { retryAfter: failure.retryAfter }) });
      lines.push({ id: null, documentId: null, name: file.name, status: "failed", duplicate: false, error: shown });
    }
  }
  if (failures.length === lines.length) throw refusal(failures);
  return lines;
}

/** No file was accepted: the first mistake gives the status, every one is named. */
function refusal(failures: { code: ErrorCode; message: string; retryAfter?: number }[]): DetailedError {
  const [first] = failures;
  const detail = failures.length === 1 ? first!.message : `none of the ${failures.length} files was accepted; the first: ${first!.message}`;
  return new DetailedError(first!.code, detail, failures.map(({ message }, index) => ({ path: `file[${index}]`, message })), first!.retryAfter);
}
