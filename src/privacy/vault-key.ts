import { execFileSync } from "node:child_process";
import { hkdfSync, randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { SluiceError } from "../errors.ts";

/** Where the key of the vault comes from: a file (readable by its owner alone), a value (out of the environment), or what a program prints. At least 16 characters. */
export const VaultKey = z.union([z.strictObject({ file: z.string().min(1) }), z.strictObject({ value: z.string() }), z.strictObject({ command: z.array(z.string().min(1)).min(1) })]);
export type VaultKey = z.infer<typeof VaultKey>;

export const VaultOptions = z.strictObject({
  /** Null: a file of our own in the data folder, made at first use. */
  key: VaultKey.nullable().default(null),
  /** Keys that were in force before: what they sealed is read, and sealed anew with the present one. */
  previous: z.array(VaultKey).max(10).default([]),
});
export type VaultOptions = z.infer<typeof VaultOptions>;

export type Keys = (purpose: "vault" | "payload" | "release") => Buffer;

/** Keys of 32 bytes for one purpose each, drawn from the vault's key. Throws `config` when the key is missing, short or open to others. `make`: a missing file is made. */
export function openKeys(key: VaultKey, make = true): Keys {
  const secret = secretOf(key, make);
  return (purpose) => Buffer.from(hkdfSync("sha256", secret, "sluice", purpose, 32));
}

/** The key itself, which must not leave either. */
export function secretOf(key: VaultKey, make = true): string {
  const secret = "value" in key ? key.value : "file" in key ? readKeyFile(key.file, make) : runKeyCommand(key.command);
  if (secret.length < 16) throw new SluiceError("config", "the vault's key is shorter than 16 characters; give a longer one or a key file");
  return secret;
}

function readKeyFile(file: string, make: boolean): string {
  if (make) makeKeyFile(file);
  try {
    if (process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0) {
      throw new SluiceError("config", `the vault's key file ${file} can be read by others; run: chmod 600 ${file}`);
    }
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    throw new SluiceError("config", `the vault's key file ${file} can not be read; put it back or name another`, { cause: error });
  }
}

function makeKeyFile(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, randomBytes(32).toString("base64"), { flag: "wx", mode: 0o600 });
    chmodSync(file, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw new SluiceError("config", `the vault's key file ${file} can not be made; check the folder's permissions`, { cause: error });
  }
}

/** Run without a shell, once at start; what it says on stderr is not shown, since it may quote the key. */
function runKeyCommand([program, ...args]: string[]): string {
  try {
    return execFileSync(program!, args, { encoding: "utf8", timeout: 30_000, stdio: ["ignore", "pipe", "ignore"], maxBuffer: 65_536 }).trim();
  } catch (error) {
    const why = (error as { code?: unknown }).code ?? `exit code ${String((error as { status?: unknown }).status)}`;
    throw new SluiceError("config", `the command of the vault's key (${program}) gave no key: ${String(why)}; run it by hand to see why`);
  }
}
