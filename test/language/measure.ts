import type { Language } from "../../src/language/language.ts";
import type { HeldOut } from "./held-out.ts";

const plain = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}%$€]+/gu, " ").trim();

interface Score {
  precision: number;
  recall: number;
}

/** Entities count when type and name are right (types CONCEPT and the gold's may differ for works); relations when ends and type are. */
export function measureExtraction(language: Language, lines: HeldOut[]): { entities: Score; relations: Score; notes: string[] } {
  const notes: string[] = [];
  const tally = { entity: [0, 0, 0], relation: [0, 0, 0] } as Record<string, [number, number, number]>;
  for (const line of lines) {
    const candidates = language.candidates(line.text, line.language, { headings: [], title: "" });
    const found = new Set(candidates.map((each) => `${each.type} ${plain(each.name)}`));
    const wanted = new Set(line.entities.map(([type, name]) => `${type} ${plain(name)}`));
    count(tally["entity"]!, found, wanted, notes, "entity", line.text);
    const relations = language.relations(line.text, candidates, line.language);
    const read = new Set(relations.map((each) => `${plain(candidates[each.source]!.name)} ${each.type} ${plain(candidates[each.target]!.name)}`));
    count(tally["relation"]!, read, new Set(line.relations.map(([source, type, target]) => `${plain(source)} ${type} ${plain(target)}`)), notes, "relation", line.text);
  }
  const score = ([right, found, wanted]: [number, number, number]): Score => ({ precision: round(right / found), recall: round(right / wanted) });
  return { entities: score(tally["entity"]!), relations: score(tally["relation"]!), notes };
}

function count(tally: [number, number, number], found: Set<string>, wanted: Set<string>, notes: string[], kind: string, text: string): void {
  const right = [...wanted].filter((each) => found.has(each));
  tally[0] += right.length;
  tally[1] += found.size;
  tally[2] += wanted.size;
  const missed = [...wanted].filter((each) => !found.has(each));
  const wrong = [...found].filter((each) => !wanted.has(each));
  if (missed.length || wrong.length) notes.push(`${kind}: missed [${missed.join("; ")}] wrong [${wrong.join("; ")}] in ${text.slice(0, 110)}`);
}

const round = (value: number): number => Math.round(value * 100) / 100;
