import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { Location, Tier } from "../../data/decision.ts";
import { principalWith, type Edge, type Env } from "../request-context.ts";
import { answers } from "../schemas.ts";

const tags = ["models"];
const ModelView = z
  .object({
    backend: z.string(), location: Location, name: z.string(),
    size: z.number().describe("bytes on disk; 0 is unknown"),
    parameters: z.string().nullable(), family: z.string().nullable(), context: z.number().nullable(), capabilities: z.array(z.string()),
    resident: z.boolean(), forwards: z.boolean().describe("the server sends its calls elsewhere; a local one is not used"), tiers: z.array(Tier), lastUsedAt: z.string().nullable(),
  })
  .openapi("Model");
const BackendView = z
  .object({
    backend: z.string(), location: z.string(), url: z.string(), state: z.enum(["up", "down", "disabled", "quarantined"]), degraded: z.boolean(), models: z.partialRecord(Tier, z.string()), detail: z.string(), hint: z.string().nullable(),
    load: z
      .object({
        slots: z.number().int(), inFlight: z.number().int(), queued: z.number().int(),
        breakers: z.array(z.object({ model: z.string().nullable(), state: z.enum(["open", "half_open", "held"]), until: z.string().nullable() })),
      })
      .optional(),
  })
  .openapi("Backend");
const Backends = z.object({ items: z.array(BackendView) });
const Reset = z.strictObject({ backend: z.string().min(1).max(200).optional() }).openapi("BreakerReset");

/** What answers: for operators. */
export function modelRoutes(app: OpenAPIHono<Env>, { services: { models } }: Edge): void {
  const list = createRoute({ method: "get", path: "/v1/models", tags, summary: "Every model of every backend", responses: answers(200, z.object({ items: z.array(ModelView) }), "As seen at the last look") });
  app.openapi(list, (c) => {
    principalWith(c, "operator");
    return c.json({ items: models.list() }, 200);
  });

  const status = createRoute({ method: "get", path: "/v1/models/status", tags, summary: "Every backend: state, load, breakers, and what to do", responses: answers(200, Backends, "Now") });
  app.openapi(status, (c) => {
    principalWith(c, "operator");
    return c.json({ items: models.status() }, 200);
  });

  const reload = createRoute({ method: "post", path: "/v1/models/reload", tags, summary: "Read the configuration again and ask every backend what it has", responses: answers(200, Backends, "What holds now") });
  app.openapi(reload, async (c) => {
    principalWith(c, "operator");
    return c.json({ items: await models.reload() }, 200);
  });

  const body = { content: { "application/json": { schema: Reset } }, required: false as const };
  const reset = createRoute({ method: "post", path: "/v1/models/breakers/reset", tags, summary: "Close the breakers of a backend, or all, of this process", request: { body }, responses: answers(200, Backends, "What holds now") });
  app.openapi(reset, async (c) => {
    principalWith(c, "operator");
    return c.json({ items: await models.resetBreakers(c.req.valid("json").backend ?? null) }, 200);
  });
}
