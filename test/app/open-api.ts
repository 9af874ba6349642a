import { z } from "zod";
import type { Reply } from "./http-client.ts";

interface Operation {
  parameters?: { in: string; name: string; required?: boolean; schema?: object }[];
  requestBody?: unknown;
  responses: Record<string, { description: string; content?: Record<string, { schema?: object }> }>;
}

export interface OpenApi {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; securitySchemes?: object };
}

/** What is wrong with the document by its own rules: references that lead nowhere, parameters that are not told, no answers. */
export function mistakesOf(document: OpenApi): string[] {
  const mistakes: string[] = [];
  if (!/^3\.1\.\d+$/.test(document.openapi)) mistakes.push(`openapi: ${document.openapi}`);
  if (!document.info.title || !document.info.version) mistakes.push("info lacks title or version");
  const text = JSON.stringify(document);
  for (const [, name] of text.matchAll(/"\$ref":"([^"]*)"/g)) {
    const known = /^#\/components\/schemas\/(.*)$/.exec(name!)?.[1];
    if (!known || !(known in document.components.schemas)) mistakes.push(`${name} leads nowhere`);
  }
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const told = (operation.parameters ?? []).filter((each) => each.in === "path").map((each) => each.name);
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      if (told.toSorted().join() !== named.toSorted().join()) mistakes.push(`${method} ${path}: path parameters ${told.join()}`);
      if (operation.parameters?.some((each) => !each.schema)) mistakes.push(`${method} ${path}: a parameter without a schema`);
      const answers = Object.entries(operation.responses);
      if (answers.length === 0 || answers.some(([, answer]) => !answer.description)) mistakes.push(`${method} ${path}: answers without a description`);
    }
  }
  return mistakes;
}

/** Whether an answer is what the document promises for its route; the mistakes, or nothing. */
export function answerChecker(document: OpenApi): (method: string, path: string, reply: Reply<unknown>) => string | null {
  const schemas = new Map<string, z.ZodType>();
  const inDefs = (schema: object): object => JSON.parse(JSON.stringify(schema).replaceAll("#/components/schemas/", "#/$defs/")) as object;
  const routes = Object.keys(document.paths).map((path) => ({ path, pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`) }));
  return (method, path, reply) => {
    const route = routes.find(({ pattern }) => pattern.test(path.split("?")[0]!));
    const operation = route && document.paths[route.path]![method.toLowerCase()];
    if (!operation) return `${method} ${path} is not in the document`;
    const answer = operation.responses[reply.status] ?? operation.responses[`${Math.floor(reply.status / 100)}XX`];
    if (!answer) return `${method} ${path}: ${reply.status} is not in the document`;
    const type = (reply.headers.get("content-type") ?? "").split(";")[0]!;
    if (!answer.content && reply.body === "") return null;
    const content = answer.content?.[type];
    if (!content) return `${method} ${path}: ${reply.status} as ${type} is not in the document`;
    if (!type.includes("json") || !content.schema) return null;
    const key = `${method} ${route.path} ${reply.status}`;
    const schema = schemas.get(key) ?? z.fromJSONSchema({ ...inDefs(content.schema), $defs: inDefs(document.components.schemas) } as never);
    schemas.set(key, schema);
    const read = schema.safeParse(reply.body);
    return read.success ? null : `${method} ${path}: ${z.prettifyError(read.error)}`;
  };
}
