import { join } from "node:path";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { SluiceError } from "../errors.ts";

const require = createRequire(import.meta.url);
const root = dirname(require.resolve("pdfjs-dist/package.json"));

/** Fonts, character maps and decoders come from the package itself; nothing is fetched, evaluated or run. */
export const pdfOptions = () => ({
  verbosity: 0,
  isEvalSupported: false,
  enableXfa: false,
  useSystemFonts: false,
  stopAtErrors: false,
  standardFontDataUrl: `${join(root, "standard_fonts")}/`,
  cMapUrl: `${join(root, "cmaps")}/`,
  cMapPacked: true,
  wasmUrl: `${join(root, "wasm")}/`,
  iccUrl: `${join(root, "iccs")}/`,
});

/** What pdfjs's own errors mean for the person who sent the file. */
export function pdfError(error: unknown): unknown {
  if (error instanceof SluiceError) return error;
  const name = (error as { name?: string }).name ?? "";
  if (name.startsWith("Password")) {
    return new SluiceError("unreadable", "the PDF is encrypted with a password; save it without one and send it again", { cause: error });
  }
  return new SluiceError("unreadable", "the PDF is cut off or damaged and no page could be read; save it again and send it anew", { cause: error });
}
