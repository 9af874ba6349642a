import type { Context } from "hono";
import { streamSSE, type SSEStreamingApi } from "hono/streaming";
import type { Env } from "./request-context.ts";

export interface EventStream {
  send(event: { event: string; data: unknown; id?: string }): Promise<void>;
  /** Fires when the client hangs up: the work behind the stream ends with it. */
  signal: AbortSignal;
}

/**
 * Server-sent events with a comment every `heartbeatMs`. `produce` must end soon after its signal fires, and report its own
 * errors as an event: by then the status line is out.
 */
export function eventStream(context: Context<Env>, heartbeatMs: number, produce: (stream: EventStream) => Promise<void>): Response {
  const controller = new AbortController();
  const hangUp = () => controller.abort();
  context.req.raw.signal.addEventListener("abort", hangUp, { once: true });
  const response = streamSSE(context, async (stream: SSEStreamingApi) => {
    stream.onAbort(hangUp);
    const heartbeat = setInterval(() => void stream.write(": heartbeat\n\n"), heartbeatMs);
    try {
      await produce({
        signal: controller.signal,
        send: ({ event, data, id }) => stream.writeSSE({ event, data: JSON.stringify(data), ...(id !== undefined && { id }) }),
      });
    } finally {
      clearInterval(heartbeat);
      context.req.raw.signal.removeEventListener("abort", hangUp);
    }
  });
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("X-Accel-Buffering", "no");
  return response;
}
