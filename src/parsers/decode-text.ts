import { readFile } from "node:fs/promises";
import chardet from "chardet";
import iconv from "iconv-lite";
import { type Draft, tooManyCharacters, warn } from "./draft.ts";
import type { ParseRequest } from "./parser.ts";

const sampleBytes = 256 * 1024;

/** The file's text with `\n` line ends: UTF-8 or UTF-16 when it is, else the encoding that its bytes look like. */
export async function decodeText(request: ParseRequest, draft: Draft): Promise<string> {
  return decodeBytes(await readFile(request.input), request, draft).replace(/\r\n?/g, "\n");
}

export function decodeBytes(bytes: Buffer, request: ParseRequest, draft: Draft): string {
  // UTF-8 needs at most four bytes a character, so that this bound never refuses a text that would fit.
  if (bytes.length > request.limits.characters * 4) throw tooManyCharacters(bytes.length, request.limits.characters);
  const text = decode(bytes, draft);
  if (text.length > request.limits.characters) throw tooManyCharacters(text.length, request.limits.characters);
  if (text.includes("\0")) warn(draft, "control_characters", "the text holds NUL characters; they were removed");
  return text;
}

function decode(bytes: Buffer, draft: Draft): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return iconv.decode(bytes, "utf-16le");
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return iconv.decode(bytes, "utf-16be");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return decodeForeign(bytes, draft);
  }
}

function decodeForeign(bytes: Buffer, draft: Draft): string {
  const loose = new TextDecoder("utf-8").decode(bytes);
  const broken = loose.split("\ufffd").length - 1;
  const wide = loose.slice(0, sampleBytes).match(/[\u0080-\ufffc]/g)?.length ?? 0;
  if (wide > broken) {
    warn(draft, "invalid_utf8", `${broken} bytes are not valid UTF-8 and are shown as the replacement character; save the file as UTF-8`);
    return loose;
  }
  const guess = chardet.detect(bytes.subarray(0, sampleBytes));
  const encoding = guess && guess !== "UTF-8" && iconv.encodingExists(guess) ? guess : "windows-1252";
  warn(draft, "encoding_guessed", `the text is not UTF-8; it was read as ${encoding}, save it as UTF-8 if characters look wrong`);
  return iconv.decode(bytes, encoding);
}
