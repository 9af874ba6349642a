import { z } from "zod";
import { SluiceError } from "../errors.ts";

const structural = ["HAS_SECTION", "HAS_CHUNK", "HAS_CHILD", "MENTIONED_IN", "SAME_AS", "ON", "HAS_NAME", "IS_ABOUT"];
const typeName = z.string().regex(/^[A-Z][A-Z0-9_]{1,40}$/, "capital letters, digits and underscores");

/** `config/vocabulary.yaml`: the only entity and relation types that reach the knowledge graph. */
export const VocabularyFile = z.strictObject({
  entityTypes: z.array(z.strictObject({ id: typeName, description: z.string() })).min(1),
  relationTypes: z
    .array(
      z.strictObject({
        id: typeName,
        category: z.string(),
        description: z.string(),
        inverse: z.string().optional(),
        synonyms: z.array(z.string()).default([]),
      }),
    )
    .min(1),
});
export type VocabularyFile = z.infer<typeof VocabularyFile>;

export interface Vocabulary {
  entityTypes: string[];
  relationTypes: string[];
  /** A type a model wrote, as one of ours; `CONCEPT` where nothing is near. */
  entityType(written: string): string;
  /** `turned`: the relation runs the other way round (`EMPLOYED_BY`). Unknown wording becomes RELATED_TO with `original`. */
  relationType(written: string): { type: string; turned: boolean; original: string | null };
}

export function readVocabulary(file: VocabularyFile): Vocabulary {
  const bad = file.relationTypes.find((each) => structural.includes(each.id));
  if (bad) throw new SluiceError("config", `vocabulary: ${bad.id} is a structural name of the knowledge graph; choose another`);
  const relationTypes = file.relationTypes.map((each) => each.id);
  for (const needed of ["RELATED_TO"]) {
    if (!relationTypes.includes(needed)) throw new SluiceError("config", `vocabulary: relationTypes needs ${needed}`);
  }
  const entityTypes = file.entityTypes.map((each) => each.id);
  const names = new Map<string, { type: string; turned: boolean }>();
  for (const each of file.relationTypes) {
    for (const name of [each.id, ...each.synonyms]) names.set(plain(name), { type: each.id, turned: false });
    if (each.inverse) names.set(plain(each.inverse), { type: each.id, turned: true });
  }
  return {
    entityTypes,
    relationTypes,
    entityType: (written) => nearest(entityTypes, written) ?? (entityTypes.includes("CONCEPT") ? "CONCEPT" : entityTypes[0]!),
    relationType(written) {
      const name = plain(written);
      const known = names.get(name) ?? [...names].find(([each]) => stem(each) === stem(name))?.[1];
      if (known) return { ...known, original: null };
      const near = name.length >= 6 ? [...names].find(([each]) => distance(each, name) <= 1) : undefined;
      return near ? { ...near[1], original: written } : { type: "RELATED_TO", turned: false, original: written };
    },
  };
}

const plain = (name: string): string => name.trim().toUpperCase().replace(/[^A-Z0-9]+/g, "_").replace(/^_|_$/g, "");
const stem = (name: string): string => name.split("_").map((word) => word.replace(/(?:ING|ED|ES|S|E)$/, "")).join("_");

function nearest(types: string[], written: string): string | null {
  const name = plain(written);
  const usual: Record<string, string> = { COMPANY: "ORGANIZATION", ORGANISATION: "ORGANIZATION", ORG: "ORGANIZATION", PLACE: "LOCATION", DATE: "DATE_TIME", TIME: "DATE_TIME", LAW: "REGULATION", PEOPLE: "PERSON" };
  if (types.includes(name)) return name;
  const known = usual[name];
  return known && types.includes(known) ? known : null;
}

/** Levenshtein distance, of short names only. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
