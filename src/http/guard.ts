import { networkInterfaces } from "node:os";
import type { MiddlewareHandler } from "hono";
import { localPrincipal } from "../data/principal.ts";
import { SluiceError } from "../errors.ts";
import { isLoopback, type HttpOptions } from "./options.ts";
import type { Edge, Env } from "./request-context.ts";

const unspecified = new Set(["0.0.0.0", "::", "[::]"]);

/** Host names a request may be addressed to: a page that points its own name at this machine (DNS rebinding) has none. */
function allowedHosts(options: HttpOptions): (name: string) => boolean {
  const names = new Set([options.host, ...options.hosts].map((each) => bare(each)));
  if (unspecified.has(options.host)) {
    for (const addresses of Object.values(networkInterfaces())) for (const each of addresses ?? []) names.add(each.address.toLowerCase());
  }
  return (name) => isLoopback(name) || names.has(name);
}

const bare = (host: string): string => host.toLowerCase().replace(/^\[(.*)\]$/u, "$1");

function hostName(host: string): string | null {
  try {
    return bare(new URL(`http://${host}`).hostname);
  } catch {
    return null;
  }
}

/** Requests with a foreign `Host` or `Origin` are refused before anything else looks at them. */
export function refuseForeign(options: HttpOptions): MiddlewareHandler<Env> {
  const allowed = allowedHosts(options);
  const origins = new Set(options.origins.map((each) => new URL(each).origin));
  return async (context, next) => {
    const host = context.req.header("host");
    const name = host === undefined ? null : hostName(host);
    if (name === null || !allowed(name)) throw new SluiceError("forbidden", "this server does not answer to that host name; add it to server.hosts");
    const origin = context.req.header("origin");
    if (origin !== undefined && !origins.has(origin) && !sameOrigin(origin, host!)) {
      throw new SluiceError("forbidden", "pages of that origin may not call this server; add it to server.origins");
    }
    await next();
  };
}

function sameOrigin(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}

/** Nothing is loaded from or sent to the outside by what the server shows. */
export const securityHeaders: MiddlewareHandler<Env> = async (context, next) => {
  await next();
  const headers = context.res.headers;
  if (!headers.has("Content-Security-Policy")) {
    headers.set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'");
  }
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "no-referrer");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
};

/** Sets the principal: everybody is the machine's own person, or who the API key says. */
export function authenticate({ services, options }: Edge): MiddlewareHandler<Env> {
  return async (context, next) => {
    if (options.auth === "none") context.set("principal", localPrincipal);
    else {
      const bearer = /^Bearer ([^\s]+)$/i.exec(context.req.header("authorization") ?? "")?.[1];
      const principal = bearer === undefined ? null : await services.authenticate(bearer);
      if (principal === null) throw new SluiceError("unauthorized", "send a valid API key: Authorization: Bearer sk_…");
      context.set("principal", principal);
    }
    await services.admit(context.get("principal"));
    await next();
  };
}
