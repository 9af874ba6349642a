import { Option } from "commander";
import { allClasses, type Class } from "../../data/classification.ts";
import { localPrincipal, Role } from "../../data/principal.ts";
import { SluiceError } from "../../errors.ts";
import { addCommand, withApp, type Commands, type CommonOptions, type Run } from "../command-context.ts";
import { table } from "../output.ts";

interface TenantOptions extends CommonOptions {
  tenant: string;
}

interface CreateOptions extends TenantOptions {
  role: Role[];
  class: Class[];
}

/** The data folder's owner makes the first key; later ones can also be made over HTTP. */
export function keyCommands(commands: Commands): void {
  const keys = commands.program.command("keys").description("API keys for `server.auth: keys`");
  const tenant = () => new Option("--tenant <name>", "whose keys").default("default");

  addCommand(keys, "create <name>", "make a key; its secret is shown this once")
    .addOption(tenant())
    .addOption(new Option("--role <role...>", "what it may do").choices(Role.options).default(["reader"]))
    .addOption(new Option("--class <class...>", "the classes it may see").choices(allClasses).default(["public"]))
    .action((name: string, options: CreateOptions) => withApp(commands, options, (run) => create(name, options, run)));

  addCommand(keys, "list", "the keys, without their secrets")
    .addOption(tenant())
    .action((options: TenantOptions) => withApp(commands, options, (run) => list(options, run)));

  addCommand(keys, "revoke <id>", "end a key")
    .addOption(tenant())
    .action((id: string, options: TenantOptions) =>
      withApp(commands, options, async ({ app, output }) => {
        if (!(await app.keys.revoke({ ...localPrincipal, tenant: options.tenant }, id))) throw new SluiceError("not_found", `there is no key ${id}; \`sluice keys list\` shows them`);
        await output.result({ id, revoked: true }, () => `${id} is revoked`);
      }),
    );
}

async function create(name: string, { tenant, role, class: classes }: CreateOptions, { app, output }: Run): Promise<void> {
  const key = await app.keys.create({ ...localPrincipal, tenant }, { name, roles: role, classes });
  await output.result(key, () => key.secret);
  output.note(`key ${key.id} for tenant ${tenant}: ${role.join(", ")}; sees ${classes.join(", ")}. The secret is not shown again.`);
}

async function list({ tenant }: TenantOptions, { app, output, parts }: Run): Promise<void> {
  const rows = await app.keys.list({ ...localPrincipal, tenant });
  if (output.json) for (const row of rows) await output.result(row, () => "");
  else {
    await output.result(rows, () =>
      rows.length === 0
        ? "No keys."
        : table(rows, [
            { title: "id", value: ({ id }) => id },
            { title: "name", value: (each) => each.name },
            { title: "prefix", value: ({ prefix }) => `${prefix}…` },
            { title: "roles", value: ({ roles }) => roles.join(" ") },
            { title: "classes", value: (each) => each.classes.join(" ") },
            { title: "revoked", value: ({ revokedAt }) => revokedAt ?? "" },
          ], parts.terminal.columns),
    );
  }
}
