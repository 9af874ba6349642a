import { hkdfSync, randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { SluiceError } from "../errors.ts";

/** The key of the vault: a file of our own (made when missing, readable by its owner alone) or a value of at least 16 characters. */
export type VaultKey = { file: string } | { value: string };

/** Keys of 32 bytes for one purpose each, drawn from the vault's key. Throws `config` when the key is missing, short or open to others. */
export function openKeys(key: VaultKey): (purpose: "vault" | "payload") => Buffer {
  const secret = "value" in key ? key.value : readKeyFile(key.file);
  if (secret.length < 16) throw new SluiceError("config", "the vault's key is shorter than 16 characters; give a longer one or a key file");
  return (purpose) => Buffer.from(hkdfSync("sha256", secret, "sluice", purpose, 32));
}

function readKeyFile(file: string): string {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, randomBytes(32).toString("base64"), { flag: "wx", mode: 0o600 });
    chmodSync(file, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw new SluiceError("config", `the vault's key file ${file} can not be made; check the folder's permissions`, { cause: error });
  }
  if (process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0) {
    throw new SluiceError("config", `the vault's key file ${file} can be read by others; run: chmod 600 ${file}`);
  }
  return readFileSync(file, "utf8").trim();
}
