import { sql } from "kysely";
import type { JobEvent } from "../../data/job.ts";
import { noJob } from "./ledger-errors.ts";
import type { JobLedger } from "./ledger.ts";
import { isoTime, type Clock, type Sql, type SqlTransaction } from "./sql.ts";

/** Ids count from 1 within the job, without holes: a client that reconnects says the last one it saw. */
export async function appendEvent(transaction: SqlTransaction, jobId: string, type: JobEvent["type"], data: Record<string, unknown>, at: string): Promise<JobEvent> {
  const job = await transaction.updateTable("ledger_jobs").set({ last_event: sql<number>`last_event + 1` }).where("id", "=", jobId).returning("last_event as id").executeTakeFirst();
  if (!job) throw noJob(jobId);
  await transaction.insertInto("ledger_job_events").values({ job_id: jobId, id: job.id, type, data: JSON.stringify(data), at }).execute();
  return { id: job.id, jobId, type, data, at };
}

export function openJobEvents(database: Sql, clock: Clock): Pick<JobLedger, "event" | "events"> {
  return {
    event: (jobId, type, data) => database.transaction().execute((transaction) => appendEvent(transaction, jobId, type, data, isoTime(clock))),

    async events(jobId, after, limit) {
      const rows = await database.selectFrom("ledger_job_events").selectAll().where("job_id", "=", jobId).where("id", ">", after).orderBy("id").limit(limit).execute();
      return rows.map((row) => ({ id: row.id, jobId, type: row.type as JobEvent["type"], data: JSON.parse(row.data) as JobEvent["data"], at: row.at }));
    },
  };
}
