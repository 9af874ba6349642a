import { html } from "hono/html";
import type { OpenAPIHono } from "@hono/zod-openapi";

type OpenApi = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;
type Html = ReturnType<typeof html>;

interface Operation {
  summary?: string;
  tags?: string[];
  parameters?: { name: string; in: string; required?: boolean; schema?: unknown }[];
  requestBody?: { content: Record<string, { schema?: unknown }> };
  responses: Record<string, { description: string; content?: Record<string, { schema?: unknown }> }>;
}

const frame = (title: string, body: Html | Html[]): Html =>
  html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><link rel="stylesheet" href="/docs/style.css"></head><body><main>${body}</main></body></html>`;

/** Every route with its fields, made on the server from the OpenAPI document: no script, nothing from outside. */
export function docsPage(document: OpenApi): Html {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({ path, method, operation })),
  );
  const schemas = Object.entries(document.components?.schemas ?? {});
  return frame("Sluice: HTTP API", html`
    <h1>Sluice: HTTP API</h1>
    <p>Machine-readable: <a href="/openapi.json">/openapi.json</a>. Errors are problem details (RFC 9457) with <code>code</code> and <code>requestId</code>.</p>
    ${operations.map(operationSection)}
    <h2>Objects</h2>
    ${schemas.map(([name, schema]) => html`<details id="${name}"><summary>${name}</summary>${schemaBlock(schema)}</details>`)}`);
}

function operationSection({ path, method, operation }: { path: string; method: string; operation: Operation }): Html {
  const body = Object.entries(operation.requestBody?.content ?? {});
  return html`<section>
    <h3><code><b>${method.toUpperCase()}</b> ${path}</code></h3>
    <p>${operation.summary ?? ""}</p>
    ${(operation.parameters ?? []).length > 0 ? html`<ul>${operation.parameters!.map((each) => html`<li><code>${each.name}</code> (${each.in}${each.required ? ", required" : ""}) <code>${JSON.stringify(each.schema)}</code></li>`)}</ul>` : ""}
    ${body.map(([mediaType, { schema }]) => html`<details><summary>body: ${mediaType}</summary>${schemaBlock(schema)}</details>`)}
    ${Object.entries(operation.responses).map(([status, { description, content }]) => html`<details><summary>${status}: ${description}</summary>${Object.entries(content ?? {}).map(([mediaType, { schema }]) => html`<p>${mediaType}</p>${schemaBlock(schema)}`)}</details>`)}
  </section>`;
}

const schemaBlock = (schema: unknown): Html => html`<pre>${JSON.stringify(schema, null, 2)}</pre>`;

/** What answers at the root until the page of its own stands there. */
export const landingPage = (): Html =>
  frame("Sluice", html`
    <h1>Sluice</h1>
    <p>Documents in, a knowledge graph and cited answers out; private text never leaves.</p>
    <ul>${[["/docs", "the HTTP API"], ["/openapi.json", "the same for programs"], ["/health/ready", "what is ready"], ["/v1/documents", "documents"], ["/v1/jobs", "jobs"], ["/v1/graph", "the knowledge graph"], ["/v1/formats", "formats"]].map(
      ([path, words]) => html`<li><a href="${path}">${path}</a> ${words}</li>`,
    )}</ul>`);

export const docsStyle = `
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; color: #1b1f23; background: #fff; }
main { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
section { border-top: 1px solid #d0d7de; margin-top: 1.5rem; }
pre { background: #f6f8fa; padding: .75rem; overflow: auto; max-height: 24rem; }
code, pre { font: 13px/1.45 ui-monospace, monospace; }
summary { cursor: pointer; }
@media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117; } pre { background: #161b22; } a { color: #58a6ff; } }
`;
