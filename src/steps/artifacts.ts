import { z } from "zod";
import { SluiceError } from "../errors.ts";
import type { FileStore } from "../stores/files/file-store.ts";
import type { Run, WorkDocument } from "./work.ts";

/** What a step leaves for the next in the file store, so that a resumed run finds it. */
export interface Artifact<T> {
  name: string;
  /** Raised when the shape changes: an older file counts as absent and its step runs again. */
  schemaVersion: number;
  schema: z.ZodType<T>;
}

/** Named by content, so that the bytes can rest before the ledger accepts them. */
export const originalName = (hash: string): string => `original-${hash.slice(0, 32)}`;

/** Artifacts of one version and generation of a document; a later one starts from nothing. */
export const artifactName = (document: Pick<WorkDocument, "version">, run: Pick<Run, "generation">, name: string): string =>
  `work-${document.version}-${run.generation}-${name}`;

export async function readArtifact<T>(files: FileStore, run: Pick<Run, "generation">, document: Pick<WorkDocument, "id" | "version">, artifact: Artifact<T>): Promise<T | null> {
  const bytes = await files.get(document.id, artifactName(document, run, `${artifact.name}.json`));
  if (!bytes) return null;
  const envelope = z.object({ schemaVersion: z.number(), value: z.unknown() }).safeParse(JSON.parse(bytes.toString("utf8")));
  if (!envelope.success || envelope.data.schemaVersion !== artifact.schemaVersion) return null;
  return artifact.schema.parse(envelope.data.value);
}

/** As `readArtifact`, for a step whose input must be there. */
export async function needArtifact<T>(files: FileStore, run: Run, document: WorkDocument, artifact: Artifact<T>): Promise<T> {
  const value = await readArtifact(files, run, document, artifact);
  if (value === null) throw new SluiceError("internal", `the ${artifact.name} artifact of document ${document.id} is gone; reprocess the document`);
  return value;
}

export async function writeArtifact<T>(files: FileStore, run: Run, document: WorkDocument, artifact: Artifact<T>, value: T): Promise<void> {
  const envelope = { schemaVersion: artifact.schemaVersion, value };
  await files.put(document.id, artifactName(document, run, `${artifact.name}.json`), JSON.stringify(envelope));
}

/** Removes what earlier versions and generations left, their originals too. */
export async function sweepArtifacts(files: FileStore, run: Run, document: WorkDocument, original: string): Promise<void> {
  const current = artifactName(document, run, "");
  const names = await files.list(document.id);
  const old = (name: string) => (name.startsWith("work-") && !name.startsWith(current)) || (name.startsWith("original-") && name !== original);
  await files.remove(document.id, names.filter(old));
}
