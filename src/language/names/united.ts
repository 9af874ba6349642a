import { Bit } from "../lists.ts";
import { has, isCapital, sameLine, type Token } from "../tokens.ts";
import { cutName } from "./cut.ts";
import { type Found, isInitial, type Reading } from "./found.ts";
import { isThing } from "./things.ts";
import { isPlausible, thingsOf } from "./plausible.ts";

/**
 * What the trained model proposes beside the rules' findings: a person or street that the rules found in part grows to
 * what the model says; what is new comes back, cut as the rules' own.
 */
export function united(reading: Reading, proposed: Found[], kept: Found[], organisations: readonly Found[], taken: Uint8Array): Found[] {
  const { tokens } = reading;
  const owner = new Map<number, Found>();
  for (const each of kept) for (let at = each.from; at < each.to; at++) owner.set(at, each);
  const things = thingsOf(tokens, organisations);
  const fresh: Found[] = [];
  for (const each of proposed) {
    if (each.type !== "PERSON" && each.type !== "ADDRESS" && (isInitials(tokens, each) || isNamed(tokens, each))) continue;
    const held = new Set<Found>();
    for (let at = each.from; at < each.to; at++) if (owner.has(at)) held.add(owner.get(at)!);
    if (!held.size) {
      const cut = each.type === "PERSON" ? cutName(tokens, each, reading.languages.has("de")) : each;
      if (cut && isPlausible(reading, cut, things) && !(cut.type === "PERSON" && isThing(reading, cut))) fresh.push(cut);
      continue;
    }
    const own = [...held];
    if (own.length !== 1 || own[0]!.type !== each.type || (each.type !== "PERSON" && each.type !== "ADDRESS")) continue;
    grow(tokens, own[0]!, each, owner, taken);
  }
  return fresh;
}

/** "a boy named Chester": a place is not called so. */
const isNamed = (tokens: Token[], { from, to }: Found): boolean => to - from === 1 && /^(?:named|called|namens|heisst|nommee?|llamad[oa])$/u.test(tokens[from - 1]?.fold ?? "") && has(tokens[from], Bit.first | Bit.last);

/** "K. T." is nobody's company: the rules for courts say whose it is. */
const isInitials = (tokens: Token[], { from, to }: Found): boolean => tokens.slice(from, to).every((each) => isInitial(each) || each.kind === "mark");

function grow(tokens: Token[], found: Found, to: Found, owner: Map<number, Found>, taken: Uint8Array): void {
  const may = (at: number): boolean => tokens[at] !== undefined && !owner.has(at) && (found.type === "ADDRESS" || ((isCapital(tokens[at]) || has(tokens[at], Bit.particle) || tokens[at]!.text === ".") && !has(tokens[at], Bit.role | Bit.title | Bit.label)));
  while (found.to < to.to && may(found.to) && (found.type === "ADDRESS" || sameLine(tokens[found.to - 1]!, tokens[found.to]!))) hold(found.to++);
  while (found.from > to.from && (tokens[found.from - 1]!.text !== "." || found.type === "ADDRESS") && may(found.from - 1) && (found.type === "ADDRESS" || sameLine(tokens[found.from - 1]!, tokens[found.from]!))) hold(--found.from);
  function hold(at: number): void {
    owner.set(at, found);
    taken[at] = 1;
  }
}
