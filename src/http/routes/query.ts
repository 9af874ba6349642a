import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { QueryEvent } from "../../data/query.ts";
import { publicError } from "../../errors.ts";
import { eventStream } from "../event-stream.ts";
import { Problem } from "../problem.ts";
import { principalWith, type Edge, type Env } from "../request-context.ts";
import { AnswerView, QueryBody } from "../schemas.ts";

export function queryRoutes(app: OpenAPIHono<Env>, { services, options }: Edge): void {
  const problems = { description: "What went wrong and what to do", content: { "application/problem+json": { schema: Problem } } };
  const route = createRoute({
    method: "post",
    path: "/v1/query",
    tags: ["query"],
    summary: "Ask the documents; with Accept: text/event-stream the answer comes as events passages, decision, token, done, error",
    request: { body: { required: true, content: { "application/json": { schema: QueryBody } } } },
    responses: {
      200: { description: "The answer with its citations", content: { "application/json": { schema: AnswerView }, "text/event-stream": { schema: { type: "string" as const } } } },
      "4XX": problems,
      "5XX": problems,
    },
  });
  app.openapi(route, async (c): Promise<Response> => {
    const principal = principalWith(c, "reader");
    const request = c.req.valid("json");
    if (!c.req.header("accept")?.toLowerCase().includes("text/event-stream")) {
      return c.json(AnswerView.parse(await services.query(principal, request, { signal: c.req.raw.signal, requestId: c.get("requestId") })), 200);
    }
    return eventStream(c, options.heartbeatMs, async ({ send, signal }) => {
      // Events keep their order: each waits for the one before it, and the last waits for all.
      let sent = Promise.resolve();
      const onEvent = (event: QueryEvent) => {
        const message = messageOf(event);
        if (message) sent = sent.then(() => send(message));
      };
      try {
        const answer = await services.query(principal, request, { onEvent, signal, requestId: c.get("requestId") });
        await sent;
        await send({ event: "done", data: AnswerView.parse(answer) });
      } catch (error) {
        await sent;
        if (!signal.aborted) await send({ event: "error", data: { ...publicError(error), requestId: c.get("requestId") } });
      }
    });
  });
}

function messageOf(event: QueryEvent): { event: string; data: unknown } | null {
  switch (event.type) {
    case "passages":
      return { event: "passages", data: { passages: event.passages } };
    case "decision":
      return { event: "decision", data: event.decision };
    case "token":
      return { event: "token", data: { text: event.text } };
    default:
      return null;
  }
}
