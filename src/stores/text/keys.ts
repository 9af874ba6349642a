import { rank, type Class } from "../../data/classification.ts";
import { hashId, type Scope } from "../../data/identity.ts";
import type { Principal } from "../../data/principal.ts";
import { SluiceError } from "../../errors.ts";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * The 52 leading random bits of an id: what rows about a chunk carry, a third of the size of the id. The same on every
 * machine, sorts like the id, and fits a JavaScript number. Two ids with one key are refused by the writer, never mixed.
 */
export function keyOf(id: string): number {
  if (!uuid.test(id)) throw new SluiceError("internal", `[text] an id of ${id.length} characters is no UUID; ids come from src/data/identity.ts`);
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13) + id.slice(15, 16), 16);
}

/** Of ids that come from outside, each once: what is no id names nothing. */
export const realIds = (ids: readonly string[]): string[] => [...new Set(ids)].filter((id) => uuid.test(id));

/** As `keyOf` for ids that come from outside. */
export const keysOf = (ids: readonly string[]): number[] => realIds(ids).map(keyOf);

export const scopeKey = (scope: Scope): number => keyOf(hashId("scope", scope.tenant, scope.collection));

/** One bit for each class that may be seen; SQL tests `(1 << class) & mask`. */
export function maskOf(principal: Principal, only?: readonly Class[]): number {
  const seen = only ? principal.classes.filter((each) => only.includes(each)) : principal.classes;
  return seen.reduce((mask, each) => mask | (1 << rank(each)), 0);
}
