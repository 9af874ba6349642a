import { startNeo4j } from "./neo4j.ts";
import { startPostgres } from "./postgres.ts";
import { startQdrant } from "./qdrant.ts";
import { startRedis } from "./redis.ts";
import { startS3 } from "./s3.ts";
import type { ServerName } from "./server-cache.ts";
import type { ServerProcess } from "./server-process.ts";

/** What a test reads to find each server: `real-servers.ts` is the reader. */
export type ServerVariables = Record<string, string>;

export interface StartedServer {
  name: ServerName;
  process: ServerProcess;
  variables: ServerVariables;
}

export interface StartedServers {
  servers: StartedServer[];
  variables: ServerVariables;
  stop(): Promise<void>;
}

const starters: Record<ServerName, () => Promise<Omit<StartedServer, "name">>> = {
  neo4j: async () => {
    const server = await startNeo4j();
    return { process: server, variables: { SLUICE_TEST_NEO4J_URL: server.url, SLUICE_TEST_NEO4J_USER: server.user, SLUICE_TEST_NEO4J_PASSWORD: server.password } };
  },
  qdrant: async () => {
    const server = await startQdrant();
    return { process: server, variables: { SLUICE_TEST_QDRANT_URL: server.url, SLUICE_TEST_QDRANT_KEY: server.apiKey } };
  },
  redis: async () => {
    const server = await startRedis();
    return { process: server, variables: { SLUICE_TEST_REDIS_URL: server.url } };
  },
  postgres: async () => {
    const server = await startPostgres();
    return { process: server, variables: { SLUICE_TEST_POSTGRES_URL: server.url } };
  },
  s3: async () => {
    const server = await startS3();
    return {
      process: server,
      variables: { SLUICE_TEST_S3_ENDPOINT: server.endpoint, SLUICE_TEST_S3_REGION: server.region, SLUICE_TEST_S3_BUCKET: server.bucket, SLUICE_TEST_S3_KEY_ID: server.accessKeyId, SLUICE_TEST_S3_SECRET: server.secretAccessKey },
    };
  },
};

/** Starts them side by side; when one fails, the others are stopped and its error is thrown. */
export async function startServers(names: readonly ServerName[], onStarted: (server: StartedServer, ms: number) => void = () => {}): Promise<StartedServers> {
  const begun = performance.now();
  const outcomes = await Promise.allSettled(
    names.map(async (name) => {
      const server = { name, ...(await starters[name]()) };
      onStarted(server, Math.round(performance.now() - begun));
      return server;
    }),
  );
  const servers = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.process.stop()));
  };
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return { servers, variables: Object.assign({}, ...servers.map((server) => server.variables)), stop };
}
