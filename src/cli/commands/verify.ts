import { addCommand, withApp, type Commands, type CommonOptions, type Run } from "../command-context.ts";
import { count, table } from "../output.ts";

interface VerifyOptions extends CommonOptions {
  repair: boolean;
}

export function verifyCommand(commands: Commands): void {
  addCommand(commands.program, "verify", "compare ledger, files, graph, vectors and text")
    .option("--repair", "store anew what differs, from what each document left; remove what nobody knows", false)
    .action((options: VerifyOptions) => withApp(commands, options, (run) => verify(run, options.repair), { workers: options.repair }));
}

async function verify({ app, output, signal, failed, parts }: Run, repair: boolean): Promise<void> {
  const { interactive, stderr } = parts.terminal;
  const found = await app.verify({ repair, signal, onProgress: (documents) => interactive && documents % 10 === 0 && stderr.write(`\r${count(documents, "document")} compared `) });
  if (interactive) stderr.write("\r");
  for (const jobId of found.repaired.jobIds) {
    const job = await app.settled(jobId, signal);
    if (job.status !== "done") failed();
  }
  if (!repair && found.differences.length > 0) failed();
  await output.result(found, () => {
    if (found.differences.length === 0) return `${count(found.documents, "document")}: nothing differs`;
    const rows = table(found.differences, [
      { title: "document", value: ({ documentId }) => documentId },
      { title: "store", value: ({ store }) => store },
      { title: "kind", value: ({ kind }) => kind },
      { title: "missing", value: ({ missing }) => missing, align: "right" },
      { title: "extra", value: ({ extra }) => extra, align: "right" },
    ], parts.terminal.columns);
    const { jobIds, removed } = found.repaired;
    return `${rows}\n${repair ? `${count(jobIds.length, "document")} stored anew, ${removed.length} removed` : "sluice verify --repair mends it"}`;
  });
}
