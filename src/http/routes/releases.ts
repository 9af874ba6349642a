import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { answers, FindingView, IdParams, JobView, page, paging, ReleaseBody, ReleaseView, ReleasedCallView } from "../schemas.ts";
import { found, principalWith, type Edge, type Env } from "../request-context.ts";

const tags = ["review"];

export function releaseRoutes(app: OpenAPIHono<Env>, { services: { documents } }: Edge): void {
  const findings = createRoute({ method: "get", path: "/v1/documents/{id}/findings", tags, summary: "Where and why a document is private", request: { params: IdParams, query: z.object(paging) }, responses: answers(200, page(FindingView), "A page of findings") });
  app.openapi(findings, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const all = found(await documents.findings(principalWith(c, "reader"), c.req.valid("param").id), "document");
    const from = cursor === undefined ? 0 : Number.parseInt(cursor, 10) || 0;
    const next = from + limit < all.length ? String(from + limit) : null;
    return c.json({ items: all.slice(from, from + limit).map((each) => FindingView.parse(each)), next }, 200);
  });

  const made = z.object({ release: ReleaseView, job: JobView });
  const release = createRoute({
    method: "post", path: "/v1/documents/{id}/releases", tags, summary: "Let found values of this version pass: all above a class, or those of one kind",
    request: { params: IdParams, body: { content: { "application/json": { schema: ReleaseBody } }, required: true } },
    responses: answers(202, made, "The release, and the job that reads the document again"),
  });
  app.openapi(release, async (c) => {
    const { release: its, job } = found(await documents.release(principalWith(c, "reviewer"), c.req.valid("param").id, c.req.valid("json")), "document");
    return c.json({ release: its, job: JobView.parse(job) }, 202);
  });

  const params = IdParams.extend({ releaseId: z.string().min(1).max(64) });
  const ended = z.object({ job: JobView, calls: z.array(ReleasedCallView) });
  const end = createRoute({ method: "delete", path: "/v1/documents/{id}/releases/{releaseId}", tags, summary: "Take a release back", request: { params }, responses: answers(202, ended, "The job that reads the document again, and the cloud calls that were made under the release") });
  app.openapi(end, async (c) => {
    const { id, releaseId } = c.req.valid("param");
    const { job, calls } = found(await documents.endRelease(principalWith(c, "reviewer"), id, releaseId), "release");
    return c.json({ job: JobView.parse(job), calls }, 202);
  });
}
