import { OpenAPIHono } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { SluiceError } from "../errors.ts";
import { counter, histogram, silentLog, type Log } from "../telemetry.ts";
import { authenticate, refuseForeign, securityHeaders } from "./guard.ts";
import { HttpOptions } from "./options.ts";
import { DetailedError, problemResponse } from "./problem.ts";
import { requestIdOf, type Edge, type Env } from "./request-context.ts";
import { collectionRoutes } from "./routes/collections.ts";
import { costRoutes } from "./routes/costs.ts";
import { documentRoutes } from "./routes/documents.ts";
import { entityRoutes } from "./routes/entities.ts";
import { jobRoutes } from "./routes/jobs.ts";
import { keyRoutes } from "./routes/keys.ts";
import { modelRoutes } from "./routes/models.ts";
import { queryRoutes } from "./routes/query.ts";
import { releaseRoutes } from "./routes/releases.ts";
import { systemRoutes } from "./routes/system.ts";
import { uploadRoute } from "./routes/upload.ts";
import type { HttpServices } from "./services.ts";

const requests = counter("sluice_http_requests_total", "HTTP requests answered", ["method", "route", "status"]);
const seconds = histogram("sluice_http_request_seconds", "Time to the response's head", ["route"]);

/**
 * The HTTP API over the functions it is given; the routes and their schemas are the OpenAPI document. Throws `config` for
 * options that would open the data to the network without keys.
 */
export function createHttp(services: HttpServices, options: HttpOptions, { log = silentLog }: { log?: Log } = {}): OpenAPIHono<Env> {
  const checked = HttpOptions.safeParse(options);
  if (!checked.success) throw new SluiceError("config", `server: ${checked.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ")}`);
  const edge: Edge = { services, options: checked.data };

  const app = new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (!result.success) {
        const errors = result.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
        throw new DetailedError("invalid_input", errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join("; "), errors);
      }
    },
  });
  app.use(observe(log));
  app.use(securityHeaders);
  app.use(refuseForeign(edge.options));
  app.use("/v1/*", authenticate(edge));
  const limit = bodyLimit({
    maxSize: edge.options.jsonBytes,
    onError: () => {
      throw new SluiceError("too_large", `the body is larger than ${edge.options.jsonBytes} bytes`);
    },
  });
  app.use("/v1/query", limit);
  app.use("/v1/keys", limit);
  app.use("/v1/models/*", limit);

  systemRoutes(app, edge);
  uploadRoute(app, edge);
  documentRoutes(app, edge);
  releaseRoutes(app, edge);
  jobRoutes(app, edge);
  queryRoutes(app, edge);
  entityRoutes(app, edge);
  collectionRoutes(app, edge);
  keyRoutes(app, edge);
  modelRoutes(app, edge);
  costRoutes(app, edge);

  const methodsOf = methodTable(app);
  app.notFound((context) => {
    const allowed = methodsOf(context.req.path);
    const requestId = context.get("requestId");
    if (allowed.length === 0) return problemResponse(new SluiceError("not_found", "there is no such route; see /docs"), requestId);
    return problemResponse(new SluiceError("invalid_input", `this route answers ${allowed.join(", ")}`), requestId, { status: 405, headers: { Allow: allowed.join(", ") } });
  });
  app.onError((error, context) => {
    const requestId = context.get("requestId") ?? requestIdOf(undefined);
    const response = problemResponse(error, requestId);
    if (response.status >= 500) log.error({ request_id: requestId, status: response.status, error_name: error.name, frames: framesOf(error) }, "request_failed");
    return response;
  });
  return app;
}

/** Where a fault happened; its message may quote a document and stays out of the log. */
const framesOf = (error: Error): string[] => (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line)).slice(0, 8).map((line) => line.trim());

function observe(log: Log): MiddlewareHandler<Env> {
  return async (context, next) => {
    const requestId = requestIdOf(context.req.header("x-request-id"));
    context.set("requestId", requestId);
    const start = performance.now();
    await next();
    context.res.headers.set("X-Request-Id", requestId);
    const route = context.req.routePath === "/*" ? "none" : context.req.routePath;
    requests.inc({ method: context.req.method, route, status: String(context.res.status) });
    seconds.observe({ route }, (performance.now() - start) / 1000);
    log.info({ request_id: requestId, method: context.req.method, route, status: context.res.status, ms: Math.round(performance.now() - start) }, "request");
  };
}

/** Which methods a path answers, read from the routes themselves: tells 405 from 404. */
function methodTable(app: OpenAPIHono<Env>): (path: string) => string[] {
  const rows = app.routes
    .filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => ({ method, pattern: new RegExp(`^${path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/:\w+/g, "[^/]+")}$`) }));
  return (path) => [...new Set(rows.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))].toSorted();
}
