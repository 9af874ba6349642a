import { allClasses, type Class } from "../../../data/classification.ts";
import { hashId } from "../../../data/identity.ts";
import type { Principal } from "../../../data/principal.ts";
import type { InFlight } from "../../store-writer.ts";

/** Who asks, and which documents are in flight: parameters of every query that reads. */
export interface Sight {
  tenant: string;
  classes: Class[];
  /** Document id → the revision that is seen of it; -1 while nothing of it is. */
  flying: Record<string, number>;
}

export const sightOf = (principal: Principal, inFlight: InFlight, only?: readonly Class[]): Sight => ({
  tenant: principal.tenant,
  classes: only ? principal.classes.filter((each) => only.includes(each)) : principal.classes,
  flying: Object.fromEntries([...inFlight].map(([id, revision]) => [id, revision ?? -1])),
});

/** Nothing is hidden and nothing in flight: then every entity that is stored is seen. */
export const seesAll = (sight: Sight): boolean => Object.keys(sight.flying).length === 0 && allClasses.every((each) => sight.classes.includes(each));

/** One property for tenant and collection, so that one index serves both. */
export const scopeOf = (tenant: string, collection: string): string => hashId("scope", tenant, collection);
export const scopesOf = (sight: Sight, collections: readonly string[]): string[] => collections.map((each) => scopeOf(sight.tenant, each));

/** Cypher: the edge belongs to the version of its document that readers see. */
export const current = (edge: string): string =>
  `CASE WHEN $flying[${edge}.document] IS NULL THEN ${edge}.until IS NULL ELSE ${edge}.since <= $flying[${edge}.document] AND coalesce(${edge}.until > $flying[${edge}.document], true) END`;

/** Cypher: the caller may see the edge. */
export const visible = (edge: string): string => `${edge}.class IN $classes AND ${current(edge)}`;

/** Cypher: the entity exists for the caller. */
export const mentioned = (entity: string): string => `EXISTS { (${entity})-[seen:MENTIONED_IN]->() WHERE ${visible("seen")} }`;
