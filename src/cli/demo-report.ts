import type { Document } from "../data/document.ts";
import type { Entity } from "../data/entity.ts";
import type { Job } from "../data/job.ts";
import type { BackendStatus } from "../models/models.ts";
import { reasonWords } from "./commands/documents.ts";
import { count, table } from "./output.ts";

/** A document of the run, with the job that made it what it is. */
export interface DocumentRow {
  document: Document;
  /** Null for an attachment: it is worked in its parent's job. */
  job: Job | null;
}

export function documentsTable(rows: DocumentRow[], screen: number): string {
  return table(rows, [
    { title: "document", value: ({ document }) => (document.parentId ? `└ ${document.name}` : document.name) },
    { title: "pages", value: ({ document }) => document.pages, align: "right" },
    { title: "chunks", value: ({ document }) => document.counts.chunks, align: "right" },
    { title: "class", value: ({ document }) => document.class },
    { title: "because", value: ({ document }) => reasonWords(document, 2) },
    { title: "entities", value: ({ document }) => document.counts.entities, align: "right" },
    { title: "relations", value: ({ document }) => document.counts.relations, align: "right" },
    { title: "warnings", value: ({ document }) => document.warnings.length || "", align: "right" },
    { title: "ms", value: ({ job }) => (job ? durationOf(job) : ""), align: "right" },
  ], screen);
}

function durationOf({ startedAt, finishedAt }: Job): string | number {
  return startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : "";
}

/** Each warning once, with the documents it is about. */
export function warningLines(rows: DocumentRow[]): string[] {
  const byMessage = new Map<string, string[]>();
  for (const { document } of rows) for (const { message } of document.warnings) byMessage.set(message, [...(byMessage.get(message) ?? []), document.name]);
  return [...byMessage].map(([message, names]) => `  ${names.length > 2 ? count(names.length, "document") : names.join(", ")}: ${message}`);
}

export interface DecisionRow {
  reason: string;
  location: string;
  model: string | null;
  calls: number;
  documents: number;
}

/** The jobs' routing decisions, equal reasons, places and models counted together. */
export function decisionsByReason(jobs: Job[]): DecisionRow[] {
  const rows = new Map<string, DecisionRow & { names: Set<string> }>();
  for (const job of jobs) {
    for (const { reason, location, model, calls } of job.decisions) {
      const key = JSON.stringify([reason, location, model]);
      const row = rows.get(key) ?? { reason, location, model, calls: 0, documents: 0, names: new Set<string>() };
      row.calls += calls;
      row.names.add(job.documentId);
      rows.set(key, row);
    }
  }
  return [...rows.values()].map(({ names, ...row }) => ({ ...row, documents: names.size })).toSorted((a, b) => b.calls - a.calls);
}

export function decisionsTable(rows: DecisionRow[], screen: number): string {
  if (rows.length === 0) return "No model was called.";
  return table(rows, [
    { title: "reason", value: ({ reason }) => reason },
    { title: "where", value: ({ location }) => location },
    { title: "model", value: ({ model }) => model ?? "built-in" },
    { title: "calls", value: ({ calls }) => calls, align: "right" },
    { title: "documents", value: ({ documents }) => documents, align: "right" },
  ], screen);
}

export function entitiesTable(rows: (Entity & { degree: number })[], screen: number): string {
  if (rows.length === 0) return "No relations were found: nothing is connected.";
  return table(rows, [
    { title: "entity", value: ({ name }) => name },
    { title: "type", value: ({ type }) => type },
    { title: "connected to", value: ({ degree }) => degree, align: "right" },
    { title: "mentions", value: ({ mentionCount }) => mentionCount, align: "right" },
    { title: "documents", value: ({ documentCount }) => documentCount, align: "right" },
    { title: "class", value: (each) => each.class },
  ], screen);
}

/** What did the work, and what would do it better. */
export function modelsWords(status: BackendStatus[]): string {
  const up = status.filter(({ state }) => state === "up");
  const generating = up.filter(({ models }) => models.fast ?? models.strong);
  const embedding = up.some(({ models }) => models.embedding);
  const found = generating.map(({ backend, location, models }) => `${backend} (${location}: ${[...new Set(Object.values(models))].join(", ")})`);
  const lines =
    generating.length > 0
      ? [`Models: ${found.join("; ")}.`]
      : ["No model server with a language model was found: the built-in language processing did the work, on this machine alone."];
  const hints = new Set(status.filter(({ state }) => state !== "disabled").flatMap(({ hint }) => hint ?? []));
  const pulls: string[] = [];
  if (!embedding) pulls.push("ollama pull bge-m3      (search by meaning, then `sluice reindex`)");
  if (generating.length === 0) pulls.push("ollama pull qwen3:8b    (more entities and relations, written answers)");
  if (pulls.length > 0) lines.push("To get more, start Ollama (https://ollama.com) and run:", ...pulls.map((each) => `  ${each}`));
  for (const hint of hints) if (!pulls.some((each) => hint.includes(each.split(/\s{2,}/)[0]!))) lines.push(`  ${hint}`);
  return lines.join("\n");
}

