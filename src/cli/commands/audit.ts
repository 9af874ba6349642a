import { once } from "node:events";
import { InvalidArgumentError, Option } from "commander";
import { allClasses, type Class } from "../../data/classification.ts";
import { auditFields, csvLine, type AuditFilter } from "../../models/audit-export.ts";
import { addCommand, withApp, type Commands, type CommonOptions, type Run } from "../command-context.ts";
import { count } from "../output.ts";

interface ExportOptions extends CommonOptions {
  format: "jsonl" | "csv";
  from?: string;
  to?: string;
  tenant?: string;
  user?: string;
  class?: Class;
  model?: string;
}

/** The record of everything that was sent to a cloud: never its text, never a file name. */
export function auditCommands(commands: Commands): void {
  const audit = commands.program.command("audit").description("the record of what left for a cloud");

  addCommand(audit, "verify", "is a line of the record missing, changed or moved")
    .option("--anchor <file>", "heads that were kept in another place (default: audit.anchor)")
    .action((options: CommonOptions & { anchor?: string }) => withApp(commands, options, (run) => verify(options.anchor ?? null, run)));

  addCommand(audit, "export", "one line for each call that left, for a report")
    .addOption(new Option("--format <format>", "JSON lines, or comma-separated values with a header").choices(["jsonl", "csv"]).default("jsonl"))
    .option("--from <day>", "from this UTC day on", day(0))
    .option("--to <day>", "until this UTC day, included", day(1))
    .option("--tenant <name>", "of this tenant")
    .option("--user <id>", "of this user")
    .addOption(new Option("--class <class>", "of texts of this class").choices(allClasses))
    .option("--model <name>", "answered by this model")
    .action((options: ExportOptions) => withApp(commands, options, (run) => exportRecords(options, run)));

  addCommand(audit, "heads", "where the record ends now, to be kept in another place for `verify --anchor`").action((options: CommonOptions) =>
    withApp(commands, options, async ({ app, output }) => {
      for (const head of await app.audit.heads()) await output.result(head, () => JSON.stringify(head));
    }),
  );
}

/** A day as the moment it begins, `later` days on. */
const day = (later: number) => (value: string): string => {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time)) throw new InvalidArgumentError("a day, as in 2025-03-31.");
  return new Date(time + later * 86_400_000).toISOString();
};

async function verify(anchor: string | null, { app, output, signal, failed }: Run): Promise<void> {
  const report = await app.audit.verify({ anchor, signal });
  if (report.faults.length > 0) failed();
  await output.result(report, () => {
    const { chains, lines, attempts, open, faults, unproven } = report;
    return [
      `${count(lines, "line")} in ${count(chains, "chain")}, ${count(attempts, "call")} that left${open > 0 ? `, ${open} of them without an outcome (in flight, or ended by a kill)` : ""}`,
      ...(faults.length === 0 ? ["nothing is missing, changed or moved"] : faults.map((each) => `${each.kind.toUpperCase().replace("_", " ")}${each.chain === null ? "" : `  chain ${each.chain}`}${each.position === null ? "" : ` line ${each.position}`}: ${each.detail}`)),
      ...unproven.map((each) => `not proven: ${each}`),
    ].join("\n");
  });
}

async function exportRecords({ format, from, to, tenant, user, class: value, model }: ExportOptions, { app, output, signal, parts }: Run): Promise<void> {
  const filter: AuditFilter = { from, to, tenant, user, class: value, model };
  const { stdout } = parts.terminal;
  const writeCsv = async (values: Parameters<typeof csvLine>[0]) => {
    if (!stdout.write(csvLine(values))) await once(stdout, "drain");
  };
  if (format === "csv") await writeCsv(auditFields);
  for await (const record of app.audit.export(filter)) {
    signal.throwIfAborted();
    if (format === "csv") await writeCsv(auditFields.map((field) => record[field]));
    else await output.result(record, () => JSON.stringify(record));
  }
}
