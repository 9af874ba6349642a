import { type Class, isRestricted, rank, strictest } from "../data/classification.ts";
import type { Release } from "../data/document.ts";
import { randomId } from "../data/identity.ts";
import type { Job } from "../data/job.ts";
import type { Principal } from "../data/principal.ts";
import type { Finding, ReleasedCall, ReleaseRequest } from "../data/release.ts";
import { SluiceError } from "../errors.ts";
import type { Jobs } from "../jobs/jobs.ts";
import type { Audit } from "../models/audit.ts";
import { exportAudit } from "../models/audit-export.ts";
import type { Privacy } from "../privacy/privacy.ts";
import { needComplete, readFindings } from "../steps/findings.ts";
import type { DocumentWriter } from "../stores/document-writer.ts";
import type { FileStore } from "../stores/files/file-store.ts";
import type { DocumentRow, Ledger } from "../stores/ledger/ledger.ts";
import { counter } from "../telemetry.ts";

export interface ReleaseParts {
  ledger: Pick<Ledger, "documents" | "releases" | "audit" | "jobs">;
  files: FileStore;
  privacy: Privacy;
  writer: Pick<DocumentWriter, "raiseClass">;
  jobs: Pick<Jobs, "storeAgain">;
  audit: Audit;
  /** Answers that were made from these documents. */
  forgetAnswers(documentIds: string[]): Promise<void>;
}

export interface Releases {
  /** Where and why a document is private, with the text; null when the caller may not see the document. */
  findings(principal: Principal, documentId: string): Promise<Finding[] | null>;
  /** Throws `conflict` where the document is worked on, was not read whole, or a floor forbids it; `invalid_input` where nothing is found to release. */
  release(principal: Principal, documentId: string, request: ReleaseRequest): Promise<{ release: Release; job: Job } | null>;
  /** Raises everything derived from the document at once; `calls` already left and cannot be taken back. */
  end(principal: Principal, documentId: string, releaseId: string): Promise<{ job: Job; calls: ReleasedCall[] } | null>;
}

const releases = counter("privacy_releases_total", "Releases that reviewers made and took back", ["action", "what"]);

/** Review: a person, never a machine, lets found values pass; each step is on record. */
export function openReleases(parts: ReleaseParts): Releases {
  const { ledger, privacy } = parts;
  const findingsParts = { files: parts.files, privacy, documents: ledger.documents, releases: ledger.releases };

  async function rootOf(principal: Principal, id: string): Promise<DocumentRow | null> {
    const document = await ledger.documents.get(principal, id);
    if (document?.parentId && !document.isEntry) throw new SluiceError("conflict", `document ${id} is an attachment; use its parent ${document.parentId}`);
    return document;
  }

  async function again(id: string): Promise<Job> {
    const row = await ledger.documents.row(id);
    if (!row) throw new SluiceError("not_found", `document ${id} was erased`);
    const jobId = await parts.jobs.storeAgain(row);
    return (await ledger.jobs.row(jobId))!;
  }

  return {
    async findings(principal, documentId) {
      const document = await ledger.documents.get(principal, documentId);
      return document && (await readFindings(document, findingsParts)).findings;
    },

    async release(principal, documentId, request) {
      const document = await rootOf(principal, documentId);
      if (!document) return null;
      const { findings, complete } = await readFindings(document, findingsParts);
      needComplete(documentId, complete);
      const passing = "class" in request ? toClass(document, request.class, findings, privacy) : ofKind(documentId, request.signal, findings);
      const asked = { class: "class" in request ? request.class : null, kind: "signal" in request ? request.signal : null, reason: request.reason };
      const hashes = [...new Set(passing.map((each) => privacy.releaseHash(each.kind, each.text)))];
      const release = await ledger.releases.create({ id: randomId(), documentId, version: document.version, userId: principal.keyId, hashes, ...asked });
      const kinds = Object.fromEntries([...Map.groupBy(passing, (each) => each.kind)].map(([kind, of]) => [kind, of.length]));
      await parts.audit.event({ event: "release", user_id: principal.keyId, tenant: principal.tenant, document_id: documentId, version: document.version, release_id: release.id, class_before: document.class, class: asked.class, kinds });
      releases.inc({ action: "made", what: asked.class ?? asked.kind! });
      return { release, job: await again(documentId) };
    },

    async end(principal, documentId, releaseId) {
      const document = await rootOf(principal, documentId);
      const release = document && (await ledger.releases.find(documentId, releaseId));
      if (!release) return null;
      const ids = await ledger.documents.ofJob(documentId);
      // Rows first: what the ledger calls private is never readable under the released class.
      for (const id of ids) await parts.writer.raiseClass(id, release.classBefore, null);
      if (!(await ledger.releases.end(documentId, releaseId))) return null;
      await parts.forgetAnswers(ids);
      const calls: ReleasedCall[] = [];
      for await (const call of exportAudit(ledger.audit, { tenant: principal.tenant })) {
        if (call.release_id === releaseId) calls.push({ attemptId: call.attempt_id, at: call.timestamp, backend: call.backend, model: call.model, taskType: call.task_type, outcome: call.outcome });
      }
      await parts.audit.event({ event: "release_ended", user_id: principal.keyId, tenant: principal.tenant, document_id: documentId, version: document.version, release_id: releaseId, calls: calls.length });
      releases.inc({ action: "ended", what: release.class ?? release.kind! });
      return { job: await again(documentId), calls };
    },
  };
}

/** Every finding above the class. A floor that somebody declared, or the tenant set, is not the reviewer's to take away. */
function toClass(document: DocumentRow, wanted: Class, findings: Finding[], privacy: Privacy): Finding[] {
  const { clean, floor } = privacy.policy({ tenant: document.tenant, collection: document.collection });
  const lowest = strictest(clean, floor, document.floor);
  if (rank(wanted) < rank(lowest)) throw new SluiceError("conflict", `document ${document.id} can not be released below ${lowest}: that was declared for it or for its collection`);
  if (rank(wanted) >= rank(document.class)) throw new SluiceError("invalid_input", `document ${document.id} is ${document.class}; a release is to a lower class`);
  return findings.filter((each) => rank(each.class) > rank(wanted));
}

function ofKind(documentId: string, kind: string, findings: Finding[]): Finding[] {
  const found = findings.filter((each) => each.kind === kind && isRestricted(each.class));
  if (found.length === 0) throw new SluiceError("invalid_input", `nothing of that kind makes document ${documentId} private; its reasons name the kinds`);
  return found;
}
