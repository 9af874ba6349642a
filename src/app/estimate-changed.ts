import { strictest, type Class } from "../data/classification.ts";
import type { Estimate, EstimatedFile } from "../data/estimate.ts";
import { documentId, type Scope } from "../data/identity.ts";
import type { Principal } from "../data/principal.ts";
import type { DocumentLedger } from "../stores/ledger/ledger.ts";

type EstimateFiles = (files: EstimatedFile[], options: { scope: Scope; floor: Class; signal: AbortSignal }) => Promise<Estimate>;

/** The estimate of those files that an upload would work on: one whose document has the same bytes already is a duplicate and costs nothing. */
export async function estimateChanged(principal: Principal, given: EstimatedFile[], options: { scope: Scope; floor: Class; signal: AbortSignal }, { documents, estimate }: { documents: DocumentLedger; estimate: EstimateFiles }): Promise<Estimate> {
  const isUnchanged = async ({ key, sha256 }: EstimatedFile): Promise<boolean> => {
    if (key === undefined || sha256 === undefined) return false;
    const row = await documents.get(principal, documentId(options.scope, key));
    return row !== null && row.sha256 === sha256 && row.status !== "erasing" && strictest(row.floor, options.floor) === row.floor;
  };
  const changed: { file: EstimatedFile; index: number }[] = [];
  for (const [index, file] of given.entries()) if (!(await isUnchanged(file))) changed.push({ file, index });
  const found = await estimate(changed.map(({ file }) => file), options);
  return { ...found, unchanged: given.length - changed.length, unreadable: found.unreadable.map((each) => ({ ...each, file: changed[each.file]!.index })) };
}
