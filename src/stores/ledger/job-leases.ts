import { sql, type Expression, type SqlBool } from "kysely";
import { isOver, type JobEvent } from "../../data/job.ts";
import type { Lease } from "../document-writer.ts";
import { appendEvent } from "./job-events.ts";
import { lockDocumentOf, toJobRow } from "./job-rows.ts";
import { cancelJobs } from "./job-ends.ts";
import { leaseLost } from "./ledger-errors.ts";
import type { JobLedger } from "./ledger.ts";
import { isoTime, type Clock, type Sql, type SqlTransaction } from "./sql.ts";

/** ms; what is due later than this was put there before the clock was set back, and is due now. */
const longestPause = 600_000;

type Leases = Pick<JobLedger, "due" | "claim" | "owners" | "abandon" | "renew" | "update" | "finish">;

/** The pause of a job that waits is over. */
const rested = (now: string): Expression<SqlBool> => sql<SqlBool>`(not_before <= ${now} or not_before > ${new Date(Date.parse(now) + longestPause).toISOString()})`;

/** Jobs of an archive's entries are still open. */
const hasOpenEntries = sql<SqlBool>`exists (select 1 from ledger_jobs entry where entry.parent_id = ledger_jobs.id and entry.status in ('queued', 'running', 'waiting'))`;

/** Nobody works on it, and what it waits for may have come. */
const mayGoOn = sql<SqlBool>`(status = 'waiting' and lease_owner is null and (case coalesce(waiting_for, '') when 'approval' then approved_at is not null when 'entries' then not ${hasOpenEntries} else true end))`;

/** Queued, or left behind by a worker whose lease ran out. */
const free = (now: string): Expression<SqlBool> =>
  sql<SqlBool>`((status = 'queued' and (not_before is null or ${rested(now)})) or (lease_owner is not null and lease_until <= ${now}))`;

// Versions of one document are worked on one after the other, whichever process takes them.
const documentBusy = (jobId: string, now: string): Expression<SqlBool> =>
  sql<SqlBool>`exists (select 1 from ledger_jobs mine join ledger_jobs other on other.document_id = mine.document_id and other.id <> mine.id
    where mine.id = ${jobId} and other.lease_owner is not null and other.lease_until > ${now})`;

// What is erased is worked on by nobody any more, the entries of an archive neither.
const belowBusy = (jobId: string, now: string): Expression<SqlBool> =>
  sql<SqlBool>`(kind = 'erase' and exists (
    with recursive tree (id) as (
      select root.document_id from ledger_jobs root where root.id = ${jobId}
      union select d.id from ledger_documents d join tree on d.parent_id = tree.id
    ) select 1 from tree join ledger_jobs other on other.document_id = tree.id where other.id <> ${jobId} and other.lease_owner is not null and other.lease_until > ${now}))`;

