import { Command, CommanderError } from "commander";
import type { CliParts } from "./cli-app.ts";
import type { Commands } from "./command-context.ts";
import { askCommand } from "./commands/ask.ts";
import { auditCommands } from "./commands/audit.ts";
import { backupCommands } from "./commands/backup.ts";
import { costCommand } from "./commands/costs.ts";
import { demoCommand } from "./commands/demo.ts";
import { documentCommands } from "./commands/documents.ts";
import { ingestCommand } from "./commands/ingest.ts";
import { jobCommands } from "./commands/jobs.ts";
import { keyCommands } from "./commands/keys.ts";
import { knowledgeCommands } from "./commands/knowledge.ts";
import { modelCommands } from "./commands/models.ts";
import { releaseCommands } from "./commands/releases.ts";
import { scanCommand } from "./commands/scan.ts";
import { verifyCommand } from "./commands/verify.ts";
import { systemCommands } from "./commands/system.ts";
import { exitCodes, reportError } from "./exit-code.ts";
import { openOutput } from "./output.ts";

/** Runs one command line (without program and script) and resolves with its exit code: 0, 1, 2 or 130. */
export async function run(argv: string[], parts: CliParts): Promise<number> {
  let code: number = exitCodes.done;
  const program = new Command("sluice");
  program
    .description("Turns documents into a knowledge graph and cited answers; private text never leaves.")
    .version(parts.version)
    .configureOutput({ writeOut: (text) => parts.terminal.stdout.write(text), writeErr: (text) => parts.terminal.stderr.write(text), getOutHelpWidth: () => parts.terminal.columns, getErrHelpWidth: () => parts.terminal.columns })
    .showHelpAfterError("(--help shows what there is)")
    .exitOverride();
  const commands: Commands = { program, parts, exit: (given) => (code = given) };
  for (const add of [ingestCommand, askCommand, scanCommand, documentCommands, releaseCommands, knowledgeCommands, jobCommands, keyCommands, modelCommands, costCommand, auditCommands, systemCommands, verifyCommand, backupCommands, demoCommand]) add(commands);
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    return reportError(error, openOutput(parts.terminal, false), { verbose: argv.includes("--verbose"), signal: parts.signal });
  }
  return code;
}
