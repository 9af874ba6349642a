import { SluiceError } from "../../errors.ts";
import type { Lease } from "../document-writer.ts";

export const noDocument = (id: string): SluiceError => new SluiceError("not_found", `[ledger] document ${id} is not there; it may have been erased`);

export const noJob = (id: string): SluiceError => new SluiceError("not_found", `[ledger] job ${id} is not there; its document may have been erased`);

export const leaseLost = (lease: Lease): SluiceError =>
  new SluiceError("conflict", `[ledger] job ${lease.jobId}: lease ${lease.number} was lost, somebody else holds the job or it is over; nothing of this write was kept`);
