import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { principalWith, type Edge, type Env } from "../request-context.ts";
import { answers, CostsView } from "../schemas.ts";

export function costRoutes(app: OpenAPIHono<Env>, { services, options }: Edge): void {
  const query = z.object({ days: z.coerce.number().int().min(1).max(366).default(30).describe("UTC days, today included") });
  const costs = createRoute({ method: "get", path: "/v1/costs", tags: ["costs"], summary: "What model calls came to: by provider, model and task, with latency, success, savings and budgets", request: { query }, responses: answers(200, CostsView, "Of the key's tenant; without keys, of all") });
  app.openapi(costs, async (c) => c.json(CostsView.parse(await services.costs(principalWith(c, "operator"), { ...c.req.valid("query"), ofAll: options.auth === "none" })), 200));
}
