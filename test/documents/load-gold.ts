import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { Class } from "../../src/data/classification.ts";
import { defaultCompany } from "./sample-documents.ts";
import { namesOf } from "./make/names.ts";

/** A thing that the document names. `name` is canonical over all documents; one of its forms stands in this one. */
export const GoldEntity = z.strictObject({
  name: z.string(),
  type: z.string(),
  /** Other forms in this document. */
  aliases: z.array(z.string()).default([]),
  /** Types that a careful reader could have given as well. */
  orTypes: z.array(z.string()).default([]),
  /** A careful reader may or may not mark it: neither a miss nor a false find. */
  optional: z.boolean().default(false),
  /** Only reading the picture finds it. */
  picture: z.boolean().default(false),
});
export type GoldEntity = z.infer<typeof GoldEntity>;

/** Ends are canonical names of entities of this document. `quote` null: it stands in a table or over several lines. */
export const GoldRelation = z.strictObject({
  source: z.string(),
  type: z.string(),
  orTypes: z.array(z.string()).default([]),
  target: z.string(),
  quote: z.string().nullable(),
});
export type GoldRelation = z.infer<typeof GoldRelation>;

export const GoldDocument = z.strictObject({
  document: z.string(),
  /** The letter that it is attached to. */
  parent: z.string().nullable(),
  language: z.string(),
  class: z.strictObject({ strict: Class, balanced: Class }),
  why: z.string(),
  entities: z.array(GoldEntity),
  relations: z.array(GoldRelation),
});
export type GoldDocument = z.infer<typeof GoldDocument>;

/** `answer` null: it is not in the documents. `contains`: what every right answer holds. Pages count from 1. */
export const GoldQuestion = z.strictObject({
  id: z.string(),
  question: z.string(),
  answer: z.string().nullable(),
  contains: z.array(z.string()),
  hops: z.number().int(),
  picture: z.boolean().default(false),
  passages: z.array(z.strictObject({ document: z.string(), page: z.number().int(), quote: z.string() })),
});
export type GoldQuestion = z.infer<typeof GoldQuestion>;

const Named = z.strictObject({ name: z.string(), type: z.string() });
/** Names that are one thing, and things that must never become one. */
export const GoldIdentity = z.strictObject({
  same: z.array(z.strictObject({ type: z.string(), names: z.array(z.string()) })),
  apart: z.array(z.strictObject({ why: z.string(), a: Named, b: Named })),
});
export type GoldIdentity = z.infer<typeof GoldIdentity>;

export interface Gold {
  documents: GoldDocument[];
  questions: GoldQuestion[];
  identity: GoldIdentity;
}

const folder = fileURLToPath(new URL("./gold/", import.meta.url));

/** The hand-written gold; with another company it speaks of the documents that `makeDocuments` writes for that one. */
export function loadGold(company: string = defaultCompany): Gold {
  const [before, after] = [namesOf(defaultCompany), namesOf(company)];
  const read = (name: string): unknown =>
    JSON.parse(readFileSync(folder + name, "utf8").replaceAll(before.domain, after.domain).replaceAll(before.company, after.company).replaceAll(before.short, after.short));
  const special = ["questions.json", "identity.json"];
  const names = readdirSync(folder).filter((name) => name.endsWith(".json") && !special.includes(name)).toSorted();
  return {
    documents: names.map((name) => GoldDocument.parse(read(name))),
    questions: z.array(GoldQuestion).parse(read("questions.json")),
    identity: GoldIdentity.parse(read("identity.json")),
  };
}
