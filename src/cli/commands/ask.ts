import { Option } from "commander";
import { z } from "zod";
import { QueryRequest, RetrievalMode, type Answer, type Passage } from "../../data/query.ts";
import { isAbort, publicError, SluiceError } from "../../errors.ts";
import { addCommand, collectionsOption, wholeNumber, withApp, type Commands, type CommonOptions, type Run } from "../command-context.ts";
import { inOrder, inputLines } from "../input-lines.ts";
import { shorten } from "../output.ts";

interface Options extends CommonOptions {
  collection: string[];
  limit: number;
  passages: boolean;
  batch?: string;
  retrieval: QueryRequest["retrieval"];
}

/** Questions of a batch that are worked on at once. */
const batchWidth = 4;

export function askCommand(commands: Commands): void {
  addCommand(commands.program, "ask [question...]", "answer a question from the documents, every sentence cited")
    .addOption(collectionsOption())
    .option("--limit <n>", "passages to answer from", wholeNumber(1, 100), 8)
    .option("--passages", "only find the passages, write no answer", false)
    .addOption(new Option("--retrieval <mode>", "how passages are found").choices(RetrievalMode.options).default("hybrid"))
    .option("--batch <file>", 'one { "question" } a line in (- for stdin), one answer a line out')
    .action((words: string[], options: Options) => {
      if ((options.batch === undefined) === (words.length === 0)) commands.program.error("error: give a question or --batch FILE, one of the two", { exitCode: 2 });
      return withApp(commands, options, (run) => (options.batch === undefined ? askOne(words.join(" "), options, run) : askBatch(options.batch, options, run)));
    });
}

function requestOf(question: string, { collection, limit, passages, retrieval }: Options): QueryRequest {
  const read = QueryRequest.safeParse({ question, limit, retrieval, answer: !passages, ...(collection.length > 0 && { collections: collection }) });
  if (!read.success) throw new SluiceError("invalid_input", read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "));
  return read.data;
}

async function askOne(question: string, options: Options, { app, output, principal, signal }: Run): Promise<void> {
  let streamed = false;
  const answer = await app.query(principal, requestOf(question, options), {
    signal,
    onEvent(event) {
      if (event.type !== "token") return;
      streamed = true;
      output.stream(event.text);
    },
  });
  if (streamed) output.stream("\n");
  await output.result({ question, ...answer }, () => (options.passages ? passagesWords(answer.passages) : answerWords(answer, !streamed)));
  for (const { message } of answer.warnings) output.note(`warning: ${message}`);
}

/** The citations below an answer; with `whole`, the answer too. */
export function answerWords(answer: Answer, whole: boolean): string {
  const citations = answer.citations.map(({ n, document, documentId, page, quote }) => `  [${n}] ${document ?? documentId}, page ${page}: “${shorten(quote, 160)}”`);
  return [...(whole ? [answer.answer ?? "(no answer was asked for)"] : []), ...citations].join("\n");
}

function passagesWords(passages: Passage[]): string {
  if (passages.length === 0) return "No passage was found.";
  return passages.map(({ rank, score, document, documentId, page, found, class: its, text }) => `${rank}. ${document ?? documentId}, page ${page} (${score.toFixed(3)}, ${found.join("+")}, ${its})\n   ${shorten(text, 300)}`).join("\n");
}

async function askBatch(file: string, options: Options, { app, output, principal, signal, parts, failed }: Run): Promise<void> {
  const lines = inputLines(file, z.looseObject({ question: z.string() }), parts.terminal);
  const answers = inOrder(lines, batchWidth, async (line) => {
    if ("error" in line) return { error: publicError(line.error) };
    const given = line.value;
    try {
      return { ...given, ...(await app.query(principal, requestOf(given.question, options), { signal })) };
    } catch (error) {
      if (isAbort(error) && signal.aborted) throw error;
      return { ...given, error: publicError(error) };
    }
  });
  for await (const answer of answers) {
    if ("error" in answer) failed();
    // A batch is for programs: a line out for each line in, with or without --json.
    await output.result(answer, () => JSON.stringify(answer));
  }
}
