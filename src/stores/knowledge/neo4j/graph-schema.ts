import { SluiceError } from "../../../errors.ts";
import type { Graph } from "./connect.ts";
import { typeNames, type TypeNames } from "./type-names.ts";

/**
 * Each entry brings the schema one version further and is never changed. Uniqueness makes every write idempotent: nodes by
 * id, edges by `key` = `DOCUMENT:RECORD@SINCE`, whose beginning also finds all edges of a document.
 */
const migrations: string[][] = [
  [
    "CREATE CONSTRAINT sluice_document IF NOT EXISTS FOR (n:Document) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT sluice_section IF NOT EXISTS FOR (n:Section) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT sluice_chunk IF NOT EXISTS FOR (n:Chunk) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT sluice_entity IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT sluice_name IF NOT EXISTS FOR (n:Name) REQUIRE n.key IS UNIQUE",
    "CREATE CONSTRAINT sluice_picture IF NOT EXISTS FOR (n:Picture) REQUIRE n.key IS UNIQUE",
    "CREATE CONSTRAINT sluice_has_chunk IF NOT EXISTS FOR ()-[r:HAS_CHUNK]-() REQUIRE r.key IS UNIQUE",
    "CREATE CONSTRAINT sluice_is_about IF NOT EXISTS FOR ()-[r:IS_ABOUT]-() REQUIRE r.key IS UNIQUE",
    "CREATE CONSTRAINT sluice_mentioned_in IF NOT EXISTS FOR ()-[r:MENTIONED_IN]-() REQUIRE r.key IS UNIQUE",
    "CREATE CONSTRAINT sluice_same_as IF NOT EXISTS FOR ()-[r:SAME_AS]-() REQUIRE r.key IS UNIQUE",
    "CREATE INDEX sluice_document_parent IF NOT EXISTS FOR (n:Document) ON (n.parentId)",
    "CREATE INDEX sluice_entity_name IF NOT EXISTS FOR (n:Entity) ON (n.scope, n.name)",
    "CREATE INDEX sluice_entity_qualifier IF NOT EXISTS FOR (n:Entity) ON (n.scope, n.name, n.qualifier)",
    "CREATE INDEX sluice_entity_first IF NOT EXISTS FOR (n:Entity) ON (n.scope, n.first, n.name)",
    "CREATE INDEX sluice_entity_last IF NOT EXISTS FOR (n:Entity) ON (n.scope, n.last, n.name)",
    "CREATE INDEX sluice_entity_initials IF NOT EXISTS FOR (n:Entity) ON (n.scope, n.initials)",
    "CREATE INDEX sluice_entity_short IF NOT EXISTS FOR (n:Entity) ON (n.scope, n.short)",
    "CREATE INDEX sluice_name_name IF NOT EXISTS FOR (n:Name) ON (n.scope, n.name)",
    "CREATE INDEX sluice_name_first IF NOT EXISTS FOR (n:Name) ON (n.scope, n.first, n.name)",
    "CREATE INDEX sluice_name_last IF NOT EXISTS FOR (n:Name) ON (n.scope, n.last, n.name)",
    "CREATE INDEX sluice_has_chunk_scope IF NOT EXISTS FOR ()-[r:HAS_CHUNK]-() ON (r.scope, r.class)",
    "CREATE FULLTEXT INDEX sluice_names IF NOT EXISTS FOR (n:Entity|Name) ON EACH [n.name, n.scope] OPTIONS { indexConfig: { `fulltext.analyzer`: 'whitespace' } }",
  ],
];

/** A relation type's own constraint; types come and go with the vocabulary. The name is from its allow-list. */
const ofRelation = (type: string): string => `CREATE CONSTRAINT sluice_relation_${type.toLowerCase()} IF NOT EXISTS FOR ()-[r:\`${type}\`]-() REQUIRE r.key IS UNIQUE`;

interface Rule {
  name: string;
  kind: string;
  on: string[];
  properties: string[];
  state: string;
}

/** Brings the database to this program's schema and checks that everything it counts on is there. */
export async function prepareSchema(graph: Graph, vocabulary: { relationTypes: readonly string[]; entityTypes: readonly string[] }): Promise<TypeNames> {
  typeNames(vocabulary);
  const stored = (await graph.once<{ version: number }>("MATCH (s:SluiceSchema {name: 'knowledge'}) RETURN max(s.version) AS version"))[0]?.version ?? 0;
  if (stored > migrations.length) throw new SluiceError("config", `[neo4j] stores.knowledge.url: the graph has schema version ${stored}, this program knows ${migrations.length}; start the newer program, or give this one another database`);
  const earlier = [...(await rules(graph)).values()].filter(({ name }) => name.startsWith("sluice_relation_")).flatMap((rule) => rule.on);
  const names = typeNames(vocabulary, earlier);
  const wanted = [...migrations.flat(), ...[...names.relations].map(ofRelation)];
  const missing = (there: Map<string, Rule>): string[] => wanted.filter((statement) => !there.has(nameOf(statement)));
  for (const statement of missing(await rules(graph))) await create(graph, statement);
  await graph.once("CALL db.awaitIndexes(60)");
  const there = await rules(graph);
  const [absent] = missing(there);
  if (absent !== undefined) throw new SluiceError("config", `[neo4j] stores.knowledge.url: the database has an index or constraint of another name in the place of ${nameOf(absent)}; drop it and start again`);
  for (const statement of wanted) check(there.get(nameOf(statement))!, statement);
  await graph.write((run) => run("MERGE (s:SluiceSchema {name: 'knowledge'}) SET s.version = $version", { version: migrations.length }));
  return names;
}

const nameOf = (statement: string): string => /(sluice_\w+)/.exec(statement)![1]!;

async function rules(graph: Graph): Promise<Map<string, Rule>> {
  const list = await graph.once<Rule>("SHOW INDEXES YIELD name, type, labelsOrTypes, properties, state WHERE name STARTS WITH 'sluice_' RETURN name, type AS kind, labelsOrTypes AS on, properties, state");
  return new Map(list.map((rule) => [rule.name, rule]));
}

function check(rule: Rule, statement: string): void {
  const on = /FOR \((?:n:([\w|]+))?\)(?:-\[r:`?(\w+)`?\])?/.exec(statement)!;
  const properties = [...statement.matchAll(/[nr]\.(\w+)/g)].map(([, name]) => name);
  const right = rule.on.join("|") === (on[1] ?? on[2]) && rule.properties.join() === properties.join() && (rule.kind === "FULLTEXT") === statement.includes("FULLTEXT");
  if (!right) throw new SluiceError("config", `[neo4j] stores.knowledge.url: ${rule.name} in the database is not what this program needs; drop it and start again`);
  if (rule.state !== "ONLINE") throw new SluiceError("store", `[neo4j] the index ${rule.name} is ${rule.state}; drop it and start again, or wait until it is built`, { retryable: true });
}

/** Another process may be creating the same: then it is there, which is checked afterwards. */
async function create(graph: Graph, statement: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await graph.once(statement);
      return;
    } catch (error) {
      const code = String((((error as SluiceError).cause ?? {}) as { code?: string }).code ?? "");
      if (/AlreadyExists|IndexWithNameAlreadyExists/.test(code)) return;
      if (!(error as SluiceError).retryable || attempt === 5) throw error;
    }
  }
}
