import { fileURLToPath } from "node:url";
import type { Language } from "../../src/language/language.ts";
import { type GoldDocument, loadGold } from "../documents/load-gold.ts";
import { readPages } from "../documents/read-pages.ts";
import { sampleDocuments } from "../documents/sample-documents.ts";

const folder = fileURLToPath(new URL("../documents", import.meta.url));
const plain = (name: string): string => name.toLowerCase().replace(/[’‘]s\b/gu, "").replace(/[^\p{L}\p{N}%€$]+/gu, " ").trim();

export interface GoldScore {
  document: string;
  /** Precision, recall, found right, found, wanted. */
  entities: [number, number, number, number, number];
  /** Recall with the right type, found, wanted; precision is not asked of sentences that were not marked. */
  relations: [number, number, number];
  notes: string[];
}

/** Precision and recall against the sample documents' gold, text as bare libraries read it; the last row is the sum. */
export async function measureGold(language: Language): Promise<GoldScore[]> {
  const texts = new Map<string, string>();
  for (const name of sampleDocuments) for (const [key, pages] of await readPages(folder, name)) texts.set(key, pages.join("\n\n"));
  const scores: GoldScore[] = [];
  for (const gold of loadGold().documents) {
    const text = texts.get(gold.document);
    if (text) scores.push(scoreOne(language, gold, text));
  }
  const sum = (pick: (score: GoldScore) => number): number => scores.reduce((total, score) => total + pick(score), 0);
  const [right, found, reached, wanted] = [sum((each) => each.entities[2]), sum((each) => each.entities[3]), sum((each) => Math.round(each.entities[1] * each.entities[4])), sum((each) => each.entities[4])];
  const [hit, asked] = [sum((each) => each.relations[1]), sum((each) => each.relations[2])];
  return [...scores, { document: "all", entities: [round(right / found), round(reached / wanted), right, found, wanted], relations: [round(hit / asked), hit, asked], notes: [] }];
}

function scoreOne(language: Language, gold: GoldDocument, text: string): GoldScore {
  const notes: string[] = [];
  const candidates = language.candidates(text, gold.language, { headings: [], title: "" });
  const found = new Map(candidates.map((each) => [`${each.type} ${plain(each.name)}`, each]));
  const entities = gold.entities.filter((each) => !each.picture);
  const forms = (entity: GoldDocument["entities"][number]): string[] => [entity.type, ...entity.orTypes].flatMap((type) => [entity.name, ...entity.aliases].map((name) => `${type} ${plain(name)}`));
  const known = new Set(entities.flatMap(forms));
  const optional = new Set(entities.filter((each) => each.optional).flatMap(forms));
  const counted = [...found.keys()].filter((each) => !optional.has(each));
  const wrong = counted.filter((each) => !known.has(each));
  const wanted = entities.filter((each) => !each.optional);
  const missed = wanted.filter((each) => !forms(each).some((form) => found.has(form)));
  notes.push(`wrong: ${wrong.join("; ")}`, `missed: ${missed.map((each) => `${each.type} ${each.name}`).join("; ")}`);
  const named = (name: string): string[] => {
    const entity = gold.entities.find((each) => each.name === name);
    return [name, ...(entity?.aliases ?? [])].map(plain);
  };
  const relations = language.relations(text, candidates, gold.language).map((each) => ({ type: each.type, source: plain(candidates[each.source]!.name), target: plain(candidates[each.target]!.name) }));
  const hit = gold.relations.filter((each) => relations.some((one) => [each.type, ...each.orTypes].includes(one.type) && named(each.source).includes(one.source) && named(each.target).includes(one.target)));
  for (const each of gold.relations) if (!hit.includes(each)) notes.push(`no relation: ${each.source} ${each.type} ${each.target} | ${each.quote}`);
  const said = new Set(gold.relations.map((each) => `${plain(each.source)} ${plain(each.target)}`));
  for (const each of new Set(relations.filter((one) => !said.has(`${one.source} ${one.target}`)).map((one) => `${one.source} ${one.type} ${one.target}`))) notes.push(`  beyond gold: ${each}`);
  return {
    document: gold.document,
    entities: [round((counted.length - wrong.length) / counted.length), round((wanted.length - missed.length) / wanted.length), counted.length - wrong.length, counted.length, wanted.length],
    relations: [round(hit.length / gold.relations.length), hit.length, gold.relations.length],
    notes,
  };
}

const round = (value: number): number => Math.round(value * 100) / 100;
