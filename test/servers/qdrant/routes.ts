import { collectionInfo, type Collections, mergeSettings, strictModeOf } from "./collections.ts";
import type { LocalCall, LocalMode } from "./local-mode.ts";
import { RequestError } from "./request-error.ts";
import { checkFilter, checkOrder, type FieldSchema } from "./strict-mode.ts";

type Fields = Record<string, unknown>;
export interface Request {
  parameters: Fields;
  body: Fields;
}
/** Answers with the `result` of Qdrant's envelope; throws a RequestError. */
export type Route = (request: Request) => Promise<unknown>;
type Found = ReturnType<Collections["find"]>;

const collection = "/collections/{collection_name}";

/** One entry for each operation that the copied description has, apart from the health checks. */
export function openRoutes(local: LocalMode, collections: Collections): Record<string, Route> {
  const found = ({ parameters }: Request): Found => collections.find(parameters.collection_name as string);
  const readAliases = async (): Promise<Record<string, string>> => (await local.call("aliases", null)) as Record<string, string>;
  const aliasList = (aliases: Record<string, string>, of?: string): unknown => ({ aliases: Object.entries(aliases).flatMap(([alias, name]) => (of === undefined || of === name ? [{ alias_name: alias, collection_name: name }] : [])) });
  /** A call on points: what strict mode refuses first, then the local mode. */
  const onPoints = (call: LocalCall, check: (record: Found, body: Fields) => void = () => {}): Route => async (request) => {
    const record = found(request);
    check(record, request.body);
    return local.call(call, record.name, request.body);
  };

  return {
    "GET /collections": async () => ({ collections: collections.names().map((name) => ({ name })) }),
    [`GET ${collection}`]: async (request) => {
      const record = found(request);
      const { count } = (await local.call("count", record.name)) as { count: number };
      return collectionInfo(record, count);
    },
    [`GET ${collection}/exists`]: async (request) => {
      try {
        return { exists: Boolean(found(request)) };
      } catch {
        return { exists: false };
      }
    },
    [`PUT ${collection}`]: async ({ parameters, body }) => {
      const name = parameters.collection_name as string;
      if (collections.names().includes(name)) throw new RequestError(409, `Wrong input: Collection \`${name}\` already exists!`);
      // First here, then in the local mode: what a kill leaves behind here alone is dropped at the next start.
      collections.put(name, { created: body, payloadSchema: {} });
      try {
        return await local.call("create", name, body);
      } catch (error) {
        collections.remove(name);
        throw error;
      }
    },
    [`PATCH ${collection}`]: async (request) => {
      const { name, created } = found(request);
      const merged = mergeSettings(created, request.body);
      await local.call("update", name, request.body);
      collections.change(name, () => ({ created: merged }));
      return true;
    },
    [`DELETE ${collection}`]: async ({ parameters }) => {
      const existed = await local.call("delete", parameters.collection_name as string);
      collections.remove(parameters.collection_name as string);
      collections.setAliases(await readAliases());
      return existed;
    },
    [`PUT ${collection}/index`]: async (request) => {
      const { name } = found(request);
      const { field_name: field, field_schema: schema } = request.body as { field_name: string; field_schema?: FieldSchema | null };
      if (!schema) throw new RequestError(400, "the test server needs field_schema: it does not guess the type of an index from the points");
      await local.call("index", name, { field_name: field, field_schema: schema });
      collections.change(name, ({ payloadSchema }) => ({ payloadSchema: { ...payloadSchema, [field]: schema } }));
      return completed;
    },
    [`DELETE ${collection}/index/{field_name}`]: async (request) => {
      const { name } = found(request);
      const field = request.parameters.field_name as string;
      await local.call("dropIndex", name, { field_name: field });
      collections.change(name, ({ payloadSchema: { [field]: _dropped, ...kept } }) => ({ payloadSchema: kept }));
      return completed;
    },

    "POST /collections/aliases": async ({ body }) => {
      const done = await local.call("changeAliases", null, body);
      collections.setAliases(await readAliases());
      return done;
    },
    "GET /aliases": async () => aliasList(await readAliases()),
    [`GET ${collection}/aliases`]: async (request) => aliasList(await readAliases(), found(request).name),

    [`PUT ${collection}/points`]: onPoints("upsert", (record, body) => checkWrite(record, body.update_filter)),
    [`PUT ${collection}/points/vectors`]: onPoints("updateVectors", (record, body) => checkWrite(record, body.update_filter)),
    [`POST ${collection}/points/delete`]: onPoints("deletePoints", (record, body) => checkWrite(record, body.filter)),
    [`POST ${collection}/points/payload`]: onPoints("setPayload", (record, body) => checkWrite(record, body.filter)),
    [`PUT ${collection}/points/payload`]: onPoints("overwritePayload", (record, body) => checkWrite(record, body.filter)),
    [`POST ${collection}/points/payload/delete`]: onPoints("deletePayload", (record, body) => checkWrite(record, body.filter)),
    [`POST ${collection}/points/payload/clear`]: onPoints("clearPayload", (record, body) => checkWrite(record, body.filter)),
    [`POST ${collection}/points/vectors/delete`]: onPoints("deleteVectors", (record, body) => checkWrite(record, body.filter)),
    [`POST ${collection}/points/batch`]: onPoints("batch", (record, { operations }) => {
      for (const operation of operations as Fields[]) {
        for (const inner of Object.values(operation) as Fields[]) for (const filter of [inner.filter, inner.update_filter]) checkWrite(record, filter);
      }
    }),

    [`POST ${collection}/points`]: onPoints("retrieve"),
    [`GET ${collection}/points/{id}`]: async (request) => {
      const [point] = (await local.call("retrieve", found(request).name, { ids: [request.parameters.id], with_vector: true })) as unknown[];
      if (!point) throw new RequestError(404, `Not found: Point with id ${String(request.parameters.id)} does not exists!`);
      return point;
    },
    [`POST ${collection}/points/scroll`]: onPoints("scroll", (record, body) => {
      checkOrder(body.order_by, record.payloadSchema);
      if (body.order_by && body.offset !== undefined && body.offset !== null) throw new RequestError(400, "Bad request: Cannot use an `offset` when using `order_by`. The alternative for paging is to use `order_by.start_from` and a filter to exclude the IDs that you've already seen for the `order_by.start_from` value");
      checkRead(record, body.filter);
    }),
    [`POST ${collection}/points/count`]: onPoints("count", (record, body) => checkRead(record, body.filter)),
    [`POST ${collection}/points/query`]: async (request) => {
      const record = found(request);
      checkQuery(record, request.body);
      return local.call("query", record.name, request.body);
    },
    [`POST ${collection}/points/query/batch`]: onPoints("queryBatch", (record, body) => {
      for (const search of body.searches as Fields[]) checkQuery(record, search);
    }),
    [`POST ${collection}/facet`]: onPoints("facet", (record, body) => {
      if (!record.payloadSchema[body.key as string]) throw new RequestError(400, `Bad request: No appropriate index for faceting: \`${String(body.key)}\`. Please create one to facet on this field. Check https://qdrant.tech/documentation/concepts/indexing/#payload-index to see which payload schemas support Match conditions`);
      checkRead(record, body.filter);
    }),
  };
}

const completed = { operation_id: 0, status: "completed" };

function checkRead(record: Found, filter: unknown): void {
  const strict = strictModeOf(record);
  if (strict.enabled && strict.unindexed_filtering_retrieve === false) checkFilter(filter, record.payloadSchema);
}

function checkWrite(record: Found, filter: unknown): void {
  const strict = strictModeOf(record);
  if (strict.enabled && strict.unindexed_filtering_update === false) checkFilter(filter, record.payloadSchema);
}

function checkQuery(record: Found, search: Fields): void {
  checkRead(record, search.filter);
  const query = search.query as Fields | null | undefined;
  if (query && typeof query === "object" && "order_by" in query) checkOrder(query.order_by, record.payloadSchema);
  for (const inner of [search.prefetch ?? []].flat() as Fields[]) checkQuery(record, inner);
}
