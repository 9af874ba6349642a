import { Option } from "commander";
import { rank, type Class } from "../../data/classification.ts";
import { DocumentStatus, type Document } from "../../data/document.ts";
import { isOver } from "../../data/job.ts";
import { SluiceError } from "../../errors.ts";
import { addCommand, classOption, collectionOption, everyPage, withApp, type Commands, type CommonOptions, type Run } from "../command-context.ts";
import { count, table, type Column } from "../output.ts";

interface ListOptions extends CommonOptions {
  collection: string;
  class?: Class;
  status?: DocumentStatus;
  name?: string;
  parent?: string;
}

export function documentCommands(commands: Commands): void {
  const { program } = commands;
  addCommand(program, "documents", "list the documents")
    .addOption(collectionOption())
    .addOption(classOption("only of this class"))
    .addOption(new Option("--status <status>", "only in this status").choices(DocumentStatus.options))
    .option("--name <text>", "only with this in the name")
    .option("--parent <id>", "only what is attached to this document, or lies in this archive")
    .action((options: ListOptions) => withApp(commands, options, (run) => list(options, run)));

  addCommand(program, "show <id>", "one document: its class and why, counts, warnings")
    .option("--chunks", "its chunks, with page and text", false)
    .option("--findings", "every place that makes it private, with the text", false)
    .action((id: string, options: CommonOptions & Parts) => withApp(commands, options, (run) => show(id, options, run)));

  addCommand(program, "delete <ids...>", "erase documents and everything that was derived from them").action((ids: string[], options: CommonOptions) =>
    withApp(commands, options, (run) => erase(ids, run), { workers: true }),
  );
}

const columns: Column<Document>[] = [
  { title: "id", value: ({ id }) => id },
  { title: "name", value: ({ name, key, parentId }) => (parentId ? key : name) },
  { title: "class", value: (each) => each.class },
  { title: "status", value: ({ status }) => status },
  { title: "pages", value: ({ pages }) => pages, align: "right" },
  { title: "chunks", value: ({ counts }) => counts.chunks, align: "right" },
  { title: "entities", value: ({ counts }) => counts.entities, align: "right" },
  { title: "relations", value: ({ counts }) => counts.relations, align: "right" },
];

async function list({ collection, class: its, status, name, parent }: ListOptions, { app, output, principal, parts }: Run): Promise<void> {
  const documents = everyPage((cursor) => app.documents.list(principal, { collection, cursor, limit: 200, class: its, status, name, parentId: parent }));
  const rows: Document[] = [];
  for await (const document of documents) {
    if (output.json) await output.result(document, () => "");
    else rows.push(document);
  }
  if (!output.json) await output.result(rows, () => (rows.length === 0 ? "No documents." : table(rows, columns, parts.terminal.columns)));
}

interface Parts {
  chunks: boolean;
  findings: boolean;
}

async function show(id: string, { chunks, findings }: Parts, run: Run): Promise<void> {
  const { app, output, principal } = run;
  const document = await app.documents.get(principal, id);
  if (document === null) throw new SluiceError("not_found", `there is no document ${id}; \`sluice documents\` lists them`);
  await output.result(document, () => documentWords(document));
  if (!output.json) await showInside(document, run);
  for (const finding of (findings ? await app.documents.findings(principal, id) : null) ?? []) {
    const { kind, class: its, place, page, detector, text } = finding;
    await output.result(finding, () => `  ${kind} → ${its}, ${page === null ? place : `${place}, page ${page}`}, by ${detector}: ${text.replace(/\s+/g, " ")}`);
  }
  if (!chunks) return;
  for await (const chunk of everyPage(async (cursor) => (await app.documents.chunks(principal, id, { cursor, limit: 200 })) ?? { items: [], next: null })) {
    await output.result(chunk, () => `\n#${chunk.ordinal} page ${chunk.page}, ${chunk.kind}, ${chunk.class}, ${count(chunk.tokens, "token")}${chunk.headings.length > 0 ? `, ${chunk.headings.join(" › ")}` : ""}\n${chunk.text}`);
  }
}

/** What is attached to the document, or lies in the archive: a line each. */
async function showInside({ id, key, collection }: Document, { app, output, principal }: Run): Promise<void> {
  for await (const inside of everyPage((cursor) => app.documents.list(principal, { collection, parentId: id, limit: 200, cursor }))) {
    await output.result(inside, () => `  holds ${inside.key.slice(key.length + 1)}: ${inside.status}, class ${inside.class}, id ${inside.id}`);
  }
}

/** Why a document has its class, the strictest kinds first, at most `most` of them. */
export function reasonWords({ reasons, releases, class: its }: Pick<Document, "reasons" | "releases" | "class">, most = Infinity): string {
  if (reasons.length === 0 && releases.length > 0) return "what was found is released";
  if (reasons.length === 0) return its === "public" ? "nothing private found" : "declared, or not yet known";
  const ordered = reasons.toSorted((a, b) => rank(b.class) - rank(a.class) || b.count - a.count);
  const shown = ordered.slice(0, most).map(({ kind, count: n }) => `${kind} ×${n}`);
  return [...shown, ...(ordered.length > most ? [`${ordered.length - most} more`] : [])].join(", ");
}

function documentWords(document: Document): string {
  const { id, name, key, collection, version, mediaType, bytes, language, status, pages, counts, reasons, releases, warnings } = document;
  return [
    name,
    `  id ${id}, key ${key}, collection ${collection}, version ${version}`,
    ...(document.parentId ? [`  inside document ${document.parentId}`] : []),
    `  ${mediaType}, ${count(bytes, "byte")}, ${count(pages, "page")}, language ${language ?? "unknown"}`,
    `  ${status}: ${count(counts.chunks, "chunk")}, ${count(counts.tokens, "token")}, ${count(counts.pictures, "picture")}, ${count(counts.entities, "entity", "entities")}, ${count(counts.relations, "relation")}`,
    `  class ${document.class}: ${reasonWords(document)}`,
    ...reasons.map((reason) => `    ${reason.kind} → ${reason.class}, ${reason.count}×, by ${reason.detector}`),
    ...releases.map((release) => `  release ${release.id} of ${release.createdAt}, ${release.class ? `to ${release.class}` : `of ${release.kind}`}: ${release.reason}`),
    ...warnings.map(({ message }) => `  warning: ${message}`),
  ].join("\n");
}

async function erase(ids: string[], { app, output, principal, signal, failed }: Run): Promise<void> {
  for (const id of ids) {
    const begun = await app.documents.erase(principal, id);
    if (begun === null) {
      failed();
      output.note(`there is no document ${id}`);
      if (output.json) await output.result({ id, error: { code: "not_found", message: `there is no document ${id}` } }, () => "");
      continue;
    }
    for await (const event of (await app.jobs.events(principal, begun.id, 0, signal)) ?? []) if (event.type === "waiting") output.note(`${id}: waiting`);
    signal.throwIfAborted();
    const job = (await app.jobs.get(principal, begun.id)) ?? begun;
    if (job.status !== "done" && isOver(job.status)) failed();
    await output.result(job, () => (job.status === "done" ? `${id} is erased` : `${id}: ${job.status}${job.error ? `, ${job.error.message}` : ""}`));
  }
}
