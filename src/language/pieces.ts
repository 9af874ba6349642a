import { Kind, kindAt, widthAt } from "./characters.ts";

/** What stands at a place: a word, a number, a line break with the blanks behind it, a mark; or a blank, which is no piece. */
export type Piece = "word" | "number" | "break" | "mark" | "blank";

const wordKinds = Kind.letter | Kind.mark;
/** More marks in a row than this are one piece, whichever they are, so that hostile text makes few. */
const longestRun = 8;

export function pieceAt(text: string, at: number): Piece {
  const kind = kindAt(text, at);
  if (kind & wordKinds) return "word";
  if (kind & Kind.number) return "number";
  if (!(kind & Kind.blank)) return "mark";
  const code = text.charCodeAt(at);
  return code === 10 || (code === 13 && text.charCodeAt(at + 1) === 10) ? "break" : "blank";
}

/** End of the piece that begins at a place. */
export function pieceEnd(text: string, at: number, piece: Piece): number {
  if (piece === "word") return wordEnd(text, at);
  if (piece === "number") return runOf(text, at, Kind.number);
  if (piece === "break") return runOf(text, at, Kind.blank);
  if (piece === "mark") return markEnd(text, at);
  return at + 1;
}

function runOf(text: string, from: number, kinds: number): number {
  let at = from;
  while (at < text.length && kindAt(text, at) & kinds) at += widthAt(text, at);
  return at;
}

/** Letters and their marks, with one apostrophe or hyphen between any two runs of them. */
function wordEnd(text: string, from: number): number {
  let end = runOf(text, from, wordKinds);
  while (isJoint(text.charCodeAt(end)) && end + 1 < text.length && kindAt(text, end + 1) & wordKinds) end = runOf(text, end + 1, wordKinds);
  return end;
}

/** ' ’ - ‑ */
const isJoint = (code: number): boolean => code === 0x27 || code === 0x2019 || code === 0x2d || code === 0x2011;

/** One mark as often as it is repeated, or a run of at least eight of any. */
function markEnd(text: string, from: number): number {
  const notMark = wordKinds | Kind.number | Kind.blank;
  let end = from;
  for (let count = 0; end < text.length && !(kindAt(text, end) & notMark); count++) {
    end += widthAt(text, end);
    if (count + 1 === longestRun) {
      while (end < text.length && !(kindAt(text, end) & notMark)) end += widthAt(text, end);
      return end;
    }
  }
  const width = widthAt(text, from);
  const code = text.codePointAt(from);
  end = from + width;
  while (end < text.length && text.codePointAt(end) === code) end += width;
  return end;
}
