import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";

/** Ends the program's connections to this database again and again until the work is over; gives its result and how many ended. */
export async function endConnectionsDuring<T>(url: string, work: Promise<T>, everyMs = 60): Promise<{ result: T; ended: number }> {
  const over = new AbortController();
  const end = () => over.abort();
  work.then(end, end);
  const client = new Client({ connectionString: url });
  await client.connect();
  let ended = 0;
  while (!over.signal.aborted) {
    const { rowCount } = await client.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'sluice'");
    ended += rowCount ?? 0;
    await pause(everyMs);
  }
  await client.end();
  return { result: await work, ended };
}
