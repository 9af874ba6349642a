import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { SluiceError } from "../../errors.ts";
import { found, principalWith, type Edge, type Env } from "../request-context.ts";
import { answers, EntityDetailView, EntityView, GraphView, IdParams, inCollection, page, paging } from "../schemas.ts";

const tags = ["knowledge graph"];

export function entityRoutes(app: OpenAPIHono<Env>, { services: { entities } }: Edge): void {
  const lookUp = z.object({ ...inCollection, ...paging, search: z.string().max(500).default(""), type: z.string().min(1).max(100).optional() });
  const search = createRoute({ method: "get", path: "/v1/entities", tags, summary: "Look entities up by name or alias", request: { query: lookUp }, responses: answers(200, page(EntityView), "Entities, best first") });
  app.openapi(search, async (c) => {
    const { collection, limit, cursor, search: text, type } = c.req.valid("query");
    const { items, next } = await entities.search(principalWith(c, "reader"), { collection, limit, cursor: cursor ?? null, text, type: type ?? null });
    return c.json({ items: items.map((each) => EntityView.parse(each)), next }, 200);
  });

  const described = z.object({ summary: z.enum(["true", "false"]).default("true").describe("false: the description is joined by rule, no model is asked") });
  const get = createRoute({ method: "get", path: "/v1/entities/{id}", tags, summary: "An entity with its mentions and neighbours", request: { params: IdParams, query: described }, responses: answers(200, EntityDetailView, "The entity") });
  app.openapi(get, async (c) => {
    const entity = found(await entities.get(principalWith(c, "reader"), c.req.valid("param").id, { summary: c.req.valid("query").summary === "true", requestId: c.get("requestId") }), "entity");
    return c.json(EntityDetailView.parse(entity), 200);
  });

  const around = z.object({
    ...inCollection,
    entity: z.string().min(1).max(64).optional(),
    to: z.string().min(1).max(64).optional(),
    hops: z.coerce.number().int().min(1).max(4).optional(),
    limit: z.coerce.number().int().min(1).max(2000).default(200),
  });
  const graph = createRoute({ method: "get", path: "/v1/graph", tags, summary: "The subgraph around an entity or the most connected ones, or the shortest paths from it `to` another", request: { query: around }, responses: answers(200, GraphView, "Nodes and edges") });
  app.openapi(graph, async (c) => {
    const { entity, to, hops, ...rest } = c.req.valid("query");
    if (to && !entity) throw new SluiceError("invalid_input", "`to` wants `entity`, where the path begins");
    const view = found(await entities.graph(principalWith(c, "reader"), { ...rest, entity: entity ?? null, to: to ?? null, hops: hops ?? (to ? 4 : 1) }), "entity");
    return c.json(GraphView.parse(view), 200);
  });
}
