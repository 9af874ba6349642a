import { sql } from "kysely";
import type { JobStatus } from "../../data/job.ts";
import type { Principal } from "../../data/principal.ts";
import { openCreateJob } from "./create-job.ts";
import { fromCursor, toCursor, toPage } from "./cursor.ts";
import { openJobEnds } from "./job-ends.ts";
import { openJobEvents } from "./job-events.ts";
import { openJobLeases } from "./job-leases.ts";
import { toJobRow } from "./job-rows.ts";
import type { JobLedger } from "./ledger.ts";
import { classIn, engineOf, listed, type Clock, type Sql } from "./sql.ts";

export function openJobLedger(database: Sql, clock: Clock): JobLedger {
  // A job is seen when what it was read to be and what its document is now may both be seen; an erased document hides nothing.
  const visible = (principal: Principal) =>
    database
      .selectFrom("ledger_jobs as j")
      .leftJoin("ledger_documents as d", "d.id", "j.document_id")
      .selectAll("j")
      .where("j.tenant", "=", principal.tenant)
      .where(classIn(sql.ref("j.class"), principal.classes))
      .where(({ or, eb }) => or([eb("d.id", "is", null), classIn(sql.ref("d.class"), principal.classes)]));

  return {
    ...openCreateJob(database, clock),
    ...openJobLeases(database, clock),
    ...openJobEnds(database, clock),
    ...openJobEvents(database, clock),

    async get(principal, id) {
      const row = await visible(principal).where("j.id", "=", id).executeTakeFirst();
      return row ? toJobRow(row) : null;
    },

    async list(principal, { collection, status, documentId, parentId, limit, cursor }) {
      let query = visible(principal).where("j.collection", "=", collection);
      if (status !== undefined) query = query.where("j.status", "=", status);
      if (documentId !== undefined) query = query.where("j.document_id", "=", documentId);
      if (parentId !== undefined) query = query.where("j.parent_id", "=", parentId);
      if (cursor !== null) query = query.where("j.id", "<", fromCursor(cursor, 1)[0]!);
      const rows = await query.orderBy("j.id", "desc").limit(limit + 1).execute();
      return toPage(rows, limit, toJobRow, (row) => toCursor(row.id));
    },

    async about(documentIds) {
      const rows = await database.selectFrom("ledger_jobs").select(["id", "status"]).where("document_id", "in", listed(engineOf(database), documentIds)).where("kind", "<>", "erase").execute();
      return rows.map(({ id, status }) => ({ id, status: status as JobStatus }));
    },

    async row(id) {
      const row = await database.selectFrom("ledger_jobs").selectAll().where("id", "=", id).executeTakeFirst();
      return row ? toJobRow(row) : null;
    },

    async queued() {
      const { queued } = await database.selectFrom("ledger_jobs").select(({ fn }) => fn.countAll<number>().as("queued")).where("status", "=", "queued").executeTakeFirstOrThrow();
      return Number(queued);
    },
  };
}
