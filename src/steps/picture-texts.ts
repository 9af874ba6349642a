import { z } from "zod";
import type { Block, ParsedDocument } from "../data/block.ts";
import { Class } from "../data/classification.ts";
import { hashId } from "../data/identity.ts";
import type { FileStore } from "../stores/files/file-store.ts";
import { type Artifact, readArtifact } from "./artifacts.ts";
import type { Run, WorkDocument } from "./work.ts";

/** What the vision model read out of the pictures of a document: new text that takes the same way as any other. */
export const PictureTexts = z.array(
  z.object({
    index: z.number().int(),
    text: z.string(),
    /** A picture that nobody could read is `pii` itself, whatever its document is. */
    unreadable: z.boolean(),
    class: Class,
    model: z.string().nullable(),
  }),
);
export type PictureTexts = z.infer<typeof PictureTexts>;

export const picturesArtifact: Artifact<PictureTexts> = { name: "pictures", schemaVersion: 1, schema: PictureTexts };

/** Of one picture of one document: the same picture twice is two. */
export const pictureId = (documentId: string, sha256: string, index: number): string => hashId("picture", documentId, sha256, String(index));

export const readPictureTexts = async (files: FileStore, run: Run, document: WorkDocument): Promise<PictureTexts> =>
  (await readArtifact(files, run, document, picturesArtifact)) ?? [];

/**
 * The blocks as the gate reads them and the chunks show them: a picture says what the vision model said, else what OCR read,
 * else its alternative text. Both steps use it, so that their offsets agree.
 */
export function describedBlocks(parsed: ParsedDocument, described: PictureTexts): Block[] {
  return parsed.blocks.map((block) => {
    if (block.kind !== "picture" || block.picture === undefined) return block;
    const picture = parsed.pictures[block.picture];
    const text = described.find((each) => each.index === block.picture)?.text || (picture?.skipped ? "" : picture?.ocr?.text);
    return { ...block, text: text || picture?.altText || block.text };
  });
}
