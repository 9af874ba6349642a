import { z } from "@hono/zod-openapi";
import { Chunk } from "../data/chunk.ts";
import { Class } from "../data/classification.ts";
import { Costs } from "../data/costs.ts";
import { Decision } from "../data/decision.ts";
import { Document, Release } from "../data/document.ts";
import { Estimate } from "../data/estimate.ts";
import { Entity, Mention, Relation } from "../data/entity.ts";
import { Job, JobStatus } from "../data/job.ts";
import { Finding, ReleasedCall, ReleaseRequest } from "../data/release.ts";
import { Role } from "../data/principal.ts";
import { Answer, QueryRequest } from "../data/query.ts";
import { Warning } from "../data/warning.ts";
import { Problem } from "./problem.ts";

// The nouns under the names the OpenAPI document gives them. Each view drops what only the inside knows.
export const DocumentView = Document.clone().openapi("Document");
export const JobView = Job.clone().openapi("Job");
export const ChunkView = Chunk.omit({ language: true }).openapi("Chunk");
export const EntityView = Entity.clone().openapi("Entity");
export const MentionView = Mention.clone().openapi("Mention");
export const RelationView = Relation.clone().openapi("Relation");
export const AnswerView = Answer.clone().openapi("Answer");
export const CostsView = Costs.clone().openapi("Costs");
export const EstimateView = Estimate.clone().openapi("Estimate");
export const FindingView = Finding.clone().openapi("Finding");
export const ReleaseView = Release.clone().openapi("Release");
export const ReleasedCallView = ReleasedCall.clone().openapi("ReleasedCall");
export const ReleaseBody = ReleaseRequest.clone().openapi("ReleaseRequest");
export const QueryBody = QueryRequest.clone().openapi("QueryRequest");

export const EntityDetailView = Entity.extend({
  summarised: z.boolean(),
  decision: Decision.nullable(),
  warnings: z.array(Warning),
  mentions: z.array(MentionView),
  relations: z.array(RelationView),
  neighbours: z.array(EntityView),
}).openapi("EntityDetail");
export const GraphView = z.object({ nodes: z.array(EntityView), edges: z.array(RelationView) }).openapi("Graph");
export const CollectionView = z.object({ name: z.string(), documents: z.number().int() }).openapi("Collection");
export const FormatView = z.object({ id: z.string(), name: z.string(), mediaType: z.string(), extensions: z.array(z.string()) }).openapi("Format");
export const KeyView = z
  .object({ id: z.string(), name: z.string(), prefix: z.string(), roles: z.array(Role), classes: z.array(Class), createdAt: z.string(), revokedAt: z.string().nullable() })
  .openapi("Key");
export const NewKeyView = KeyView.extend({ secret: z.string() }).openapi("NewKey");
export const KeyBody = z
  .strictObject({ name: z.string().trim().min(1).max(100), roles: z.array(Role).min(1).max(8), classes: z.array(Class).min(1).max(8) })
  .openapi("KeyRequest");

/** One line a file of an upload, in the order they came; `error` says why a file was not accepted. */
export const UploadedFileView = z.object({
  id: z.string().nullable(),
  documentId: z.string().nullable(),
  name: z.string(),
  status: JobStatus,
  duplicate: z.boolean(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});
export type UploadedFileView = z.infer<typeof UploadedFileView>;
export const UploadView = z.object({ jobs: z.array(UploadedFileView) }).openapi("Upload");

export const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable() });

/** A collection's name: shown, stored, and part of every id. */
export const CollectionName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^\p{C}/\\]+$/u, "a collection's name has no slashes and no control characters");
export const inCollection = { collection: CollectionName.default("default") };
export const paging = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(1024).optional(),
};
export const IdParams = z.object({ id: z.string().min(1).max(64) });

const problems = { description: "What went wrong and what to do", content: { "application/problem+json": { schema: Problem } } };

/** The responses of a JSON route: its answer, and a problem for everything else. */
export function answers<S extends 200 | 201 | 202, T extends z.ZodType>(status: S, schema: T, description: string) {
  return { [status]: { description, content: { "application/json": { schema } } }, "4XX": problems, "5XX": problems } as unknown as Record<
    S,
    { description: string; content: { "application/json": { schema: T } } }
  >;
}
