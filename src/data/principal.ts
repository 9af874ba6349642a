import { z } from "zod";
import { allClasses, Class } from "./classification.ts";

export const Role = z.enum(["reader", "writer", "reviewer", "operator"]);
export type Role = z.infer<typeof Role>;

/** On whose behalf something is read or written. A class that is not in the list does not exist for its holder. */
export const Principal = z.object({
  tenant: z.string().min(1),
  roles: z.array(Role),
  classes: z.array(Class),
  keyId: z.string().nullable(),
});
export type Principal = z.infer<typeof Principal>;

/** The principal of a machine that one person uses: `server.auth: none` and the command line. */
export const localPrincipal: Principal = { tenant: "default", roles: [...Role.options], classes: [...allClasses], keyId: null };

/** Sees everything of one tenant: for the pipeline's own work (a reindex, ending the jobs of an erased document). */
export const wholeTenant = (tenant: string): Principal => ({ ...localPrincipal, tenant });

export const maySee = (principal: Principal, value: Class): boolean => principal.classes.includes(value);

/** `writer` and `reviewer` read too; the other roles stand alone. */
export function hasRole(principal: Principal, role: Role): boolean {
  if (role === "reader") return principal.roles.some((each) => each !== "operator");
  return principal.roles.includes(role);
}
