import { openRedisQueue } from "../../../src/stores/redis/open-redis-queue.ts";
import { silentLog } from "../../../src/telemetry.ts";

// Takes one item, says so, and holds it until it is killed.
const [url, prefix] = process.argv.slice(2) as [string, string];
const queue = await openRedisQueue({ url, prefix }, { log: silentLog });
process.stdout.write((await queue.take(new AbortController().signal)).jobId);
setInterval(() => undefined, 1_000);
