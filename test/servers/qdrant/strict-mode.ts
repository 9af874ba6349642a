import { RequestError } from "./request-error.ts";

/** A payload index as it was asked for: a type's name, or an object with `type` and options. */
export type FieldSchema = string | ({ type: string } & Record<string, unknown>);
export type PayloadSchema = Record<string, FieldSchema>;
type Fields = Record<string, unknown>;

const types = ["keyword", "integer", "float", "geo", "text", "bool", "datetime", "uuid"];
const uuid = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;
export const typeOf = (schema: FieldSchema): string => (typeof schema === "string" ? schema : schema.type);

/**
 * Refuses, as the real server does in strict mode, a filter on a key without a payload index that can serve it. After Qdrant's
 * own rules: ids and vectors need no index, emptiness any index, a match or range one of its type.
 */
export function checkFilter(filter: unknown, schema: PayloadSchema, prefix = ""): void {
  for (const condition of conditionsOf(filter as Fields | null | undefined)) checkCondition(condition, schema, prefix);
}

/** `order_by` needs an index with ranges whether or not the collection is strict. */
export function checkOrder(order: unknown, schema: PayloadSchema): void {
  if (order === undefined || order === null) return;
  const key = typeof order === "string" ? order : String((order as Fields).key);
  const index = schema[key];
  if (index !== undefined && ["integer", "float", "datetime", "uuid"].includes(typeOf(index)) && (typeof index === "string" || index.range !== false)) return;
  throw new RequestError(400, `Bad request: No range index for \`order_by\` key: \`${key}\`. Please create one to use \`order_by\`. Check https://qdrant.tech/documentation/concepts/indexing/#payload-index to see which payload schemas support Range conditions`);
}

function conditionsOf(filter: Fields | null | undefined): Fields[] {
  if (!filter) return [];
  const { must, must_not: mustNot, should, min_should: minShould } = filter;
  return [must, mustNot, should, (minShould as Fields | undefined)?.conditions].flatMap((each) => (each ? ([each].flat() as Fields[]) : []));
}

function checkCondition(condition: Fields, schema: PayloadSchema, prefix: string): void {
  if (condition.nested) {
    const { key, filter } = condition.nested as { key: string; filter: unknown };
    checkFilter(filter, schema, `${prefix}${key.replace(/\[\]$/, "")}[].`);
  } else if (condition.is_empty && typeof condition.is_empty === "object") needIndex((condition.is_empty as { key: string }).key, types, schema, prefix);
  else if (condition.is_null && typeof condition.is_null === "object") needIndex((condition.is_null as { key: string }).key, types, schema, prefix);
  else if (typeof condition.key === "string") needIndex(condition.key, neededBy(condition), schema, prefix);
  else checkFilter(condition, schema, prefix);
}

function neededBy(condition: Fields): string[] {
  const match = condition.match as Fields | null | undefined;
  const needed: string[] = [];
  if (match) {
    if ("value" in match) needed.push(...typesOfValues([match.value]));
    else if ("any" in match || "except" in match) needed.push(...typesOfValues((match.any ?? match.except) as unknown[]));
    else needed.push("prefix" in match ? "keyword" : "text");
  }
  if (condition.range) needed.push(...(Object.values(condition.range).some((bound) => typeof bound === "string") ? ["datetime"] : ["float", "integer"]));
  if (condition.geo_bounding_box || condition.geo_radius || condition.geo_polygon) needed.push("geo");
  if (condition.values_count || typeof condition.is_empty === "boolean" || typeof condition.is_null === "boolean") needed.push(...types);
  return needed;
}

/** An empty list of values matches nothing whatever the index. */
function typesOfValues(values: unknown[]): string[] {
  if (!values.length) return [];
  if (values.every((value) => typeof value === "boolean")) return ["bool"];
  if (values.every((value) => typeof value === "number")) return ["integer"];
  return values.every((value) => uuid.test(String(value))) ? ["uuid", "keyword"] : ["keyword"];
}

function needIndex(key: string, needed: string[], schema: PayloadSchema, prefix: string): void {
  const index = schema[`${prefix}${key}`];
  if (!needed.length || (index !== undefined && needed.includes(typeOf(index)))) return;
  throw new RequestError(400, `Bad request: Index required but not found for "${prefix}${key}" of one of the following types: [${[...new Set(needed)].sort().join(", ")}]. Help: Create an index for this key or use a different filter.`);
}
