import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { docsPage, docsStyle, landingPage } from "../docs-page.ts";
import { authenticate } from "../guard.ts";
import { principalWith, type Edge, type Env } from "../request-context.ts";

const tags = ["system"];
const title = { openapi: "3.1.0", info: { title: "Sluice", version: "1", description: "Documents in, a knowledge graph and cited answers out; private text never leaves." } };

export function systemRoutes(app: OpenAPIHono<Env>, edge: Edge): void {
  const { services, options } = edge;
  const Health = z.object({ status: z.literal("ok") });
  const health = createRoute({ method: "get", path: "/health", tags, summary: "The process answers", responses: { 200: { description: "It does", content: { "application/json": { schema: Health } } } } });
  app.openapi(health, (c) => c.json({ status: "ok" as const }, 200));

  const Ready = z.object({ ready: z.boolean(), checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })) });
  const content = { "application/json": { schema: Ready } };
  const ready = createRoute({ method: "get", path: "/health/ready", tags, summary: "Stores open, work can be taken", responses: { 200: { description: "Ready", content }, 503: { description: "Not ready", content } } });
  app.openapi(ready, async (c) => {
    const state = await services.ready();
    return state.ready ? c.json(state, 200) : c.json(state, 503);
  });

  const metrics = createRoute({ method: "get", path: "/metrics", tags, summary: "Prometheus metrics", responses: { 200: { description: "Text exposition", content: { "text/plain": { schema: z.string() } } } } });
  app.use("/metrics", authenticate(edge));
  app.openapi(metrics, async (c) => {
    principalWith(c, "operator");
    return c.text(await services.metrics(), 200, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" });
  });

  if (options.auth === "keys") {
    app.openAPIRegistry.registerComponent("securitySchemes", "key", { type: "http", scheme: "bearer", description: "An API key: sk_…" });
  }
  const document = () => app.getOpenAPI31Document(options.auth === "keys" ? { ...title, security: [{ key: [] }] } : title);
  app.get("/openapi.json", (c) => c.json(document()));
  app.get("/docs", (c) => c.html(docsPage(document())));
  app.get("/docs/style.css", (c) => c.body(docsStyle, 200, { "Content-Type": "text/css; charset=utf-8" }));
  app.get("/", (c) => c.html(landingPage()));
}
