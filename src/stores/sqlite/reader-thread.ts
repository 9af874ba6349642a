import { workerData } from "node:worker_threads";
import { openConnection, type Connection } from "./connection.ts";
import { keepPrepared } from "./statement-cache.ts";
import { toStoreError } from "./store-error.ts";

type ReaderFunction = (connection: Connection, argument: unknown) => unknown;

const { path } = workerData as { path: string };
let connection: Connection | undefined;

/** Calls a module's exported function with a read-only connection of this thread. */
export async function query(call: { module: string; name: string; argument: unknown }): Promise<unknown> {
  const functions = (await import(call.module)) as Record<string, ReaderFunction | undefined>;
  const named = functions[call.name];
  if (!named) throw new Error(`${call.module} exports no function ${call.name}`);
  try {
    connection ??= keepPrepared(openConnection(path, { readonly: true, busyTimeout: 10_000 }));
    return await named(connection, call.argument);
  } catch (error) {
    throw toStoreError(error, path);
  }
}

export const close = (): void => void connection?.close();
