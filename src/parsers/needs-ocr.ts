/**
 * OCR needs threads, and most files are read by a process that may not start any: such a process says so here and the
 * file goes to one that may.
 */
export const needsOcr = { allowed: false, asked: false };

/** True when pictures may be read here; else remembers that they have to be. */
export function mayReadPictures(): boolean {
  if (!needsOcr.allowed) needsOcr.asked = true;
  return needsOcr.allowed;
}
