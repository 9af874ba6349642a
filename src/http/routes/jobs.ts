import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { JobStatus } from "../../data/job.ts";
import { publicError } from "../../errors.ts";
import { eventStream } from "../event-stream.ts";
import { found, principalWith, type Edge, type Env } from "../request-context.ts";
import { answers, IdParams, inCollection, JobView, page, paging } from "../schemas.ts";

const tags = ["jobs"];

export function jobRoutes(app: OpenAPIHono<Env>, { services: { jobs }, options }: Edge): void {
  const filters = z.object({ ...inCollection, ...paging, status: JobStatus.optional(), documentId: z.string().min(1).max(64).optional(), parentId: z.string().min(1).max(64).optional().describe("Jobs of the entries of an archive: its job") });
  const list = createRoute({ method: "get", path: "/v1/jobs", tags, summary: "List jobs", request: { query: filters }, responses: answers(200, page(JobView), "A page of jobs") });
  app.openapi(list, async (c) => {
    const { items, next } = await jobs.list(principalWith(c, "reader"), { ...c.req.valid("query"), cursor: c.req.valid("query").cursor ?? null });
    return c.json({ items: items.map((each) => JobView.parse(each)), next }, 200);
  });

  const get = createRoute({ method: "get", path: "/v1/jobs/{id}", tags, summary: "One job", request: { params: IdParams }, responses: answers(200, JobView, "The job") });
  app.openapi(get, async (c) => c.json(JobView.parse(found(await jobs.get(principalWith(c, "reader"), c.req.valid("param").id), "job")), 200));

  const stream = { 200: { description: "Events progress, decision, warning, waiting, done, failed, cancelled", content: { "text/event-stream": { schema: { type: "string" as const } } } } };
  const headers = z.object({ "last-event-id": z.string().regex(/^\d{1,15}$/, "Last-Event-ID is the number of the last event seen").optional() });
  const events = createRoute({ method: "get", path: "/v1/jobs/{id}/events", tags, summary: "Follow a job; resumes after Last-Event-ID", request: { params: IdParams, headers }, responses: stream });
  app.openapi(events, async (c) => {
    const principal = principalWith(c, "reader");
    const { id } = c.req.valid("param");
    const after = Number(c.req.valid("header")["last-event-id"] ?? 0);
    found(await jobs.get(principal, id), "job");
    return eventStream(c, options.heartbeatMs, async ({ send, signal }) => {
      try {
        for await (const event of (await jobs.events(principal, id, after, signal)) ?? []) {
          // A class that rises above the caller's hides the job, from here on too.
          if (signal.aborted || (await jobs.get(principal, id)) === null) return;
          await send({ id: String(event.id), event: event.type, data: { ...event.data, jobId: event.jobId, at: event.at } });
        }
      } catch (error) {
        if (!signal.aborted) await send({ event: "error", data: publicError(error) });
      }
    });
  });

  for (const [verb, role, summary] of [["cancel", "writer", "Stop a job"], ["retry", "writer", "Queue a failed, cancelled or waiting job again"], ["approve", "operator", "Let a job go on that waits for approval"]] as const) {
    const route = createRoute({ method: "post", path: `/v1/jobs/{id}/${verb}`, tags, summary, request: { params: IdParams }, responses: answers(202, JobView, "The job") });
    app.openapi(route, async (c) => c.json(JobView.parse(found(await jobs[verb](principalWith(c, role), c.req.valid("param").id), "job")), 202));
  }
}
