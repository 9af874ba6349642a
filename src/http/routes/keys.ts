import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { SluiceError } from "../../errors.ts";
import { principalWith, type Edge, type Env } from "../request-context.ts";
import { answers, IdParams, KeyBody, KeyView, NewKeyView, page } from "../schemas.ts";

const tags = ["keys"];

export function keyRoutes(app: OpenAPIHono<Env>, { services: { keys } }: Edge): void {
  const list = createRoute({ method: "get", path: "/v1/keys", tags, summary: "The tenant's API keys, without their secrets", responses: answers(200, page(KeyView), "Every key") });
  app.openapi(list, async (c) => {
    const items = await keys.list(principalWith(c, "operator"));
    return c.json({ items: items.map((each) => KeyView.parse(each)), next: null }, 200);
  });

  const create = createRoute({
    method: "post",
    path: "/v1/keys",
    tags,
    summary: "Make an API key; its secret is shown this once",
    request: { body: { required: true, content: { "application/json": { schema: KeyBody } } } },
    responses: answers(201, NewKeyView, "The key with its secret"),
  });
  app.openapi(create, async (c) => {
    const principal = principalWith(c, "operator");
    return c.json(NewKeyView.parse(await keys.create(principal, c.req.valid("json"))), 201);
  });

  const revoke = createRoute({ method: "delete", path: "/v1/keys/{id}", tags, summary: "End a key", request: { params: IdParams }, responses: { 204: { description: "It no longer opens anything" } } });
  app.openapi(revoke, async (c) => {
    if (!(await keys.revoke(principalWith(c, "operator"), c.req.valid("param").id))) throw new SluiceError("not_found", "there is no such key");
    return c.body(null, 204);
  });
}
