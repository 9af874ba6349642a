import { z } from "zod";
import { S3FileStoreOptions } from "./files/s3-options.ts";
import { Neo4jOptions } from "./knowledge/neo4j/options.ts";
import { PostgresOptions } from "./postgres/options.ts";
import { QdrantOptions } from "./qdrant/options.ts";
import { RedisCacheOptions, RedisOptions } from "./redis/options.ts";

const embedded = z.strictObject({ driver: z.literal("embedded") });
/** Why a public address may hold every text: a store has no other location than the operator's own. */
const trusted = { trusted: z.string().min(1).nullable().default(null) };
/** Without `driver` it is the embedded one, which may have options of its own. */
const orEmbedded = <O extends z.ZodObject>(server: O) => z.preprocess(named("embedded"), z.discriminatedUnion("driver", [embedded, server])).prefault({});
const named = (driver: string) => (value: unknown) => (value && typeof value === "object" && !("driver" in value) ? { driver, ...value } : value);

const meanLength = z.number().min(10).default(200);
const TextOptions = z.strictObject({ driver: z.enum(["embedded", "qdrant"]).default("embedded"), meanLength }).prefault({});

/** Where everything rests. What a document is written to is embedded together, or lies on servers together. */
export const StoresOptions = z
  .strictObject({
    files: z.preprocess(named("local"), z.discriminatedUnion("driver", [z.strictObject({ driver: z.literal("local") }), S3FileStoreOptions.extend(trusted)])).prefault({}),
    text: TextOptions,
    vectors: orEmbedded(QdrantOptions.extend(trusted)),
    knowledge: orEmbedded(Neo4jOptions.extend(trusted)),
    ledger: orEmbedded(PostgresOptions.extend(trusted)),
    checkpoints: orEmbedded(PostgresOptions.extend(trusted)),
    queue: orEmbedded(RedisOptions.extend(trusted)),
    cache: z.preprocess(named("embedded"), z.discriminatedUnion("driver", [embedded.extend({ bytes: RedisCacheOptions.shape.bytes }), RedisCacheOptions.extend(trusted)])).prefault({}),
  })
  .superRefine(({ text, vectors, knowledge, ledger }, context) => {
    const servers = [text, vectors, knowledge].filter(({ driver }) => driver !== "embedded").length;
    const wrong = (message: string) => context.addIssue({ code: "custom", message });
    if (servers !== 0 && servers !== 3) wrong("text, vectors and knowledge are all embedded, or are qdrant, qdrant and neo4j: a document lies in all of them");
    if (servers === 0 && ledger.driver !== "embedded") wrong("a ledger on Postgres goes with text, vectors and knowledge on servers: several machines share them");
  });
export type StoresOptions = z.infer<typeof StoresOptions>;