export function openJobLeases(database: Sql, clock: Clock): Leases {
  const until = (ttlMs: number): string => new Date(clock() + ttlMs).toISOString();
  const held = (lease: Lease) => database.updateTable("ledger_jobs").where("id", "=", lease.jobId).where("lease_number", "=", lease.number).where("lease_owner", "is not", null);

  return {
    async due(limit) {
      const now = isoTime(clock);
      const rows = await database
        .selectFrom("ledger_jobs")
        .selectAll()
        .where("status", "in", ["queued", "running", "waiting"])
        .where(({ or, and }) => or([free(now), and([mayGoOn, or([rested(now), sql<SqlBool>`waiting_for in ('approval', 'entries')`])])]))
        .orderBy("id")
        .limit(limit)
        .execute();
      return rows.map(toJobRow);
    },

    async claim(jobId, owner, ttlMs) {
      const now = isoTime(clock);
      return database.transaction().execute(async (transaction) => {
        await lockDocumentOf(transaction, jobId);
        const row = await transaction
          .updateTable("ledger_jobs")
          .set({
            status: "running", waiting_for: null, not_before: null, lease_number: sql<number>`lease_number + 1`, lease_owner: owner, lease_until: until(ttlMs),
            attempts: sql<number>`attempts + 1`, started_at: sql<string>`coalesce(started_at, ${now})`,
          })
          .where("id", "=", jobId)
          .where(({ or }) => or([free(now), mayGoOn]))
          .where(({ not }) => not(documentBusy(jobId, now)))
          .where(({ not }) => not(belowBusy(jobId, now)))
          .returning("lease_number")
          .executeTakeFirst();
        return row ? { jobId, number: row.lease_number } : null;
      });
    },

    async owners() {
      const rows = await database.selectFrom("ledger_jobs").select("lease_owner as owner").distinct().where("status", "in", ["queued", "running", "waiting"]).where("lease_owner", "is not", null).execute();
      return rows.flatMap(({ owner }) => (owner === null ? [] : [owner]));
    },

    async abandon(owner) {
      await database.updateTable("ledger_jobs").set({ lease_until: isoTime(clock) }).where("lease_owner", "=", owner).where("lease_until", ">", isoTime(clock)).execute();
    },

    async renew(lease, ttlMs) {
      const { numUpdatedRows } = await held(lease).set({ lease_until: until(ttlMs) }).executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    async update(lease, patch) {
      const { status, waitingFor, stage, progress, class: value, counts, warnings, error, cost, decisions } = patch;
      const { numUpdatedRows } = await held(lease)
        .set({
          // Always one column, so that an empty patch still tells whether the lease is held.
          lease_number: lease.number,
          ...(status === undefined ? {} : { status }),
          ...(waitingFor === undefined ? {} : { waiting_for: waitingFor }),
          ...(stage === undefined ? {} : { stage }),
          ...(progress === undefined ? {} : { progress }),
          ...(value === undefined ? {} : { class: value }),
          ...(counts === undefined ? {} : { counts: JSON.stringify(counts) }),
          ...(warnings === undefined ? {} : { warnings: JSON.stringify(warnings) }),
          ...(error === undefined ? {} : { error: error === null ? null : JSON.stringify(error) }),
          ...(cost === undefined ? {} : { cost: JSON.stringify(cost) }),
          ...(decisions === undefined ? {} : { decisions: JSON.stringify(decisions) }),
        })
        .executeTakeFirst();
      if (numUpdatedRows === 0n) throw leaseLost(lease);
    },

    async finish(lease, status, patch) {
      const now = isoTime(clock);
      await database.transaction().execute(async (transaction) => {
        const job = await transaction
          .updateTable("ledger_jobs")
          .set({
            status, lease_owner: null, lease_until: null,
            waiting_for: patch.waitingFor ?? null,
            not_before: patch.pauseMs == null ? null : new Date(clock() + Math.min(patch.pauseMs, longestPause)).toISOString(),
            error: patch.error == null ? null : JSON.stringify(patch.error),
            ...(isOver(status) ? { finished_at: now } : {}),
            ...(status === "done" ? { progress: 1 } : {}),
            // Waiting for a model and being asked to stop are no failures of the job: they use up none of its attempts.
            ...(status === "waiting" || (status === "queued" && patch.error == null) ? { attempts: sql<number>`attempts - 1` } : {}),
          })
          .where("id", "=", lease.jobId)
          .where("lease_number", "=", lease.number)
          .where("lease_owner", "is not", null)
          .returning(["id", "parent_id"])
          .executeTakeFirst();
        if (!job) return mustHaveEnded(transaction, lease, status);
        // What an erase has still to remove stays named until its job is done; attachments that went with an edit have no such job.
        if (status === "done") {
          const unfinished = transaction.selectFrom("ledger_jobs").select("document_id").where("kind", "=", "erase").where("status", "<>", "done");
          await transaction.deleteFrom("ledger_erasures").where("root_id", "not in", unfinished).execute();
        }
        const type: JobEvent["type"] = status === "queued" ? "progress" : status;
        await appendEvent(transaction, lease.jobId, type, { status, ...patch }, now);
        // An archive that was given up leaves none of its entries to work on.
        if (status === "failed" || status === "cancelled") await cancelJobs(transaction, await entriesOf(transaction, lease.jobId), now);
        if (isOver(status) && job.parent_id !== null) await entryEnded(transaction, job.parent_id, now);
      });
    },
  };
}

/** Asked again after the answer was lost, the end is the one this lease made. */
async function mustHaveEnded(transaction: SqlTransaction, lease: Lease, status: string): Promise<void> {
  const job = await transaction.selectFrom("ledger_jobs").select(["status", "lease_number", "lease_owner"]).where("id", "=", lease.jobId).executeTakeFirst();
  if (job?.status !== status || job.lease_number !== lease.number || job.lease_owner !== null) throw leaseLost(lease);
}

const entriesOf = async (transaction: SqlTransaction, jobId: string): Promise<string[]> =>
  (await transaction.selectFrom("ledger_jobs").select("id").where("parent_id", "=", jobId).where("status", "in", ["queued", "running", "waiting"]).execute()).map(({ id }) => id);

/** Share of an archive's job that is over when its entries are accepted; the rest is theirs. */
const opened = 0.1;

/** The archive's job goes on as its entries do; whoever follows it is told of each whole percent. */
async function entryEnded(transaction: SqlTransaction, jobId: string, now: string): Promise<void> {
  const { all, over } = await transaction
    .selectFrom("ledger_jobs")
    .select(({ fn }) => [fn.countAll<number>().as("all"), sql<number>`sum(case when status in ('done', 'failed', 'cancelled') then 1 else 0 end)`.as("over")])
    .where("parent_id", "=", jobId)
    .executeTakeFirstOrThrow();
  const progress = Math.floor((opened + (1 - opened) * 0.98 * (Number(over) / Number(all))) * 100) / 100;
  const row = await transaction.updateTable("ledger_jobs").set({ progress }).where("id", "=", jobId).where("status", "=", "waiting").where("waiting_for", "=", "entries").where("progress", "<", progress).returning("id").executeTakeFirst();
  if (row) await appendEvent(transaction, jobId, "progress", { stage: "entries", progress, entries: Number(all), over: Number(over) }, now);
}
