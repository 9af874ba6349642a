import { z } from "zod";

/** Neo4j 5 or later, Community or Enterprise. */
export const Neo4jOptions = z.strictObject({
  driver: z.literal("neo4j"),
  url: z.string().regex(/^(bolt|neo4j)(\+s|\+ssc)?:\/\/[^/\s]+$/, "bolt://HOST:PORT or neo4j://HOST:PORT, with +s for TLS"),
  user: z.string().min(1),
  password: z.string().min(1),
  /** Empty: the user's home database. */
  database: z.string().default(""),
  poolSize: z.number().int().min(1).default(20),
  /** ms until a read, or one batch of a write with its repeats, is given up. */
  timeoutMs: z.number().int().min(100).default(30_000),
});
export type Neo4jOptions = z.infer<typeof Neo4jOptions>;
