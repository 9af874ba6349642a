import { z } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { isAbort, publicError, SluiceError, type ErrorCode } from "../errors.ts";

/** The one table of code → status and title (RFC 9457). */
const table: Record<ErrorCode, [status: number, title: string]> = {
  invalid_input: [400, "Invalid input"],
  unauthorized: [401, "Unauthorized"],
  forbidden: [403, "Forbidden"],
  privacy_blocked: [403, "Blocked by the privacy gate"],
  not_found: [404, "Not found"],
  conflict: [409, "Conflict"],
  too_large: [413, "Too large"],
  unsupported_type: [415, "Unsupported type"],
  unreadable: [422, "Unreadable"],
  overloaded: [429, "Overloaded"],
  cancelled: [499, "Cancelled"],
  internal: [500, "Internal error"],
  config: [500, "Configuration error"],
  model_failed: [502, "Model failed"],
  model_unavailable: [503, "Model unavailable"],
  store: [503, "Store unavailable"],
  timeout: [504, "Timeout"],
};

export const statusOf = (code: ErrorCode): number => table[code][0];

export const ProblemError = z.object({ path: z.string(), message: z.string() });
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    requestId: z.string(),
    errors: z.array(ProblemError).optional(),
  })
  .openapi("Problem");
export type Problem = z.infer<typeof Problem>;

/** An error with one line for each field or file that is wrong. */
export class DetailedError extends SluiceError {
  readonly errors: z.infer<typeof ProblemError>[];

  constructor(code: ErrorCode, message: string, errors: z.infer<typeof ProblemError>[], retryAfter?: number) {
    super(code, message, { retryAfter });
    this.errors = errors;
  }
}

/** Statuses the framework itself answers with, as codes of the closed list. */
const codeOfStatus = new Map<number, ErrorCode>([[401, "unauthorized"], [403, "forbidden"], [404, "not_found"], [413, "too_large"], [415, "unsupported_type"]]);

/** Any error as the response its caller may see; a foreign error's own words stay inside. */
export function problemResponse(error: unknown, requestId: string, instance: { status?: number; headers?: Record<string, string> } = {}): Response {
  const known = toSluiceError(error);
  const { code, message } = publicError(known);
  const [usual, title] = table[code];
  const status = (instance.status ?? usual) as ContentfulStatusCode;
  const body: Problem = {
    type: `urn:sluice:problem:${code}`,
    title,
    status,
    detail: message,
    code,
    requestId,
    ...(known instanceof DetailedError && { errors: known.errors }),
  };
  const headers = new Headers({ "Content-Type": "application/problem+json", "X-Request-Id": requestId, ...instance.headers });
  if (status === 401) headers.set("WWW-Authenticate", 'Bearer realm="sluice"');
  if (status === 429) headers.set("Retry-After", String(Math.max(1, Math.ceil((known instanceof SluiceError ? known.retryAfter : undefined) ?? 5))));
  return new Response(JSON.stringify(body), { status, headers });
}

function toSluiceError(error: unknown): unknown {
  if (error instanceof HTTPException) {
    const code = codeOfStatus.get(error.status) ?? (error.status < 500 ? "invalid_input" : "internal");
    return new SluiceError(code, frameworkWords.get(error.status) ?? "the request is not well formed; see /docs", { cause: error });
  }
  if (isAbort(error)) return new SluiceError("cancelled", "the request was ended before its answer was ready", { cause: error });
  return error;
}

const frameworkWords = new Map<number, string>([
  [400, "the body is not valid JSON"],
  [415, "the body's Content-Type is not one this route reads; see /docs"],
]);
