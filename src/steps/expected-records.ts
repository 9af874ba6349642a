import type { FileStore } from "../stores/files/file-store.ts";
import type { StoredRecords } from "../stores/verification.ts";
import { type Artifact, readArtifact, originalName } from "./artifacts.ts";
import { chunksArtifact } from "./chunk.ts";
import { madeVectors } from "./embed.ts";
import { entitiesArtifact, mergesArtifact, statementsArtifact } from "./extraction-artifacts.ts";
import { parsedArtifact } from "./parse.ts";
import { pictureId, picturesArtifact } from "./picture-texts.ts";

/**
 * What the stores should hold of a committed version, read from the artifacts of its latest complete generation; null when
 * they are not all there. `original`: whether the uploaded bytes are.
 */
export async function expectedRecords(files: FileStore, document: { id: string; version: number; sha256: string }): Promise<{ original: boolean; records: StoredRecords | null }> {
  const names = await files.list(document.id);
  const generations = names.flatMap((name) => new RegExp(`^work-${document.version}-(\\d+)-`).exec(name)?.[1] ?? []).map(Number);
  const original = names.includes(originalName(document.sha256));
  for (const generation of [...new Set(generations)].toSorted((a, b) => b - a)) {
    const records = await ofGeneration(files, document, generation);
    if (records) return { original, records };
  }
  return { original, records: null };
}

async function ofGeneration(files: FileStore, document: { id: string; version: number }, generation: number): Promise<StoredRecords | null> {
  const read = <T>(artifact: Artifact<T>) => readArtifact(files, { generation }, document, artifact);
  const [parsed, chunks, entities, relations, merges] = [await read(parsedArtifact), await read(chunksArtifact), await read(entitiesArtifact), await read(statementsArtifact), await read(mergesArtifact)];
  if (!parsed || !chunks || !entities || !relations || !merges) return null;
  const described = (await read(picturesArtifact)) ?? [];
  const vectors = await madeVectors(files, document.id);
  const ids = chunks.map((chunk) => chunk.id).toSorted();
  return {
    chunks: ids,
    texts: ids,
    vectors: vectors && ids.every((id) => vectors.byChunk.has(id)) ? ids : [],
    mentions: entities.mentions.map((each) => each.id).toSorted(),
    statements: relations.statements.map((each) => each.id).toSorted(),
    merges: merges.map(({ a, b, method }) => `${a < b ? a : b} ${a < b ? b : a} ${method}`).toSorted(),
    pictures: described.map((each) => pictureId(document.id, parsed.pictures[each.index]!.sha256, each.index)).toSorted(),
  };
}
