import { isCapital, isMark, sameLine, type Token } from "../tokens.ts";
import { type Found, isInitial, isShortened } from "./found.ts";

/** Persons with the initials right before them ("N. Boissel") and, behind a surname in capitals, after them ("BOYERE A."). `M.` is Monsieur. */
export function withInitials(tokens: readonly Token[], persons: readonly Found[], taken: Uint8Array): void {
  for (const person of persons) {
    if (person.type !== "PERSON" || !isCapital(tokens[person.from])) continue;
    for (let at = person.from - 2; at >= 0 && isDotted(tokens, at) && tokens[at]!.text !== "M" && !taken[at] && sameLine(tokens[at + 1]!, tokens[at + 2]!); at -= 2) {
      if (isMark(tokens[at - 1], "./§-") || tokens[at - 1]?.kind === "number") break;
      taken.fill(1, at, person.from);
      person.from = at;
    }
    const last = tokens[person.to - 1]!;
    if (isInitial(last) && isDotted(tokens, person.to - 1) && !taken[person.to]) taken[person.to++] = 1;
    const next = tokens[person.to];
    if (last.shape === "AA" && last.text.length > 2 && next && isDotted(tokens, person.to) && !taken[person.to] && sameLine(last, next) && !isCapital(tokens[person.to + 2])) {
      taken.fill(1, person.to, person.to + 2);
      person.to += 2;
    }
  }
}

const isDotted = (tokens: readonly Token[], at: number): boolean =>
  isShortened(tokens, at) || (isInitial(tokens[at]) && tokens[at + 1]?.text === "." && !tokens[at + 1]!.spaced);
