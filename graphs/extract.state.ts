import { IngestState } from "./ingest.state.ts";

/** The part of the ingest state that extraction reads and writes; the keys it shares with its parent are the same. */
export const ExtractState = IngestState.pick({ jobId: true, tenant: true, collection: true, generation: true, documents: true, accounts: true });
