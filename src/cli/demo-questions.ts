import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Entity, Relation } from "../data/entity.ts";
import type { Principal } from "../data/principal.ts";
import { packageRoot } from "../workers/package-root.ts";
import type { CliApp } from "./cli-app.ts";

/** `{company}` in a question stands for the organisation that the documents name most. */
const Samples = z.strictObject({ documents: z.array(z.string().min(1)).min(1), questions: z.array(z.string().min(1)).min(1) });

const folder = join(packageRoot, "test/documents");

/** The sample documents and the questions about them; null in the package, which carries none. */
export async function readSamples(): Promise<{ paths: string[]; questions: string[] } | null> {
  const file = join(folder, "demo.json");
  if (!existsSync(file)) return null;
  const { documents, questions } = Samples.parse(JSON.parse(await readFile(file, "utf8")));
  return { paths: documents.map((name) => join(folder, name)), questions };
}

type Connected = Entity & { degree: number };

/** The samples' questions about whatever company the documents turned out to be about. */
export function fillQuestions(questions: string[], connected: Connected[]): string[] {
  const organisations = connected.filter(({ type }) => type === "ORGANIZATION").toSorted((a, b) => b.mentionCount - a.mentionCount);
  const company = (organisations[0] ?? connected[0])?.name ?? "the company";
  return questions.map((question) => question.replaceAll("{company}", company));
}

/** Three questions about what is best connected in the reader's own documents, the last one over two relations. */
export async function makeQuestions(app: CliApp, principal: Principal, collection: string, connected: Connected[]): Promise<string[]> {
  const [first, second] = connected;
  if (!first) return [];
  const questions = [`${first.type.toUpperCase() === "PERSON" ? "Who" : "What"} is ${first.name}?`];
  if (second) questions.push(`How are ${first.name} and ${second.name} connected?`);
  const view = await app.entities.graph(principal, { collection, entity: first.id, to: null, hops: 2, limit: 200 });
  const path = view && twoSteps(view.nodes, view.edges, first.id);
  if (path) questions.push(`Which ${path.between.type.toLowerCase().replaceAll("_", " ")} connects ${first.name} with ${path.end.name}?`);
  return questions;
}

/** A thing two relations away that is not also one relation away, and what lies between. */
function twoSteps(nodes: Entity[], edges: Relation[], from: string): { between: Entity; end: Entity } | null {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const neighbours = (id: string) => edges.flatMap(({ source, target }) => (source === id ? [target] : target === id ? [source] : []));
  const near = new Set(neighbours(from));
  for (const middle of near) {
    for (const far of neighbours(middle)) {
      const between = byId.get(middle);
      const end = byId.get(far);
      if (far !== from && !near.has(far) && between && end) return { between, end };
    }
  }
  return null;
}
