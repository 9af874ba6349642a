import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import type { Location } from "../data/decision.ts";
import { SluiceError } from "../errors.ts";

const own = new BlockList();
for (const [network, prefix] of [["127.0.0.0", 8], ["10.0.0.0", 8], ["172.16.0.0", 12], ["192.168.0.0", 16]] as const) own.addSubnet(network, prefix, "ipv4");
own.addSubnet("fc00::", 7, "ipv6");
own.addAddress("::1", "ipv6");

/** Loopback or private (RFC 1918, RFC 4193): the only addresses that can be the operator's own without being `trusted`. */
export function isPrivateAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(address)?.[1] ?? address;
  const family = isIP(mapped);
  return family !== 0 && own.check(mapped, family === 4 ? "ipv4" : "ipv6");
}

export interface Place {
  url: string;
  location: Location;
  trusted: string | null;
}

const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/gu, "");

/** What is wrong with the address of a model server or a webhook, that needs no name server to see, or null. */
export function locationFault(place: Place): string | null {
  const url = new URL(place.url);
  if (url.protocol !== "http:" && url.protocol !== "https:") return "its url must start with http:// or https://";
  if (url.username || url.password) return "its url holds credentials; use apiKey";
  if (url.search || url.hash) return "its url has a query or fragment; a key belongs into apiKey";
  const host = hostOf(place.url);
  if (place.location === "cloud") {
    const inClear = url.protocol === "http:" && !isPrivateAddress(host) && host !== "localhost";
    return inClear ? "a cloud is reached over https only" : null;
  }
  return placeFault(place);
}

/** What is wrong with calling an address of any protocol local, that needs no name server to see, or null. */
export function placeFault(place: Place): string | null {
  if (place.location === "cloud" || place.trusted) return null;
  const host = hostOf(place.url);
  if (/(^|\.)ollama\.com$/u.test(host)) return "ollama.com is a cloud; set location: cloud";
  if (/(^|\.)amazonaws\.com$/u.test(host)) return "Amazon's address is not local; name your own, or set trusted: <reason>";
  if (isIP(host) && !isPrivateAddress(host)) return "a public address is not local; set location: cloud, or trusted: <reason>";
  return null;
}

/** The same for names, by what they resolve to now; a name that does not resolve is a backend that is down, not a fault. */
export async function checkLocation(place: Place & { id: string }): Promise<void> {
  const fault = locationFault(place) ?? (await resolvedFault(place));
  if (fault) throw new SluiceError("config", `models.backends "${place.id}": ${fault}`);
}

/** Null too for a name that does not resolve: nothing can be sent there. */
export async function resolvedFault(place: Place): Promise<string | null> {
  if (place.location === "cloud" || place.trusted) return null;
  const host = hostOf(place.url);
  const addresses = isIP(host) ? [] : await lookup(host, { all: true }).catch(() => []);
  const isPublic = addresses.some(({ address }) => !isPrivateAddress(address));
  return isPublic ? "its name resolves to a public address, which is not local; set location: cloud, or trusted: <reason>" : null;
}
