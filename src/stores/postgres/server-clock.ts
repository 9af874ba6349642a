import type { PostgresPool } from "./open-pool.ts";

const betweenLooks = 60_000;

export interface ServerClock {
  /** Milliseconds since 1970. */
  now(): number;
  close(): void;
}

/**
 * The server's time, so that leases mean the same on every machine, whatever a machine's own clock says or jumps to. Looked
 * up once a minute, and carried on in between by a clock that is never set.
 */
export async function openServerClock(pool: PostgresPool): Promise<ServerClock> {
  let offset = await measure(pool);
  const look = setInterval(() => void measure(pool).then((found) => (offset = found), () => {}), betweenLooks);
  look.unref();
  return { now: () => Math.round(performance.now() + offset), close: () => clearInterval(look) };
}

async function measure(pool: PostgresPool): Promise<number> {
  const before = performance.now();
  const { rows } = await pool.query<{ now: number }>("select (extract(epoch from clock_timestamp()) * 1000)::float8 as now");
  return rows[0]!.now - (before + performance.now()) / 2;
}
