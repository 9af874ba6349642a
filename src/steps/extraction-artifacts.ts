import { z } from "zod";
import { MentionRecord, MergeRecord, StatementRecord } from "../data/entity.ts";
import type { Artifact } from "./artifacts.ts";

/** Which way the whole document was read: a document is never half of each. */
export const methodArtifact: Artifact<"model" | "built-in"> = { name: "method", schemaVersion: 1, schema: z.enum(["model", "built-in"]) };

const CandidateSchema = z.object({
  start: z.number(),
  end: z.number(),
  name: z.string(),
  type: z.string(),
  description: z.string(),
  aliases: z.array(z.string()),
  confidence: z.number(),
});
/** Candidates per chunk, in the order of the chunks. */
export const candidatesArtifact: Artifact<z.infer<typeof CandidateSchema>[][]> = { name: "candidates", schemaVersion: 1, schema: z.array(z.array(CandidateSchema)) };

/** A relation as it was read, before its endpoints are resolved. */
export const ReadRelation = z.object({
  source: z.string(),
  target: z.string(),
  type: z.string(),
  description: z.string(),
  strength: z.number(),
  quote: z.string(),
});
export type ReadRelation = z.infer<typeof ReadRelation>;

/** Phase 1: mentions, other names by entity id, and in mode `fast` the relations that came with them, by chunk id. */
export const EntitiesRead = z.object({
  mentions: z.array(MentionRecord),
  aliases: z.array(z.object({ entityId: z.string(), alias: z.string() })),
  relations: z.record(z.string(), z.array(ReadRelation)),
  failedChunks: z.array(z.string()),
});
export type EntitiesRead = z.infer<typeof EntitiesRead>;
export const entitiesArtifact: Artifact<EntitiesRead> = { name: "entities", schemaVersion: 1, schema: EntitiesRead };

/** The entities of other documents that this one was compared with: the id and, behind a blank, how many other names it had. */
export const comparedArtifact: Artifact<string[]> = { name: "compared", schemaVersion: 1, schema: z.array(z.string()) };
export const mergesArtifact: Artifact<MergeRecord[]> = { name: "merges", schemaVersion: 1, schema: z.array(MergeRecord) };
export const statementsArtifact: Artifact<{ statements: StatementRecord[]; failedChunks: string[] }> = {
  name: "statements",
  schemaVersion: 1,
  schema: z.object({ statements: z.array(StatementRecord), failedChunks: z.array(z.string()) }),
};
