import pino, { type Logger } from "pino";
import { Counter, Gauge, Histogram, Registry } from "prom-client";

export type Log = Logger;

/** JSON lines on stderr, so that stdout holds results only. Fields are snake_case; never a document's text or name. */
export function openLog(options: { level?: string } = {}): Log {
  return pino(
    {
      level: options.level ?? "info",
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: ["apiKey", "api_key", "authorization", "password", "*.apiKey", "*.api_key", "*.authorization", "*.password"], censor: "[secret]" },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}

export const silentLog: Log = pino({ level: "silent" });

/** One registry a process; the HTTP door serves it at `/metrics`. Names: `routing.md` (`llm_*`), `sluice_*`, `privacy_*`. */
export const metrics = new Registry();

/** A metric is declared once, beside the code that writes it; asking again for the same name returns the first. */
export function counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
  return (metrics.getSingleMetric(name) as Counter<L> | undefined) ?? new Counter({ name, help, labelNames, registers: [metrics] });
}

export function gauge<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
  return (metrics.getSingleMetric(name) as Gauge<L> | undefined) ?? new Gauge({ name, help, labelNames, registers: [metrics] });
}

export function histogram<L extends string>(name: string, help: string, labelNames: readonly L[] = [], buckets?: number[]): Histogram<L> {
  return (
    (metrics.getSingleMetric(name) as Histogram<L> | undefined) ??
    new Histogram({ name, help, labelNames, registers: [metrics], ...(buckets ? { buckets } : {}) })
  );
}

type Attributes = Record<string, string | number | boolean | string[]>;

export interface Span {
  /** `errorType` is one word; an error's own message may quote the document and stays out. */
  end(result: { attributes?: Attributes; errorType?: string }): void;
}

const noSpan: Span = { end: () => undefined };

/** OpenTelemetry's API, where it is installed. Its spans go nowhere until the operator registers an SDK (`node --import …`). */
type OpenTelemetry = typeof import("@opentelemetry/api");
let openTelemetry: OpenTelemetry | null = null;
export const openTelemetryRead: Promise<void> = import("@opentelemetry/api").then((api) => void (openTelemetry = api), () => undefined);

/** A span of a call to another server, under whatever span is active. */
export function startSpan(name: string, attributes: Attributes): Span {
  const api = openTelemetry;
  if (!api) return noSpan;
  const span = api.trace.getTracer("sluice").startSpan(name, { kind: api.SpanKind.CLIENT, attributes });
  return {
    end({ attributes: more, errorType }) {
      if (more) span.setAttributes(more);
      if (errorType) span.setAttribute("error.type", errorType).setStatus({ code: api.SpanStatusCode.ERROR });
      span.end();
    },
  };
}
