import pLimit from "p-limit";
import { z } from "zod";
import type { ParsedDocument, ParsedPicture } from "../data/block.ts";
import { type Class, strictest } from "../data/classification.ts";
import type { Task } from "../data/decision.ts";
import { randomId } from "../data/identity.ts";
import { SluiceError } from "../errors.ts";
import type { Models } from "../models/models.ts";
import type { FileStore } from "../stores/files/file-store.ts";
import { needArtifact, writeArtifact } from "./artifacts.ts";
import { parsedArtifact, pictureName } from "./parse.ts";
import { picturesArtifact, type PictureTexts } from "./picture-texts.ts";
import { type Account, accountOf, addAccounts, emptyAccount, type Run, type WorkDocument } from "./work.ts";

export const VisionOptions = z.strictObject({
  /** Pictures of public documents may go to a cloud model. */
  cloud: z.boolean().default(false),
  /** Pictures of one document that are described; the rest keeps what OCR read. */
  most: z.number().int().min(0).default(50),
  /** Mean OCR confidence (0..100) under which a picture counts as unreadable, hence `pii`. */
  readable: z.number().min(0).max(100).default(60),
});
export type VisionOptions = z.infer<typeof VisionOptions>;

export interface VisionParts {
  files: FileStore;
  models: Models;
  /** As they are now: they follow the configuration. */
  options(): VisionOptions;
}

/** The vision model describes what the filter left. `news` says that there is text now which no gate has read yet. */
export async function describePictures(documents: WorkDocument[], run: Run, parts: VisionParts): Promise<{ news: boolean; account: Account }> {
  let account = emptyAccount();
  let news = false;
  for (const document of documents.filter((each) => !each.failed)) {
    const parsed = await needArtifact(parts.files, run, document, parsedArtifact);
    // Also those an interrupted run has described: the memo answers for them, and their text has still to be read by the gate.
    const open = parsed.pictures.flatMap((picture, index) => (picture.skipped ? [] : [{ picture, index }]));
    if (!open.length) continue;
    const state = parts.models.tier("vision", parts.options().cloud ? document.class : "pii");
    if (state === "down") throw new SluiceError("model_unavailable", `no vision model answers; document ${document.id} waits until one does`, { retryable: true });
    if (state === "absent") {
      account.warnings.push({ code: "vision_off", message: `${open.length} pictures were read by OCR only: no vision model; \`ollama pull qwen2.5vl:7b\`, then reprocess` });
      continue;
    }
    const described = await describeAll(document, parsed, open.slice(0, parts.options().most), run, parts);
    if (open.length > parts.options().most) described.account.warnings.push({ code: "pictures_left", message: `${open.length - parts.options().most} of ${open.length} pictures were read by OCR only: more than vision.most` });
    account = addAccounts(account, described.account);
    if (described.texts.length) {
      await writeArtifact(parts.files, run, document, picturesArtifact, described.texts);
      news = true;
    }
  }
  return { news, account };
}

type Open = { picture: ParsedPicture; index: number };
const Description = z.object({ description: z.string().max(5000), text: z.string().max(20_000).default("") });

async function describeAll(document: WorkDocument, parsed: ParsedDocument, open: Open[], run: Run, parts: VisionParts): Promise<{ texts: PictureTexts; account: Account }> {
  const limit = pLimit(2);
  let account = emptyAccount();
  let done = 0;
  const texts = await Promise.all(
    open.map(({ picture, index }) =>
      limit(async () => {
        run.signal.throwIfAborted();
        const unreadable = !picture.ocr || picture.ocr.text.trim() === "" || picture.ocr.confidence < parts.options().readable;
        const own = strictest(document.class, unreadable ? "pii" : "public");
        const bytes = await parts.files.get(document.id, pictureName(document, run, index));
        if (!bytes) return null;
        try {
          const context = parsed.blocks.findLast((block) => block.kind === "heading" && block.page <= picture.page)?.text ?? "none";
          const answer = await parts.models.ask({ prompt: "describe-picture", inputs: { context, read: picture.ocr?.text ?? "" }, pictures: [bytes], schema: Description, task: taskOf(document, own, open.length, picture, run, parts), signal: run.signal });
          account = addAccounts(account, accountOf("describePicture", answer));
          const text = [answer.value.description, answer.value.text].map((each) => each.trim()).filter(Boolean).join("\n");
          return { index, text, unreadable, class: own, model: answer.model };
        } catch (error) {
          if (!(error instanceof SluiceError) || error.code !== "model_failed") throw error;
          account.warnings.push({ code: "picture_failed", message: `picture ${index + 1} keeps what OCR read: ${error.message}` });
          return null;
        } finally {
          run.progress("vision", ++done, open.length);
        }
      }),
    ),
  );
  return { texts: texts.filter((each) => each !== null && each.text !== "") as PictureTexts, account };
}

function taskOf(document: WorkDocument, classification: Class, pictures: number, picture: ParsedPicture, run: Run, parts: VisionParts): Omit<Task, "tier"> {
  return {
    taskType: "vision", quality: "high", complexity: "medium", latencyMs: null, batchSize: pictures, modelSizeGb: null, classification,
    localOnly: !parts.options().cloud, tenant: run.scope.tenant, collection: run.scope.collection, documentId: document.id, chunkId: `picture-${picture.sha256.slice(0, 32)}`,
    step: "describePicture", generation: run.generation, userId: run.userId, requestId: run.jobId, taskId: randomId(), maxOutputTokens: null, priority: "ingest",
  };
}
