import { Bit } from "../lists.ts";
import { functionWords } from "../stop-words.ts";
import { has, isCapital, isMark, sameLine, type Token } from "../tokens.ts";
import { type Found, mayBeName, type Reading } from "./found.ts";

const joins = (token: Token | undefined): boolean => token !== undefined && (token.text === "," || /^(?:and|und|et|y|e|or|oder|ou|o|&)$/u.test(token.text));

/** "Kovalev, Lee and Phillips": a capitalised word that is listed beside a name is one too. */
export function findCoordinated({ tokens, german }: Reading, persons: Found[], taken: Uint8Array): Found[] {
  const isPerson = new Uint8Array(tokens.length + 1);
  for (const { from, to } of persons) isPerson.fill(1, from, to);
  const found: Found[] = [];
  const look = (at: number, step: number): void => {
    const token = tokens[at]!;
    if (taken[at] || isPerson[at] || !isCapital(token) || functionWords.has(token.fold) || token.shape !== "Aa" || !neighbour(at, step)) return;
    const alone = !wordBeside(tokens, at - 1, token) && !wordBeside(tokens, at + 1, token);
    const listed = has(token, Bit.first | Bit.last) && !has(token, Bit.role | Bit.country);
    if (!alone || !(listed || (!german && mayBeName(token) && !has(token, Bit.country | Bit.place))) || (german && has(token, Bit.common))) return;
    isPerson[at] = 1;
    found.push({ from: at, to: at + 1, type: "PERSON", score: .5 });
  };
  /** ", Norodom PIMA,": two or three words between commas, beside a name. */
  const lookWhole = (at: number): void => {
    if (tokens[at - 1]!.text !== "," || !(isPerson[at - 2] || isPerson[at + 3] || isPerson[at + 4])) return;
    let to = at;
    while (to < at + 3 && tokens[to] && !taken[to] && !isPerson[to] && mayBeName(tokens[to]) && !has(tokens[to], Bit.place | Bit.country) && sameLine(tokens[to - 1]!, tokens[to]!)) to += 1;
    if (to - at < 2 || tokens[to]?.text !== "," || !(isPerson[at - 2] || isPerson[to + 1])) return;
    isPerson.fill(1, at, to);
    found.push({ from: at, to, type: "PERSON", score: .5 });
  };
  const neighbour = (at: number, step: number): boolean => {
    let next = at - step;
    while (joins(tokens[next]) && Math.abs(next - at) < 3) next -= step;
    return next !== at - step && isPerson[next] === 1;
  };
  if (!german) for (let at = 1; at + 1 < tokens.length; at++) lookWhole(at);
  for (let at = 0; at < tokens.length; at++) look(at, 1);
  for (let at = tokens.length - 1; at >= 0; at--) look(at, -1);
  return found.toSorted((a, b) => a.from - b.from);
}

const wordBeside = (tokens: Token[], at: number, token: Token): boolean => {
  const other = tokens[at];
  if (!other || !isCapital(other)) return isMark(other, "-") && !other!.spaced;
  return other.start < token.start ? sameLine(other, token) : sameLine(token, other);
};
