import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { noCounts } from "../../src/data/document.ts";
import { hashId } from "../../src/data/identity.ts";
import { needArtifact, writeArtifact } from "../../src/steps/artifacts.ts";
import { chunk, chunksArtifact } from "../../src/steps/chunk.ts";
import { ChunkOptions } from "../../src/steps/chunk-options.ts";
import { classifiedArtifact } from "../../src/steps/classify.ts";
import { openTextWork } from "../../src/steps/open-text-work.ts";
import { parsedArtifact } from "../../src/steps/parse.ts";
import { picturesArtifact } from "../../src/steps/picture-texts.ts";
import type { Run, WorkDocument } from "../../src/steps/work.ts";
import { openFileStore } from "../../src/stores/files/open-file-store.ts";

const textWork = openTextWork({ size: 1, deadline: 60_000 });
const folder = await mkdtemp(join(tmpdir(), "sluice-chunks-"));
afterAll(async () => {
  await textWork.close();
  await rm(folder, { recursive: true });
});

it("what a model read in a picture that nobody could read is pii, however long it is", async () => {
  const files = await openFileStore({ directory: folder });
  const document: WorkDocument = { id: hashId("d"), version: 1, sha256: "0", parentId: null, format: "pdf", class: "public", reasons: [], balancedClass: "public", language: "en", pages: 1, counts: noCounts, failed: null };
  const run: Run = { jobId: "j", scope: { tenant: "default", collection: "default" }, generation: 0, userId: null, signal: new AbortController().signal, lease: () => ({ jobId: "j", number: 1 }), progress() {} };
  const picture = { file: "p", sha256: "1", width: 900, height: 900, page: 1, box: null, altText: "", ocr: null, skipped: null };
  const paragraph = { kind: "paragraph" as const, text: "The crane stands by the water.", page: 1, boxes: [] };
  const blocks = [paragraph, { kind: "picture" as const, text: "", page: 1, boxes: [], picture: 0 }, paragraph];
  await writeArtifact(files, run, document, parsedArtifact, { version: 1, mediaType: "application/pdf", pages: 1, pageSizes: [], blocks, metadata: {}, pictures: [picture], children: [], date: null, warnings: [] });
  await writeArtifact(files, run, document, classifiedArtifact, { class: "public", signals: [], beside: [], least: "public" });
  const letter = "A letter in a hand that is hard to read tells of the weather. ".repeat(60);
  await writeArtifact(files, run, document, picturesArtifact, [{ index: 0, text: letter, unreadable: true, class: "pii", model: "m" }]);

  const policy = () => ({ policy: "strict" as const, scope: "document" as const, clean: "public" as const, floor: "public" as const });
  await chunk([document], run, { files, textWork, options: ChunkOptions.parse({ target: 100, hard: 150 }), privacy: { policy } });
  const chunks = await needArtifact(files, run, document, chunksArtifact);
  expect(chunks.filter(({ kind }) => kind === "picture").length).toBeGreaterThan(3);
  expect([...new Set(chunks.map((each) => `${each.kind} ${each.class}`))]).toEqual(["text public", "picture pii"]);
});
