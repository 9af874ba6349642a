import type { CliParts, OpenOptions } from "../cli-app.ts";
import { addCommand, openOptions, type Commands, type CommonOptions } from "../command-context.ts";
import { exitCodes, reportError } from "../exit-code.ts";
import { count, openOutput, type Output } from "../output.ts";

export function backupCommands(commands: Commands): void {
  addCommand(commands.program, "backup <file>", "everything of the data folder in one file, while others work on it; it holds texts and keys")
    .action((file: string, options: CommonOptions) =>
      without(commands, options, async (parts, opening, output) => {
        const made = await parts.backup(opening, file, parts.signal);
        await output.result({ file, ...made }, () => `${file}: ${count(made.documents, "document")}, ${count(made.bytes, "byte")}. It holds texts and keys: guard it like the data folder.`);
      }),
    );
  addCommand(commands.program, "restore <file>", "a backup as a new data folder (--data)")
    .action((file: string, options: CommonOptions) =>
      without(commands, options, async (parts, opening, output) => {
        const made = await parts.restore(opening, file);
        await output.result({ file, ...made }, () => `${made.directory}: ${count(made.documents, "document")}, as they were at ${made.createdAt}`);
      }),
    );
}

/** These work on the data folder itself, without the application. */
async function without(commands: Commands, options: CommonOptions, work: (parts: CliParts, opening: OpenOptions, output: Output) => Promise<void>): Promise<void> {
  const { parts } = commands;
  const output = openOutput(parts.terminal, options.json);
  try {
    await work(parts, openOptions(options), output);
    commands.exit(exitCodes.done);
  } catch (error) {
    commands.exit(await reportError(error, output, { verbose: options.verbose, signal: parts.signal }));
  }
}
