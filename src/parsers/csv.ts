import Papa from "papaparse";
import { decodeText } from "./decode-text.ts";
import { finish, newDraft, warn } from "./draft.ts";
import type { ParseFunction } from "./parser.ts";
import { tableBlocks } from "./table.ts";

export const parse: ParseFunction = async (request) => {
  const draft = newDraft();
  const text = await decodeText(request, draft);
  const { data, errors, meta } = Papa.parse<string[]>(text, { skipEmptyLines: "greedy", ...(request.format.id === "tsv" ? { delimiter: "\t" } : {}) });
  const faults = errors.filter((error) => error.type !== "Delimiter");
  if (faults.length > 0) warn(draft, "table_rows", `${faults.length} rows have broken quotes; they were read as well as they could be`);
  const width = data[0]?.length ?? 0;
  const uneven = data.filter((row) => row.length !== width).length;
  if (uneven > 0) warn(draft, "table_width", `${uneven} rows have another number of cells than the header`);
  draft.metadata = { rows: String(Math.max(data.length - 1, 0)), delimiter: meta.delimiter === "\t" ? "tab" : meta.delimiter };
  draft.blocks.push(...tableBlocks(data, { page: 1, boxes: [] }));
  return finish(draft, request);
};
