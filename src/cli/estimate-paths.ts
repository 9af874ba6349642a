import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import type { Class } from "../data/classification.ts";
import type { Estimate, EstimatedFile, EstimatedStage, Span } from "../data/estimate.ts";
import type { Principal } from "../data/principal.ts";
import type { CliApp } from "./cli-app.ts";
import { findFiles, keyOf, type FoundFile } from "./find-files.ts";
import { count, table, type Column } from "./output.ts";

export interface PathEstimate extends Estimate {
  /** With their paths; what was met in a folder and is of a format that nothing reads is only counted. */
  failing: { path: string; code: string; message: string }[];
  skipped: number;
}

/** What ingesting these paths would come to; nothing is stored. */
export async function estimatePaths(paths: string[], { app, principal, collection, class: floor, cwd, signal }: { app: CliApp; principal: Principal; collection: string; class: Class | null; cwd: string; signal: AbortSignal }): Promise<PathEstimate> {
  const found: FoundFile[] = [];
  for await (const file of findFiles(paths, { cwd, except: app.directory })) found.push(file);
  const there = found.filter((each) => each.error === null);
  const files: EstimatedFile[] = [];
  for (const { path } of there) files.push({ path, name: basename(path), key: keyOf(path, cwd), ...(await hashOf(path, signal)) });
  const estimate = await app.documents.estimate(principal, files, { collection, class: floor, signal });
  const unread = estimate.unreadable.map((each) => ({ ...each, ...there[each.file]! }));
  const skipped = unread.filter(({ code, named }) => code === "unsupported_type" && !named);
  const failing = [...found.flatMap(({ path, error }) => (error === null ? [] : [{ path, code: "invalid_input", message: error }])), ...unread.filter((each) => !skipped.includes(each)).map(({ path, code, message }) => ({ path, code, message }))];
  return { ...estimate, failing, skipped: skipped.length };
}

/** Nothing for a file that cannot be read: the estimate says so. */
async function hashOf(path: string, signal: AbortSignal): Promise<{ sha256?: string }> {
  const hash = createHash("sha256");
  try {
    for await (const part of createReadStream(path, { signal })) hash.update(part as Buffer);
    return { sha256: hash.digest("hex") };
  } catch {
    signal.throwIfAborted();
    return {};
  }
}

const span = ({ low, high }: Span, shown: (value: number) => string = (value) => value.toLocaleString("en-US")): string => (shown(low) === shown(high) ? shown(high) : `${shown(low)}–${shown(high)}`);
const usd = (value: number): string => value.toFixed(value > 0 && value < 1 ? 4 : 2);
const duration = (value: number): string => (value < 90_000 ? `${Math.ceil(value / 1000)} s` : `${Math.ceil(value / 60_000)} min`);

const columns: Column<EstimatedStage>[] = [
  { title: "stage", value: ({ stage }) => stage },
  { title: "where", value: ({ location, anonymised }) => (anonymised ? "cloud, anonymised" : location) },
  { title: "model", value: ({ model, backend }) => (model ? `${model} on ${backend}` : "–") },
  { title: "because", value: ({ reason }) => reason },
  { title: "calls", value: ({ calls }) => span(calls), align: "right" },
  { title: "tokens in", value: ({ promptTokens }) => span(promptTokens), align: "right" },
  { title: "out", value: ({ outputTokens }) => span(outputTokens), align: "right" },
  { title: "USD", value: (each) => span(each.usd, usd), align: "right" },
  { title: "time", value: ({ ms }) => span(ms, duration), align: "right" },
];

export function estimateWords(estimate: PathEstimate, screen: number): string {
  const { documents, unchanged, pages, chunks, pictures, tokens, stages, classes, failing, skipped, warnings } = estimate;
  return [
    `${count(documents, "document")}, ${count(pages, "page")}, ${count(pictures, "picture")}, ${count(chunks, "chunk")}, ${count(tokens, "token")}${unchanged > 0 ? `; ${count(unchanged, "file")} unchanged, not counted` : ""}${skipped > 0 ? `; ${count(skipped, "file")} of other formats skipped` : ""}`,
    ...(stages.length > 0 ? [table(stages, columns, screen)] : []),
    `all of it: ${span(estimate.calls)} calls, ${span(estimate.usd, usd)} USD, ${span(estimate.ms, duration)}`,
    ...classes.map((each) => `${each.class}: ${count(each.documents, "document")}; calls ${each.local} local, ${each.cloud} cloud, ${each.anonymised} cloud under other names, ${each.builtIn} built in`),
    ...failing.map(({ path, message }) => `would fail: ${path}: ${message}`),
    ...warnings.map(({ message }) => `warning: ${message}`),
  ].join("\n");
}
