import type { QdrantClient } from "@qdrant/js-client-rest";
import { SluiceError } from "../../errors.ts";
import type { QdrantOptions } from "./options.ts";

export interface Qdrant {
  /** Runs requests; what goes wrong becomes an error that names the key of the configuration. */
  run<T>(work: (client: QdrantClient) => Promise<T>): Promise<T>;
  /** As `run`; null where the collection, alias or point is not there. */
  find<T>(work: (client: QdrantClient) => Promise<T>): Promise<T | null>;
  engine(): Promise<{ name: string; version: string }>;
  options: QdrantOptions;
}

/** Asks the server for its version first: a wrong address or key fails within 8 s. */
export async function connect(options: QdrantOptions): Promise<Qdrant> {
  const { QdrantClient } = await import("@qdrant/js-client-rest");
  const { url, apiKey, timeoutMs: timeout } = options;
  const open = (milliseconds: number) => new QdrantClient({ url, ...(apiKey && { headers: { "api-key": apiKey } }), timeout: milliseconds, checkCompatibility: false, port: portOf(url) });
  const [client, quick] = [open(timeout), open(Math.min(8_000, timeout))];
  const run = async <T>(work: (client: QdrantClient) => Promise<T>): Promise<T> => {
    try {
      return await work(client);
    } catch (error) {
      throw toQdrantError(error);
    }
  };
  async function engine(): Promise<{ name: string; version: string }> {
    try {
      // The version is open to everybody, the list of collections only to who has the key.
      await quick.getCollections();
      return { name: "qdrant", version: (await quick.versionInfo()).version };
    } catch (error) {
      throw toQdrantError(error);
    }
  }
  await engine();
  return {
    run, engine, options,
    async find(work) {
      try {
        return await run(work);
      } catch (error) {
        if (error instanceof SluiceError && error.code === "not_found") return null;
        throw error;
      }
    },
  };
}

/** The client takes 6333 where an address names no port. */
const portOf = (url: string): number => {
  const { port, protocol } = new URL(url);
  return port ? Number(port) : protocol === "https:" ? 443 : 80;
};

interface ClientError {
  name?: string;
  status?: number;
}

/** The server's own words may quote a request, so they stay in the cause. */
export function toQdrantError(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error;
  const { name = "error", status = statusIn(error) } = (error ?? {}) as ClientError;
  if (status === 401 || status === 403) return new SluiceError("config", "stores.vectors.apiKey: Qdrant refused the key", { cause: error });
  if (status === 404) return new SluiceError("not_found", "[qdrant] there is no such collection or point", { cause: error });
  if (status === 400 && notKnown(error)) return new SluiceError("conflict", "[qdrant] the collection has no such vector", { cause: error });
  if (status !== undefined && status < 500 && status !== 408 && status !== 409 && status !== 429) return new SluiceError("store", `[qdrant] the request was refused (${status}); is this Qdrant 1.16 or later?`, { cause: error });
  return new SluiceError("store", `stores.vectors.url: Qdrant did not answer (${status ?? name}); it is tried again`, { retryable: true, cause: error });
}

const messageOf = (error: unknown): string => {
  const { message = "", data } = (error ?? {}) as { message?: string; data?: unknown };
  return `${message} ${JSON.stringify(data ?? "")}`;
};
const notKnown = (error: unknown): boolean => /vector name|Not existing vector/i.test(messageOf(error));
const statusIn = (error: unknown): number | undefined => {
  const found = /\b([45]\d\d)\b/.exec((error as Error | null)?.message ?? "")?.[1];
  return found ? Number(found) : undefined;
};
