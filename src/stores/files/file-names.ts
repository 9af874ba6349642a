import { SluiceError } from "../../errors.ts";

const idShape = /^[a-z0-9][a-z0-9-]{3,63}$/;
const nameShape = /^[a-z0-9][a-z0-9._-]{0,199}$/i;

/** Throws `invalid_input` on what is not the id of a document: no id leaves the store's folder. */
export function checkFileId(documentId: string): string {
  if (!idShape.test(documentId)) throw new SluiceError("invalid_input", "[files] this is not the id of a document");
  return documentId;
}

export function checkFileName(documentId: string, name: string): string {
  if (!nameShape.test(name)) throw new SluiceError("invalid_input", `[files] document ${documentId}: a file name has letters, digits, dot, dash and underscore only, at most 200`);
  return name;
}
