import type { ModelRow } from "../../models/model-rows.ts";
import type { PullProgress } from "../../models/pull-model.ts";
import { addCommand, withApp, type Commands, type CommonOptions, type Run } from "../command-context.ts";
import { count, table, type Column } from "../output.ts";

export function modelCommands(commands: Commands): void {
  const models = addCommand(commands.program, "models", "the models there are, what they are used for, and how to get more").action((options: CommonOptions) => withApp(commands, options, list));
  addCommand(models, "status", "every backend: state, breakers, and what to do").action((_: object, command: { optsWithGlobals(): CommonOptions }) => withApp(commands, command.optsWithGlobals(), status));
  addCommand(models, "pull <name>", "have a local Ollama fetch a model")
    .option("--backend <id>", "to which (default: the first local one)")
    .action((name: string, _: object, command: { optsWithGlobals(): CommonOptions & { backend?: string } }) => {
      const options = command.optsWithGlobals();
      return withApp(commands, options, (run) => pull(name, options.backend, run));
    });
  addCommand(models, "forget <id>", "a backend or model that will not come back: its tiers are absent again, and built-in processing does the work").action((id: string, _: object, command: { optsWithGlobals(): CommonOptions }) =>
    withApp(commands, command.optsWithGlobals(), async ({ app, output }) => {
      const forgotten = await app.models.forget(id);
      await output.result({ forgotten }, () => (forgotten ? `${count(forgotten, "tier")} forgotten` : `nothing has ever been answered by ${id}`));
    }),
  );
}

const columns: Column<ModelRow>[] = [
  { title: "model", value: ({ name }) => name },
  { title: "backend", value: ({ backend, location }) => `${backend} (${location})` },
  { title: "used for", value: ({ tiers, forwards, location }) => (forwards && location === "local" ? "nothing: it is forwarded" : tiers.join(", ")) },
  { title: "size", value: ({ size }) => (size ? `${(size / 1e9).toFixed(1)} GB` : ""), align: "right" },
  { title: "parameters", value: ({ parameters }) => parameters ?? "", align: "right" },
  { title: "context", value: ({ context }) => context ?? "", align: "right" },
  { title: "can", value: ({ capabilities }) => capabilities.join(", ") },
  { title: "in memory", value: ({ resident }) => (resident ? "yes" : "") },
];

async function list({ app, output, parts }: Run): Promise<void> {
  const rows = app.models.list();
  if (output.json) for (const row of rows) await output.result(row, () => "");
  else await output.result(rows, () => (rows.length ? table(rows, columns, parts.terminal.columns) : "No models."));
  for (const { backend, hint } of app.models.status()) if (hint) output.note(`${backend}: ${hint}`);
}

async function status({ app, output }: Run): Promise<void> {
  for (const row of app.models.status()) {
    const breakers = (row.load?.breakers ?? []).map(({ model, state, until }) => `${model ?? "all models"} ${state}${until ? ` until ${until}` : ""}`);
    await output.result(row, () => [`${row.backend} (${row.location}, ${row.url}): ${row.state}; ${[row.detail, ...breakers].filter(Boolean).join("; ")}`, ...(row.hint ? [`  → ${row.hint}`] : [])].join("\n"));
  }
}

async function pull(name: string, backend: string | undefined, { app, output, signal, parts: { terminal } }: Run): Promise<void> {
  let told = "";
  const onProgress = ({ status: what, completed, total }: PullProgress) => {
    const percent = completed !== null && total ? Math.floor((completed / total) * 100) : null;
    // Without a terminal a line for each tenth.
    const line = percent === null ? what : `${what} ${terminal.interactive ? percent : Math.floor(percent / 10) * 10}%`;
    if (line === told) return;
    told = line;
    terminal.stderr.write(terminal.interactive ? `\r${line.padEnd(60)}` : `${line}\n`);
  };
  const pulled = await app.models.pull(name, { ...(backend === undefined ? {} : { backend }), onProgress, signal });
  if (terminal.interactive) terminal.stderr.write("\n");
  await output.result(pulled, () => `${pulled.model} is on ${pulled.backend}`);
}
