import { hostname } from "node:os";
import { randomId, sha256 } from "../data/identity.ts";

const host = sha256(hostname()).slice(0, 12);

/** Who holds this process's leases: machine, process id and a random part, since process ids come again. */
export const leaseOwner = `${host}-${process.pid}-${randomId()}`;

/** True only when it is certain that the owner is no more: a process of this machine that does not run. */
export function isGone(owner: string): boolean {
  const [machine, pid] = owner.split("-");
  if (machine !== host || !/^\d+$/.test(pid ?? "")) return false;
  if (Number(pid) === process.pid) return owner !== leaseOwner;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as { code?: string }).code === "ESRCH";
  }
}
