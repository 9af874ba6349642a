import { SluiceError } from "../../../errors.ts";

const structuralTypes = ["HAS_SECTION", "HAS_CHUNK", "HAS_CHILD", "MENTIONED_IN", "SAME_AS", "ON", "HAS_NAME", "IS_ABOUT"];
const structuralLabels = ["Document", "Section", "Chunk", "Entity", "Picture", "Name", "SluiceSchema"];
const shape = /^[A-Z][A-Z0-9_]{0,62}$/;

/** The only words that are ever written into a query. */
export interface TypeNames {
  relations: ReadonlySet<string>;
  entities: ReadonlySet<string>;
  /** Cypher: any relation type, those an earlier vocabulary left in the store included. */
  anyRelation: string;
  allRelations: string[];
}

/** `stored`: relation types of earlier vocabularies that the database has constraints for. */
export function typeNames(vocabulary: { relationTypes: readonly string[]; entityTypes: readonly string[] }, stored: readonly string[] = []): TypeNames {
  for (const name of vocabulary.relationTypes) if (structuralTypes.includes(name)) throw refused(name, "a structural name of the knowledge graph");
  for (const name of vocabulary.entityTypes) if (structuralLabels.includes(name)) throw refused(name, "a structural label of the knowledge graph");
  for (const name of [...vocabulary.relationTypes, ...vocabulary.entityTypes]) if (!shape.test(name)) throw refused(name, "no name of capital letters, digits and underscores");
  const left = stored.filter((name) => shape.test(name) && !structuralTypes.includes(name));
  const allRelations = [...new Set([...vocabulary.relationTypes, ...left])].sort();
  return { relations: new Set(vocabulary.relationTypes), entities: new Set(vocabulary.entityTypes), allRelations, anyRelation: allRelations.map((name) => `\`${name}\``).join("|") };
}

const refused = (name: string, why: string): SluiceError => new SluiceError("config", `vocabulary: ${name} is ${why}; choose another`);

export function knownType(names: ReadonlySet<string>, name: string, document: string): string {
  if (!names.has(name)) throw new SluiceError("internal", `[neo4j] document ${document} holds a type that is not in the vocabulary; nothing of it was written`);
  return name;
}
