import { readFileSync } from "node:fs";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { RequestError } from "./request-error.ts";

type Schema = Record<string, unknown>;
interface Operation {
  parameters?: { name: string; in: "path" | "query"; required?: boolean; schema: Schema }[];
  requestBody?: { content: { "application/json": { schema: Schema } } };
  responses: Record<string, { content?: { "application/json"?: { schema: Schema } } }>;
}
interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

export interface DescribedOperation {
  /** `PUT /collections/{collection_name}/points` */
  name: string;
  pattern: RegExp;
  /** Checked parameters of path and query by name; throws 400 on one that the description does not allow. */
  parameters(groups: Record<string, string>, query: URLSearchParams): Record<string, unknown>;
  checkBody(body: unknown): void;
  checkAnswer(status: number, answer: unknown): void;
}

/**
 * Qdrant's API description, compiled. Requests are taken strictly: a field that the description does not name is an error, where
 * the real server would ignore it and do something else than was meant. Answers may hold more than is described.
 */
export function readDescription(): DescribedOperation[] {
  const description = JSON.parse(readFileSync(new URL("qdrant.openapi.json", import.meta.url), "utf8")) as Description;
  const options = { strict: false, formats: { uuid: /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i }, validateFormats: true, logger: false } as const;
  const requests = new Ajv(options);
  const answers = new Ajv(options);
  const parameters = new Ajv({ ...options, coerceTypes: true });
  const open = withNull(description) as Description;
  const closed = withoutExtras(open) as Description;
  for (const [ajv, { components }] of [[requests, closed], [answers, open], [parameters, closed]] as const) ajv.addSchema({ $id: "qdrant", components });
  const rooted = (schema: Schema): Schema => JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"qdrant#/components')) as Schema;

  return Object.keys(description.paths).flatMap((path) =>
    Object.keys(description.paths[path]!).map((method) => {
      const name = `${method.toUpperCase()} ${path}`;
      const operation = closed.paths[path]![method]!;
      const bodySchema = operation.requestBody?.content["application/json"].schema;
      const checkBody = bodySchema && lazily(() => requests.compile(rooted(bodySchema)));
      const given = operation.parameters ?? [];
      const checkParameters = lazily(() =>
        parameters.compile(rooted({ type: "object", properties: Object.fromEntries(given.map((each) => [each.name, each.schema])), required: given.filter((each) => each.required).map((each) => each.name), additionalProperties: false })),
      );
      const answerChecks = new Map(
        Object.entries(open.paths[path]![method]!.responses).flatMap(([status, { content }]) => {
          const schema = content?.["application/json"]?.schema;
          return schema ? [[status, lazily(() => answers.compile(rooted(schema)))] as const] : [];
        }),
      );
      return {
        name,
        // The more precise path has no parameter where the other has one: the caller takes the first that fits.
        pattern: new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`),
        parameters: (groups: Record<string, string>, query: URLSearchParams) => {
          const values: Record<string, unknown> = { ...Object.fromEntries(query), ...groups };
          const check = checkParameters();
          if (!check(values)) throw new RequestError(400, `Format error in the parameters: ${explain(check)}`);
          return values;
        },
        checkBody: (body: unknown) => {
          const check = checkBody?.();
          if (!check && body !== undefined) throw new RequestError(400, `${name} takes no body`);
          if (check && !check(body)) throw new RequestError(400, `Format error in JSON body: ${explain(check)}`);
        },
        checkAnswer: (status: number, answer: unknown) => {
          const check = (answerChecks.get(`${status}`) ?? answerChecks.get(`${Math.floor(status / 100)}XX`) ?? answerChecks.get("default"))?.();
          if (check && !check(answer)) throw new Error(`the answer to ${name} is not what Qdrant describes: ${explain(check)}`);
        },
      };
    }),
  );
}

/** `{ nullable: true }` alone means null in OpenAPI 3.0; Ajv knows `nullable` only beside a type. */
function withNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNull);
  if (!isObject(value)) return value;
  if (value.nullable === true && Object.keys(value).length === 1) return { type: "null" };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withNull(inner)]));
}

function withoutExtras(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExtras);
  if (!isObject(value)) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutExtras(each)]));
  return isObject(value.properties) && value.type === "object" && value.additionalProperties === undefined ? { ...inner, additionalProperties: false } : inner;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

function lazily<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}

/** The errors that lie deepest: a choice between shapes reports one for each shape, and the nearest miss went furthest. */
function explain(check: ValidateFunction): string {
  const errors = check.errors ?? [];
  const depth = (error: ErrorObject): number => error.instancePath.split("/").length;
  const deepest = Math.max(...errors.map(depth));
  const told = errors.filter((error) => depth(error) === deepest).map((error) => `${error.instancePath || "/"} ${error.message}${error.params.additionalProperty ? ` (${String(error.params.additionalProperty)})` : ""}${error.params.allowedValues ? ` (${String(error.params.allowedValues)})` : ""}`);
  return [...new Set(told)].slice(0, 5).join("; ");
}
