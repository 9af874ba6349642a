import type { Config } from "../config.ts";
import { Secret } from "../models/secret.ts";

const names = /^(?:apiKey|password|secretAccessKey|sessionToken|token|secret)$/;

/** Every secret the configuration holds, wherever it stands: keys, passwords, those in addresses too. The last gate seeks each in what leaves. */
export function ownSecrets(config: Config): string[] {
  const found = new Set<string>();
  const open: [name: string, value: unknown][] = [["", config]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [name, value] = next;
    if (value instanceof Secret) found.add(Secret.reveal(value));
    else if (typeof value === "string") for (const each of names.test(name) ? [value] : passwordsIn(value)) found.add(each);
    else if (value !== null && typeof value === "object") open.push(...Object.entries(value));
  }
  found.delete("");
  return [...found];
}

/** `postgres://user:password@host`: as it is written, and as the server reads it. */
function passwordsIn(address: string): string[] {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/]*@/i.test(address) || !URL.canParse(address)) return [];
  const { password } = new URL(address);
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}
