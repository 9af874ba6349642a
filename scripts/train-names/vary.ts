import { fold } from "../../src/language/fold.ts";
import { Bit, type Lists } from "../../src/language/lists.ts";
import type { Chunk, Piece } from "./corpus.ts";
import { nameFrom, type Pools } from "./pools.ts";
import { pick, type Random } from "./random.ts";

/** Share of lines of a source that an epoch leaves out. */
const skipped: Record<string, number> = { AjMC: .5, Europeana: .5, NewsEye: .4, BTC: .3 };

/** Which chunks an epoch learns from: fewer without names, and fewer of old or careless text. */
export const isChosen = (chunk: Chunk, random: Random): boolean => random() >= (skipped[chunk.source] ?? 0) && (chunk.named || random() >= .45);

/** The words of a chunk, at times with other names of the same form, or all in capitals or small letters. */
export function varied(chunk: Chunk, pools: Pools, lists: Lists, random: Random): Piece[] {
  let pieces = chunk.named && random() < .45 ? renamed(chunk, pools, lists, random) : chunk.pieces;
  const cased = random();
  if (cased < .02) pieces = pieces.map((each) => ({ ...each, text: each.kind === "word" ? each.text.toUpperCase() : each.text }));
  else if (cased < (chunk.language === "en" ? .09 : .05)) pieces = pieces.map((each) => ({ ...each, text: each.text.toLowerCase() }));
  return pieces;
}

function renamed({ pieces, labels, language }: Chunk, pools: Pools, lists: Lists, random: Random): Piece[] {
  const given = new Map<string, string>();
  return pieces.map((piece, at) => {
    const label = labels[at]!;
    if ((label !== 1 && label !== 2) || piece.kind !== "word" || piece.text.length < 3 || !/^\p{Lu}/u.test(piece.text)) return piece;
    const bits = lists(fold(piece.text));
    if (bits & (Bit.particle | Bit.title)) return piece;
    let name = given.get(piece.text);
    if (!name) {
      const first = labels[at + 1] === 2 || (label === 1 && (bits & Bit.first) !== 0);
      name = nameFrom(first ? pools.first : pools.last, language, random);
      if (piece.text === piece.text.toUpperCase()) name = name.toUpperCase();
      given.set(piece.text, name);
    }
    return { ...piece, text: name };
  });
}

/** Forms a person's name takes in letters, lists and records. */
export function personForm(pools: Pools, language: string, random: Random): string {
  const first = (): string => nameFrom(pools.first, language, random);
  const last = (): string => surname(pools, language, random);
  const chance = random();
  if (chance < .45) return `${first()} ${last()}`;
  if (chance < .53) return first();
  if (chance < .6) return `${first()[0]}. ${last()}`;
  if (chance < .66) return `${first()} ${first()[0]}. ${last()}`;
  if (chance < .72) return `${last().toUpperCase()} ${first()}`;
  if (chance < .76) return `${first()} ${last().toUpperCase()}`;
  if (chance < .8) return `${last()}, ${first()}`;
  if (chance < .86) return `${first()} ${last()}-${last()}`;
  if (chance < .92) return `${first()} ${first()} ${last()}`;
  if (chance < .95) return `${first()}-${first()} ${last()}`;
  return language === "es" ? `${first()} ${last()} ${last()}` : `${first()} ${pick(["von", "van", "de", "van der", "du", "della", "el", "Mc"], random)} ${last()}`;
}

export function surname(pools: Pools, language: string, random: Random): string {
  const last = nameFrom(pools.last, language, random);
  return language === "es" && random() < .6 ? `${last} ${nameFrom(pools.last, language, random)}` : last;
}
