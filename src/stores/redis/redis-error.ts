import { SluiceError } from "../../errors.ts";

/** Which server an error is about: key of the configuration, and host and port without the password. */
export interface RedisPlace {
  key: string;
  address: string;
}

export function placeOf(url: string, key: string): RedisPlace {
  try {
    return { key, address: new URL(url).host };
  } catch {
    throw new SluiceError("config", `[redis] ${key} is no address; write redis://USER:PASSWORD@HOST:PORT/NUMBER, with special characters of the password as %XX`);
  }
}

/** The server's own words may quote a command, so they stay in the cause. What is no refusal is tried again. */
export function toRedisError(error: unknown, { key, address }: RedisPlace): SluiceError {
  if (error instanceof SluiceError) return error;
  const { message = "", code = "" } = (error ?? {}) as { message?: string; code?: unknown };
  const config = (what: string) => new SluiceError("config", `[redis] ${key}: ${what}`, { cause: error });
  if (/^(WRONGPASS|NOAUTH)|invalid password|without any password/i.test(message)) return config(`${address} refused the user or the password`);
  if (message.startsWith("NOPERM")) return config(`the user at ${address} may not run the commands that are needed`);
  if (/DB index/i.test(message)) return config(`${address} has no database of that number`);
  if (message.startsWith("READONLY")) return config(`${address} is a replica; name the primary`);
  if (message.startsWith("OOM")) return new SluiceError("store", `[redis] ${key}: ${address} is full; raise its maxmemory`, { retryable: true, cause: error });
  return new SluiceError("store", `[redis] ${key}: no answer from ${address}${typeof code === "string" && code ? ` (${code})` : ""}; is the server up, and its address right? It is tried again`, { retryable: true, cause: error });
}
