import { afterEach, expect, test } from "vitest";
import { emptyCosts, startServer } from "./memory-services.ts";

let server: Awaited<ReturnType<typeof startServer>>;
afterEach(() => server.close());

test("GET /v1/costs answers an operator with its own tenant's costs, for as many days as it asks", async () => {
  server = await startServer({ auth: "keys" });
  const asked: unknown[] = [];
  server.state.costs = (principal, options) => {
    asked.push([principal.tenant, options]);
    return emptyCosts;
  };
  const keys = await Promise.all((["operator", "reader"] as const).map((role) => server.services.keys.create({ tenant: "one", roles: ["operator", "reader"], classes: ["public"], keyId: null }, { name: role, roles: [role], classes: ["public"] })));
  const get = (path: string, key: number) => fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${keys[key]!.secret}` } });
  const answer = await get("/v1/costs?days=7", 0);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual(emptyCosts);
  expect(asked).toEqual([["one", { days: 7, ofAll: false }]]);
  expect((await get("/v1/costs", 1)).status).toBe(403);
  expect((await get("/v1/costs?days=0", 0)).status).toBe(400);
  expect((await get("/v1/costs?days=many", 0)).status).toBe(400);
  expect((await fetch(`${server.url}/v1/costs`)).status).toBe(401);
});
