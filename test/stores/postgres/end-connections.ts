import { setTimeout as pause } from "node:timers/promises";
import { Client } from "pg";

/** Ends two of the program's connections to this database, whichever, a dozen times while the work goes on; gives its result and how many ended. */
export async function endConnectionsDuring<T>(url: string, work: Promise<T>, everyMs = 20): Promise<{ result: T; ended: number }> {
  const over = new AbortController();
  const end = () => over.abort();
  work.then(end, end);
  const client = new Client({ connectionString: url });
  await client.connect();
  let ended = 0;
  try {
    for (let times = 0; times < 12 && !over.signal.aborted; times++) {
      const { rowCount } = await client.query("select pg_terminate_backend(pid) from (select pid from pg_stat_activity where datname = current_database() and application_name = 'sluice' order by random() limit 2) as two");
      ended += rowCount ?? 0;
      await pause(everyMs);
    }
  } finally {
    await client.end();
  }
  return { result: await work, ended };
}
