import { afterAll, beforeAll } from "vitest";
import { openRedisQueue } from "../../../src/stores/redis/open-redis-queue.ts";
import { silentLog } from "../../../src/telemetry.ts";
import { queueContract } from "../../contracts/queue.contract.ts";
import { describeOn, ownName, ownRedis } from "../../servers/real-servers.ts";

describeOn("redis", "the queue on Redis", (server) => {
  let redis: Awaited<ReturnType<typeof ownRedis>>;
  beforeAll(async () => void (redis = await ownRedis(server)));
  afterAll(() => redis.close());

  queueContract("redis", () => openRedisQueue({ url: redis.url, prefix: ownName() }, { log: silentLog }));
});
