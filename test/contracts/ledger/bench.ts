import type { Class } from "../../../src/data/classification.ts";
import { randomId, sha256 } from "../../../src/data/identity.ts";
import type { Principal } from "../../../src/data/principal.ts";
import type { DocumentRow, JobRow, Ledger, Upload } from "../../../src/stores/ledger/ledger.ts";
import type { AskedReservation, Reservation, Reserved } from "../../../src/stores/ledger/paid-calls.ts";

/** What the suites share: the ledger under test and the time it lives in, in ms. */
export interface Bench {
  now: number;
  readonly ledger: Ledger;
  current: Ledger | null;
  /** Ends the ledger and opens it again on the same data. */
  reopen(): Promise<void>;
}

/** A tenant that no other test uses. */
export const freshTenant = (): string => `tenant-${randomId()}`;

export const holder = (tenant: string, classes: Class[] = ["public", "internal", "confidential", "pii"], keyId: string | null = null): Principal => ({ tenant, roles: ["reader", "writer"], classes, keyId });

export const upload = (tenant: string, words: string, more: Partial<Upload> = {}): Upload => ({
  scope: { tenant, collection: "default" },
  key: "reports/one.txt",
  name: "one.txt",
  mediaType: "text/plain",
  bytes: words.length,
  sha256: sha256(words),
  floor: "public",
  parentId: null,
  kind: "ingest",
  ...more,
});

export const accepting = { maxQueued: 1_000_000, idempotencyKey: null };

export async function acceptOne(bench: Pick<Bench, "ledger">, more: Partial<Upload> = {}, principal = holder(freshTenant())): Promise<{ principal: Principal; document: DocumentRow; job: JobRow }> {
  const { document, job } = await bench.ledger.documents.accept(principal, upload(principal.tenant, "words", more), accepting);
  return { principal, document, job };
}

const chain = randomId();
export const unlimited = { dayUsd: Infinity, monthUsd: Infinity };

/** On a chain that all tests of a process share. */
export const reserve = ({ audit }: Pick<Ledger, "audit">, reservation: Reservation, limits: AskedReservation["limits"] = unlimited, documents: AskedReservation["documents"] = null): Promise<Reserved> =>
  audit.reserve({ reservation, limits, documents }, chain, (_previous, length) => ({ line: String(length), hmac: randomId() }));
