import { SluiceError } from "../../../errors.ts";
import type { Class } from "../../../data/classification.ts";
import type { DocumentPlan } from "../../document-writer.ts";
import { locked, type Run } from "./connect.ts";
import { documentProperties, isStricter, type Properties } from "./document-rows.ts";
import { scopeOf } from "./sight.ts";

/**
 * The document's node holds the highest revision that wrote. Each batch locks it and fails with `conflict` when a later
 * writer was there, or when the document was erased meanwhile: what a paused worker sends late is refused by the server.
 */
export async function passFence(run: Run, document: string, revision: number): Promise<void> {
  const [found] = await run<{ fence: number }>(`MATCH (d:Document {id: $document}) ${locked("d")} WITH d RETURN d.fence AS fence`, { document });
  if (!found || found.fence > revision) throw new SluiceError("conflict", `[neo4j] document ${document}: revision ${revision} was overtaken by another writer; nothing of this batch was written`);
}

export interface OpenedDocument {
  /** Highest revision known to be committed, -1 for none. */
  committed: number;
  isNew: boolean;
}

interface StoredDocument {
  properties: Properties & { fence: number; since: number; class: Class; committed?: number };
}

/** Makes or moves the fence. What readers may see of the document itself stays until the commit; a class that rises does so at once. */
export async function openDocument(run: Run, plan: DocumentPlan, revision: number): Promise<OpenedDocument> {
  const { documentId: document, scope } = plan;
  const wanted = documentProperties(plan);
  const first = { ...wanted, id: document, ...scope, scope: scopeOf(scope.tenant, scope.collection), class: plan.class, since: revision, fence: revision };
  const [created] = await run<{ created: boolean }>(`MERGE (d:Document {id: $document}) ON CREATE SET d = $first, d.created = true ${locked("d")} WITH d, d.created AS created REMOVE d.created RETURN coalesce(created, false) AS created`, { document, first });
  if (!created!.created) await passFence(run, document, revision);
  const [stored] = await run<StoredDocument>("MATCH (d:Document {id: $document}) SET d.fence = $revision RETURN properties(d) AS properties", { document, revision });
  const { properties } = stored!;
  const committed = properties.committed ?? -1;
  if (!created!.created) {
    // A document that this revision made is nowhere seen yet.
    const own = properties.since === revision ? { ...nothingOwn, ...wanted } : {};
    const now = isStricter(plan.class, properties.class) ? plan.class : properties.class;
    const next = { nextSince: revision, nextClass: plan.class, ...Object.fromEntries(Object.entries(wanted).map(([name, value]) => [`next_${name}`, value])) };
    await run("MATCH (d:Document {id: $document}) SET d += $own, d += $gone, d += $next, d.class = $now", { document, own, gone: nothingNext, next, now });
  }
  await run("MATCH (d:Document {id: $document}) MATCH (p:Document {id: $parent}) MERGE (p)-[:HAS_CHILD]->(d)", { document, parent: plan.parentId ?? "" });
  await run("MATCH (d:Document {id: $document}) MATCH (c:Document {parentId: $document}) MERGE (d)-[:HAS_CHILD]->(c)", { document });
  return { committed, isNew: created!.created };
}

const versioned = ["name", "mediaType", "language", "date", "time", "parentId"] as const;
const nothingOwn = Object.fromEntries(versioned.map((name) => [name, null]));
const nothingNext = Object.fromEntries([...versioned.map((name) => `next_${name}`), "nextSince", "nextClass"].map((name) => [name, null]));

/** Cypher: what is to come over into the document's own properties, or is forgotten. */
export const takeNext = `SET ${versioned.map((name) => `d.${name} = d.next_${name}`).join(", ")}, d.class = d.nextClass, d.since = d.nextSince`;
export const forgetNext = `REMOVE ${Object.keys(nothingNext).map((name) => `d.${name}`).join(", ")}`;

/** Cypher: a property of the document as its readers see it. */
export const seenOf = (name: (typeof versioned)[number]): string => `CASE WHEN $flying[d.id] >= d.nextSince THEN d.next_${name} ELSE d.${name} END`;
