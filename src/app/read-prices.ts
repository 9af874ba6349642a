import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { SluiceError } from "../errors.ts";
import { PriceTable } from "../models/prices.ts";
import { packageRoot } from "../workers/package-root.ts";

/** The package's prices, or those of a file of one's own. Throws `config` with file, row and what to change. */
export function readPrices(own: string | null): PriceTable {
  const file = own === null ? join(packageRoot, "config", "prices.yaml") : resolve(own);
  let rows: unknown;
  try {
    rows = parse(readFileSync(file, "utf8")) ?? [];
  } catch (cause) {
    throw new SluiceError("config", `the prices cannot be read from ${file}${own === null ? "" : " (budgets.prices)"}; is it there, and valid YAML?`, { cause });
  }
  const read = PriceTable.safeParse(rows);
  if (read.success) return read.data;
  throw new SluiceError("config", `the prices in ${file} have mistakes:\n${read.error.issues.map((issue) => `  ${placeOf(issue.path, rows)}: ${issue.message}`).join("\n")}`);
}

/** Rows are counted from 1, as a reader does. */
function placeOf([index, ...rest]: PropertyKey[], rows: unknown): string {
  if (typeof index !== "number") return "(root)";
  const row = z.object({ model: z.string() }).safeParse(Array.isArray(rows) ? rows[index] : null);
  return [`row ${index + 1}${row.success ? ` (${row.data.model})` : ""}`, ...rest.map(String)].join(".");
}
