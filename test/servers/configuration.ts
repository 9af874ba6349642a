import { stringify } from "yaml";
import type { StartedServer } from "./start-servers.ts";
import type { ServerName } from "./server-cache.ts";

export interface ServerConfiguration {
  /** An overlay for `--config`, without secrets. */
  overlay: string;
  /** What its `${…}` stand for. */
  secrets: Record<string, string>;
}

/** The same keys and names of variables as in config/cluster.yaml; only the stores whose server runs. */
export function configurationFor(servers: readonly StartedServer[]): ServerConfiguration {
  const values = Object.assign({}, ...servers.map((server) => server.variables)) as Record<string, string>;
  const read = (variable: string): string => values[`SLUICE_TEST_${variable}`]!;
  const sections: Record<ServerName, () => { stores: Record<string, unknown>; secrets: Record<string, string> }> = {
    neo4j: () => ({ stores: { knowledge: { driver: "neo4j", url: read("NEO4J_URL"), user: read("NEO4J_USER"), password: "${NEO4J_PASSWORD}" } }, secrets: { NEO4J_PASSWORD: read("NEO4J_PASSWORD") } }),
    qdrant: () => ({ stores: { text: { driver: "qdrant" }, vectors: { driver: "qdrant", url: read("QDRANT_URL"), apiKey: "${QDRANT_API_KEY}" } }, secrets: { QDRANT_API_KEY: read("QDRANT_KEY") } }),
    redis: () => ({ stores: { queue: { driver: "redis", url: "${REDIS_URL}" }, cache: { driver: "redis", url: "${REDIS_URL}" } }, secrets: { REDIS_URL: read("REDIS_URL") } }),
    postgres: () => ({ stores: { ledger: { driver: "postgres", url: "${POSTGRES_URL}" }, checkpoints: { driver: "postgres", url: "${POSTGRES_URL}" } }, secrets: { POSTGRES_URL: read("POSTGRES_URL") } }),
    s3: () => ({
      stores: { files: { driver: "s3", endpoint: read("S3_ENDPOINT"), region: read("S3_REGION"), bucket: read("S3_BUCKET"), accessKeyId: "${S3_ACCESS_KEY_ID}", secretAccessKey: "${S3_SECRET_ACCESS_KEY}" } },
      secrets: { S3_ACCESS_KEY_ID: read("S3_KEY_ID"), S3_SECRET_ACCESS_KEY: read("S3_SECRET") },
    }),
  };
  const made = servers.map(({ name }) => sections[name]());
  return { overlay: stringify({ stores: Object.assign({}, ...made.map((each) => each.stores)) }, { lineWidth: 0 }), secrets: Object.assign({}, ...made.map((each) => each.secrets)) };
}
