import { sql, type ExpressionBuilder } from "kysely";
import { SluiceError } from "../../errors.ts";
import type { Lease } from "../document-writer.ts";
import { openCommit } from "./commit-intents.ts";
import { openErasures } from "./erase-intents.ts";
import { endedAt, farthest, intentsOf, isOpenedBy, mending, mustBeFree, overtaken, remembered } from "./intent-rows.ts";
import type { IntentLedger, StaleIntent } from "./intents.ts";
import { leaseLost, noDocument } from "./ledger-errors.ts";
import { engineOf, isoTime, listed, lockDocuments, mustHold, type Clock, type Sql, type SqlTransaction } from "./sql.ts";
import type { LedgerTables } from "./tables.ts";

export function openIntentLedger(database: Sql, clock: Clock): IntentLedger {
  const engine = engineOf(database);

  return {
    commit: openCommit(database, clock),
    ...openErasures(database, clock),

    begin: (documentIds, lease) =>
      database.transaction().execute(async (transaction) => {
        const now = isoTime(clock);
        await lockDocuments(transaction, documentIds);
        await mustHold(transaction, lease);
        const intents = await mustBeFree(transaction, documentIds, now);
        await mustBeThere(transaction, documentIds, (id) => intents.get(id)?.phase === "erasing");
        return openFor(transaction, documentIds, lease, now);
      }),

    async held(revisions, lease) {
      const intents = await intentsOf(database, [...revisions.keys()]);
      for (const [id, revision] of revisions) {
        const intent = intents.get(id);
        if (!isOpenedBy(intent, revision, lease) || intent.phase !== "writing") throw overtaken(id);
      }
      const job = await database.selectFrom("ledger_jobs").select("id").where("id", "=", lease.jobId).where("lease_number", "=", lease.number).where("lease_owner", "is not", null).executeTakeFirst();
      if (!job) throw leaseLost(lease);
    },

    async done(documentId, revision) {
      await database.transaction().execute(async (transaction) => {
        const intent = transaction.updateTable("ledger_intents").where("document_id", "=", documentId).where("committed", "=", revision);
        await intent.where("phase", "=", "writing").set({ unsettled: 0 }).execute();
        await intent.where("revision", "=", revision).where("phase", "=", "cleaning").set(endedAt(isoTime(clock))).execute();
      });
    },

    async abandon(documentId, revision) {
      await database.transaction().execute(async (transaction) => {
        const mine = (unsettled: 0 | 1) => ({ document_id: documentId, revision, phase: "writing" as const, unsettled });
        await transaction.updateTable("ledger_intents").set(endedAt(isoTime(clock))).where(({ and }) => and(mine(0))).execute();
        await transaction.updateTable("ledger_intents").set({ phase: "cleaning", revision: sql<number>`committed`, unsettled: 0, held_until: null }).where(({ and }) => and(mine(1))).execute();
      });
    },

    async open(tenant) {
      const rows = await database.selectFrom("ledger_intents").select(["document_id", "revision", "committed", "phase"]).where("tenant", "=", tenant).execute();
      const [ended, open] = [rows.filter(({ phase }) => phase === "ended"), rows.filter(({ phase }) => phase !== "ended")];
      return { open: new Map(open.map((row) => [row.document_id, row.committed])), ended: new Map(ended.map(({ document_id: id, revision, committed }) => [id, { revision, committed }])) };
    },

    async stale(limit) {
      const at = clock();
      const [now, until, never] = [at, at + mending, at + farthest].map((each) => new Date(each).toISOString()) as [string, string, string];
      const isOld = ({ eb, or }: ExpressionBuilder<LedgerTables, "ledger_intents">) => or([eb("opened_at", "<", new Date(at - remembered).toISOString()), eb("opened_at", ">", never)]);
      await database.deleteFrom("ledger_intents").where("phase", "=", "ended").where(isOld).execute();
      const { rows } = await sql<{ id: string; revision: number }>`select i.document_id as id, i.revision from ledger_intents i
        where i.phase <> 'ended' and (i.held_until is null or i.held_until <= ${now} or i.held_until > ${never}) and not exists (select 1 from ledger_jobs j
          where j.id = i.job_id and j.lease_number = i.lease_number and j.lease_owner is not null and j.lease_until > ${now})
        order by i.opened_at, i.document_id limit ${limit}`.execute(database);
      const taken: StaleIntent[] = [];
      for (const { id, revision } of rows) {
        const row = await database
          .updateTable("ledger_intents")
          .set({ held_until: until })
          .where("document_id", "=", id)
          .where("revision", "=", revision)
          .where(({ or, eb }) => or([eb("held_until", "is", null), eb("held_until", "<=", now), eb("held_until", ">", never)]))
          .returningAll()
          .executeTakeFirst();
        if (row) taken.push({ documentId: id, jobId: row.job_id, revision, committed: row.committed, phase: row.phase });
      }
      return taken;
    },
  };

  async function mustBeThere(transaction: SqlTransaction, documentIds: readonly string[], isErasing: (id: string) => boolean): Promise<void> {
    const rows = await transaction.selectFrom("ledger_documents").select(["id", "status"]).where("id", "in", listed(engine, documentIds)).execute();
    const status = new Map(rows.map((row) => [row.id, row.status]));
    for (const id of documentIds) {
      if (!status.has(id)) throw noDocument(id);
      if (status.get(id) === "erasing" || isErasing(id)) throw new SluiceError("conflict", `[ledger] document ${id} is being erased`);
    }
  }

  async function openFor(transaction: SqlTransaction, documentIds: readonly string[], lease: Lease, now: string): Promise<Map<string, { revision: number; committed: number | null }>> {
    const ids = listed(engine, documentIds);
    const rows = await transaction.updateTable("ledger_documents").set({ revision: sql<number>`revision + 1` }).where("id", "in", ids).returning(["id", "revision", "committed_revision"]).execute();
    await sql`insert into ledger_intents (document_id, tenant, job_id, lease_number, revision, committed, phase, opened_at)
      select d.id, d.tenant, cast(${lease.jobId} as text), cast(${lease.number} as bigint), d.revision, d.committed_revision, 'writing', cast(${now} as text) from ledger_documents d where d.id in ${ids}
      on conflict (document_id) do update set job_id = excluded.job_id, lease_number = excluded.lease_number, revision = excluded.revision, committed = excluded.committed,
        phase = 'writing', unsettled = case when ledger_intents.phase = 'cleaning' then 1 else ledger_intents.unsettled end, opened_at = excluded.opened_at, held_until = null`.execute(transaction);
    return new Map(rows.map((row) => [row.id, { revision: row.revision, committed: row.committed_revision }]));
  }
}
