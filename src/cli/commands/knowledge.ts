import type { Entity } from "../../data/entity.ts";
import { SluiceError } from "../../errors.ts";
import { isOver } from "../../data/job.ts";
import type { EntityDetail } from "../../http/services.ts";
import { addCommand, collectionOption, wholeNumber, withApp, type Commands, type CommonOptions, type Run } from "../command-context.ts";
import { count, shorten, table } from "../output.ts";

interface LookUpOptions extends CommonOptions {
  collection: string;
  type?: string;
}

interface EntityOptions extends LookUpOptions {
  summary: boolean;
}

interface GraphOptions extends LookUpOptions {
  to?: string;
  hops?: number;
  limit: number;
}

export function knowledgeCommands(commands: Commands): void {
  const { program } = commands;
  addCommand(program, "entity <name...>", "what the documents say about an entity")
    .addOption(collectionOption())
    .option("--type <type>", "only of this type")
    .option("--no-summary", "join what was said by rule; no model is asked")
    .action((name: string[], options: EntityOptions) => withApp(commands, options, (run) => entity(name.join(" "), options, run)));

  addCommand(program, "graph <name...>", "the knowledge graph around an entity")
    .addOption(collectionOption())
    .option("--to <name>", "how it is connected to this one: the shortest paths")
    .option("--hops <n>", "how far (default 1, with --to 4)", wholeNumber(1, 4))
    .option("--limit <n>", "at most this many entities", wholeNumber(1, 2000), 50)
    .action((name: string[], options: GraphOptions) => withApp(commands, options, (run) => graph(name.join(" "), options, run)));

  const collections = addCommand(program, "collections", "list the collections");
  collections.action((options: CommonOptions) => withApp(commands, options, listCollections));
  addCommand(collections, "delete <name>", "erase a collection").action((name: string, _options: CommonOptions, command: { optsWithGlobals(): CommonOptions }) =>
    withApp(commands, command.optsWithGlobals(), (run) => deleteCollection(name, run), { workers: true }),
  );
}

/** The best match by name or alias. */
async function findEntity(name: string, { collection, type }: LookUpOptions, { app, principal }: Run): Promise<Entity> {
  const { items } = await app.entities.search(principal, { collection, text: name, type: type ?? null, limit: 1, cursor: null });
  if (items[0] === undefined) throw new SluiceError("not_found", "no entity in this collection has such a name");
  return items[0];
}

async function entity(name: string, options: EntityOptions, run: Run): Promise<void> {
  const { id } = await findEntity(name, options, run);
  const detail = await run.app.entities.get(run.principal, id, { summary: options.summary });
  if (detail === null) throw new SluiceError("not_found", `there is no entity ${id} any more`);
  for (const { message } of detail.warnings) run.output.note(`warning: ${message}`);
  const mentions = detail.mentions.slice(0, 10);
  const documents = new Map<string, string>();
  for (const each of new Set(mentions.map(({ documentId }) => documentId))) documents.set(each, (await run.app.documents.get(run.principal, each))?.name ?? each);
  const places = mentions.map(({ documentId, page, quote }) => `  “${shorten(quote, 120)}” (${documents.get(documentId)}, page ${page})`);
  await run.output.result(detail, () => [...entityWords(detail), ...places].join("\n"));
}

function entityWords(detail: EntityDetail): string[] {
  const names = new Map([...detail.neighbours, detail].map((each) => [each.id, each.name]));
  const shown = (id: string) => names.get(id) ?? id;
  return [
    `${detail.name} (${detail.type}, ${detail.class}), ${count(detail.mentionCount, "mention")} in ${count(detail.documentCount, "document")}`,
    ...(detail.aliases.length > 0 ? [`  also: ${detail.aliases.join(", ")}`] : []),
    ...(detail.description ? [`  ${detail.description}`] : []),
    ...(detail.summarised ? [`  (summed up by ${detail.decision?.model})`] : []),
    ...detail.relations.map(({ source, target, type, evidence }) => `  ${shown(source)} —${type}→ ${shown(target)} (${count(evidence.length, "statement")})`),
  ];
}

async function graph(name: string, options: GraphOptions, run: Run): Promise<void> {
  const { id } = await findEntity(name, options, run);
  const to = options.to ? (await findEntity(options.to, options, run)).id : null;
  const view = (await run.app.entities.graph(run.principal, { collection: options.collection, entity: id, to, hops: options.hops ?? (to ? 4 : 1), limit: options.limit })) ?? { nodes: [], edges: [] };
  const names = new Map(view.nodes.map((each) => [each.id, `${each.name} (${each.type})`]));
  await run.output.result(view, () => [`${count(view.nodes.length, "entity", "entities")}, ${count(view.edges.length, "relation")}`, ...view.edges.map(({ source, target, type, evidence }) => `${names.get(source) ?? source} —${type}→ ${names.get(target) ?? target} (${count(evidence.length, "statement")})`)].join("\n"));
}

async function listCollections({ app, output, principal }: Run): Promise<void> {
  const rows = await app.collections.list(principal);
  if (output.json) for (const row of rows) await output.result(row, () => "");
  else await output.result(rows, () => (rows.length === 0 ? "No collections." : table(rows, [{ title: "collection", value: ({ name }) => name }, { title: "documents", value: ({ documents }) => documents, align: "right" }])));
}

async function deleteCollection(name: string, { app, output, principal, signal, failed }: Run): Promise<void> {
  const jobs = await app.collections.delete(principal, name);
  if (jobs === null) throw new SluiceError("not_found", "there is no such collection; `sluice collections` lists them");
  for (const { id } of jobs) {
    for await (const _ of (await app.jobs.events(principal, id, 0, signal)) ?? []);
    signal.throwIfAborted();
    const job = await app.jobs.get(principal, id);
    if (job === null) continue;
    if (isOver(job.status) && job.status !== "done") failed();
    if (output.json) await output.result(job, () => "");
  }
  if (!output.json) await output.result(null, () => `${count(jobs.length, "document")} erased`);
}
