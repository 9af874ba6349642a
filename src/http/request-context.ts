import type { Context } from "hono";
import { randomId } from "../data/identity.ts";
import { hasRole, type Principal, type Role } from "../data/principal.ts";
import { SluiceError } from "../errors.ts";
import type { HttpOptions } from "./options.ts";
import type { HttpServices } from "./services.ts";

/** What the edge knows of one request. */
export interface Env {
  Variables: { requestId: string; principal: Principal };
}

/** What every group of routes is made from. */
export interface Edge {
  services: HttpServices;
  options: HttpOptions;
}

/** The caller's own id when it is well formed (so that it can be found in their logs and ours), else a new one. */
export function requestIdOf(given: string | undefined): string {
  return given !== undefined && /^[\w.:-]{1,128}$/.test(given) ? given : randomId();
}

/** The request's principal, when it has the role. */
export function principalWith(context: Context<Env>, role: Role): Principal {
  const principal = context.get("principal");
  if (!hasRole(principal, role)) throw new SluiceError("forbidden", `this needs an API key with the role ${role}`);
  return principal;
}

/** Hidden and absent are one thing to the caller. */
export function found<T>(value: T | null | undefined, what: string): T {
  if (value == null) throw new SluiceError("not_found", `there is no such ${what}`);
  return value;
}
