import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { found, principalWith, type Edge, type Env } from "../request-context.ts";
import { answers, CollectionName, CollectionView, FormatView, JobView, page } from "../schemas.ts";

const tags = ["collections"];

export function collectionRoutes(app: OpenAPIHono<Env>, { services }: Edge): void {
  const list = createRoute({ method: "get", path: "/v1/collections", tags, summary: "The collections of the tenant", responses: answers(200, page(CollectionView), "Every collection") });
  app.openapi(list, async (c) => {
    const items = await services.collections.list(principalWith(c, "reader"));
    return c.json({ items: items.map((each) => CollectionView.parse(each)), next: null }, 200);
  });

  const remove = createRoute({ method: "delete", path: "/v1/collections/{name}", tags, summary: "Erase a collection", request: { params: z.object({ name: CollectionName }) }, responses: answers(202, z.object({ jobs: z.array(JobView) }), "One erase job a document") });
  app.openapi(remove, async (c) => {
    const jobs = found(await services.collections.delete(principalWith(c, "operator"), c.req.valid("param").name), "collection");
    return c.json({ jobs: jobs.map((each) => JobView.parse(each)) }, 202);
  });

  const formats = createRoute({ method: "get", path: "/v1/formats", tags: ["formats"], summary: "The formats that can be read", responses: answers(200, page(FormatView), "Every format") });
  app.openapi(formats, (c) => c.json({ items: services.formats().map((each) => FormatView.parse(each)), next: null }, 200));
}
