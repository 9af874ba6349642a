import { type Attributes, type Span, trace, type Tracer } from "@opentelemetry/api";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { metrics, openTelemetryRead } from "../../src/telemetry.ts";
import { askPerson, openWorld, personAnswer, type World } from "./open-test-models.ts";

let world: World;
const spans: { name: string; attributes: Attributes; ended: number }[] = [];
beforeAll(async () => {
  await openTelemetryRead;
  const tracer = {
    startSpan(name: string, options: { attributes: Attributes }) {
      const made = { name, attributes: { ...options.attributes }, ended: 0 };
      spans.push(made);
      const span = {
        setAttributes: (more: Attributes) => Object.assign(made.attributes, more) && span,
        setAttribute: (key: string, value: string) => Object.assign(made.attributes, { [key]: value }) && span,
        setStatus: () => span,
        end: () => void made.ended++,
      };
      return span as unknown as Span;
    },
  };
  trace.setGlobalTracerProvider({ getTracer: () => tracer as unknown as Tracer });
});
afterEach(() => world.close());
afterAll(() => trace.disable());

it("every attempt is a span with the conventions' names, without what was asked or answered", async () => {
  world = await openWorld({ cloud: { faults: [{ kind: "payment", requests: [2] }] } });
  for (const server of [world.local, world.cloud]) server.setScript(Array.from({ length: 5 }, () => personAnswer));
  const asked = await askPerson(world.models, { requestId: "request-7" });
  await askPerson(world.models);
  expect(spans.map(({ name, ended }) => `${name} ${ended}`)).toEqual(["chat gpt-oss:20b 1", "chat gpt-oss:20b 1", "chat llama3.2:3b 1"]);
  expect(spans[0]!.attributes).toMatchObject({
    "gen_ai.operation.name": "chat", "gen_ai.provider.name": "ollama", "gen_ai.request.model": "gpt-oss:20b", "gen_ai.response.model": "gpt-oss:20b", "gen_ai.response.finish_reasons": ["stop"],
    "gen_ai.usage.input_tokens": asked.cost.promptTokens, "gen_ai.usage.output_tokens": asked.cost.outputTokens, "sluice.location": "cloud", "sluice.reason": "high_quality_extraction", "sluice.request_id": "request-7",
  });
  expect(spans[1]!.attributes["error.type"]).toBe("payment");
  expect(JSON.stringify(spans)).not.toContain("Ann");
});

it("every metric of the design is in the registry", async () => {
  world = await openWorld();
  const text = await metrics.metrics();
  const names = ["llm_cost_usd_total", "llm_cost_usd", "llm_budget_remaining_ratio", "llm_requests_total", "llm_tokens_total", "llm_latency_seconds", "llm_routing_decisions_total", "llm_fallbacks_total", "llm_cache_total", "llm_breaker_open", "llm_queue_depth", "extraction_f1", "gpu_utilisation_ratio", "vram_used_ratio", "llm_budget_alerts_total"];
  for (const name of names) expect(text).toContain(`# TYPE ${name} `);
});
