import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { Class, type Reason, strictest } from "../data/classification.ts";
import type { Scope } from "../data/identity.ts";
import { SluiceError } from "../errors.ts";
import { packageRoot } from "../workers/package-root.ts";
import type { PolicyOptions } from "./options.ts";

export type PolicyName = "strict" | "balanced";

const Row = z.strictObject({ strict: Class, balanced: Class, score: z.number().min(0).max(1), replace: z.string().regex(/^[A-Z]{2,12}$/).optional() });
const Table = z.strictObject({ version: z.literal(1), kinds: z.record(z.string(), Row) });
export type PolicyTable = z.infer<typeof Table>["kinds"];

/** Reads `config/privacy.yaml`. Throws `config` when a row is wrong: without its table nothing may be judged. */
export function readPolicyTable(file: string = join(packageRoot, "config", "privacy.yaml")): PolicyTable {
  const parsed = Table.safeParse(parse(readFileSync(file, "utf8")));
  if (!parsed.success) throw new SluiceError("config", `${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data.kinds;
}

/** A kind without a row is unknown, hence `pii`. */
export const classOf = (table: PolicyTable, kind: string, policy: PolicyName): Class => table[kind]?.[policy] ?? "pii";

export interface ScopePolicy {
  policy: PolicyName;
  scope: "document" | "passage";
  clean: Class;
  floor: Class;
  terms: string[];
  allow: string[];
}

/** The general options, then those of the tenant, the collection, and the tenant's collection; a floor only rises. */
export function policyOf(options: PolicyOptions, scope: Scope): ScopePolicy {
  const keys = [`${scope.tenant}/*`, scope.collection, `${scope.tenant}/${scope.collection}`];
  const layers = keys.map((key) => (Object.hasOwn(options.collections, key) ? options.collections[key]! : {}));
  const { collections: _, ...general } = options;
  return layers.reduce<ScopePolicy>(
    (policy, layer) => ({
      policy: layer.policy ?? policy.policy,
      scope: layer.scope ?? policy.scope,
      clean: layer.clean ?? policy.clean,
      floor: strictest(policy.floor, layer.floor ?? "public"),
      terms: [...policy.terms, ...(layer.terms ?? [])],
      allow: [...policy.allow, ...(layer.allow ?? [])],
    }),
    { policy: general.policy, scope: general.scope, clean: general.clean, floor: general.floor, terms: general.terms, allow: general.allow },
  );
}

/** What reasons come to under a policy; reasons that say "unknown" stay `pii`. */
export const classUnder = (table: PolicyTable, reasons: Reason[], policy: PolicyName): Class => strictest(...reasons.map((reason) => classOf(table, reason.kind, policy)));
