import type { Scope } from "../data/identity.ts";
import type { Finding } from "../data/release.ts";
import { SluiceError } from "../errors.ts";
import type { Privacy } from "../privacy/privacy.ts";
import type { FileStore } from "../stores/files/file-store.ts";
import type { DocumentRow, Ledger } from "../stores/ledger/ledger.ts";
import { readArtifact } from "./artifacts.ts";
import { classifiedArtifact, passagesOf, spokenName } from "./classify.ts";
import { parsedArtifact } from "./parse.ts";
import { picturesArtifact } from "./picture-texts.ts";

export interface FindingsParts {
  files: FileStore;
  privacy: Pick<Privacy, "scan" | "isReleased">;
  documents: Pick<Ledger["documents"], "row" | "ofJob">;
  releases: Pick<Ledger["releases"], "hashes">;
}

/**
 * Reads a document, and what is attached to it, again as the gate did, from what its last job left; what a reviewer let
 * pass is no finding. `complete` is false where a detector did not finish or a language has none.
 */
export async function readFindings(root: DocumentRow, parts: FindingsParts): Promise<{ findings: Finding[]; complete: boolean }> {
  const findings: Finding[] = [];
  let complete = true;
  for (const id of await parts.documents.ofJob(root.id)) {
    const row = await parts.documents.row(id);
    if (!row) continue;
    const read = await readOne(row, parts);
    findings.push(...read.findings);
    complete &&= read.complete;
  }
  return { findings, complete };
}

async function readOne(row: DocumentRow, parts: FindingsParts): Promise<{ findings: Finding[]; complete: boolean }> {
  const generation = await lastGeneration(row, parts.files);
  const parsed = generation === null ? null : await readArtifact(parts.files, { generation }, row, parsedArtifact);
  if (!parsed) return { findings: [], complete: false };
  const pictures = (await readArtifact(parts.files, { generation: generation! }, row, picturesArtifact)) ?? [];
  const passages = passagesOf(parsed, spokenName(row), pictures);
  const scope: Scope = { tenant: row.tenant, collection: row.collection };
  const released = await parts.releases.hashes([row.id]);
  const verdicts = await parts.privacy.scan(passages, scope, released);
  const findings = verdicts.flatMap((verdict, index) => {
    const { text, role = "body", context, page } = passages[index]!;
    const place = role === "metadata" && context ? `metadata ${context}` : role;
    return verdict.signals.map((signal) => ({ documentId: row.id, kind: signal.kind, class: signal.class, score: signal.score, detector: signal.detector, place, page, text: text.slice(signal.start, signal.end) }));
  });
  const looked = (await readArtifact(parts.files, { generation: generation! }, row, classifiedArtifact))?.signals.filter((each) => each.kind === "second_look") ?? [];
  for (const signal of looked) {
    const passage = passages.find(({ at, text }) => at !== null && at <= signal.start && signal.end <= at + text.length);
    const text = passage?.text.slice(signal.start - passage.at!, signal.end - passage.at!) ?? "";
    if (passage && !parts.privacy.isReleased(released, signal.kind, text)) findings.push({ documentId: row.id, kind: signal.kind, class: signal.class, score: signal.score, detector: signal.detector, place: passage.role ?? "body", page: passage.page, text });
  }
  return { findings, complete: verdicts.every((each) => each.complete) };
}

/** Of this version, whose artifacts the last job kept. */
async function lastGeneration(row: DocumentRow, files: FileStore): Promise<number | null> {
  const generations = (await files.list(row.id)).flatMap((name) => {
    const found = /^work-(\d+)-(\d+)-parsed\.json$/.exec(name);
    return found && Number(found[1]) === row.version ? [Number(found[2])] : [];
  });
  return generations.length === 0 ? null : Math.max(...generations);
}

/** What has to be read whole before a person may let any of it pass. Throws `conflict`. */
export function needComplete(documentId: string, complete: boolean): void {
  if (!complete) throw new SluiceError("conflict", `document ${documentId} could not be read by every detector, so that nobody knows what would be released; reprocess it, or leave it as it is`);
}
