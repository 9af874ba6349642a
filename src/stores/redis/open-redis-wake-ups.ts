import { z } from "zod";
import { randomId } from "../../data/identity.ts";
import type { Log } from "../../telemetry.ts";
import { openWakeUps, type WakeUps, wakeUpKinds } from "../queue/wake-ups.ts";
import { connect } from "./connect.ts";
import type { RedisOptions } from "./options.ts";

const Message = z.object({ from: z.string(), kind: z.enum(wakeUpKinds), jobId: z.string().max(100) });

/** Among all processes on one Redis. What is said in this process is heard in it whether Redis is there or not. */
export async function openRedisWakeUps({ url, prefix }: Pick<RedisOptions, "url" | "prefix">, { log }: { log: Log }): Promise<WakeUps> {
  const server = await connect({ url }, "stores.queue.url", log);
  const [local, from] = [openWakeUps(), randomId()];
  const channel = `${prefix}:wake-ups`;
  const ears = server.patient();
  ears.on("message", (_, text: string) => {
    const message = parse(text);
    if (message && message.from !== from) local.say(message.kind, message.jobId);
  });
  // It comes back by itself after a lost connection.
  await server.run(() => ears.subscribe(channel));
  return {
    say(kind, jobId) {
      local.say(kind, jobId);
      // The others see it at their next look into the ledger.
      server.client.publish(channel, JSON.stringify({ from, kind, jobId })).catch(() => undefined);
    },
    on: local.on,
    async close() {
      ears.disconnect();
      await local.close();
      await server.close();
    },
  };
}

function parse(text: string): z.infer<typeof Message> | undefined {
  try {
    return Message.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
