import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RequestError } from "./request-error.ts";
import { type PayloadSchema, typeOf } from "./strict-mode.ts";

type Fields = Record<string, unknown>;

/** What the local mode does not keep: how a collection was created, and its payload indexes. */
export interface CollectionRecord {
  created: Fields;
  payloadSchema: PayloadSchema;
}

export interface Collections {
  /** The collection of that name or alias; 404 when there is none. */
  find(nameOrAlias: string): CollectionRecord & { name: string };
  names(): string[];
  put(name: string, record: CollectionRecord): void;
  /** From what is there now: another request may have changed it since this one began. */
  change(name: string, change: (now: CollectionRecord) => Partial<CollectionRecord>): void;
  remove(name: string): void;
  setAliases(aliases: Record<string, string>): void;
}

/** Kept in one file that is replaced as a whole. `known` are the collections that the local mode has: a record without one is left over from a kill. */
export function openCollections(folder: string, known: string[]): Collections {
  const file = join(folder, "collections.json");
  const read = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, CollectionRecord>) : {};
  const records = new Map(Object.entries(read).filter(([name]) => known.includes(name)));
  let aliases: Record<string, string> = {};
  const save = (): void => {
    writeFileSync(`${file}.part`, JSON.stringify(Object.fromEntries(records)));
    renameSync(`${file}.part`, file);
  };
  return {
    find: (nameOrAlias) => {
      const name = records.has(nameOrAlias) ? nameOrAlias : (aliases[nameOrAlias] ?? nameOrAlias);
      const record = records.get(name);
      if (!record) throw new RequestError(404, `Not found: Collection \`${nameOrAlias}\` doesn't exist!`);
      return { name, ...record };
    },
    names: () => [...records.keys()],
    put: (name, record) => {
      records.set(name, record);
      save();
    },
    change: (name, change) => {
      const now = records.get(name);
      if (now) records.set(name, { ...now, ...change(now) });
      save();
    },
    remove: (name) => {
      records.delete(name);
      save();
    },
    setAliases: (next) => {
      aliases = next;
    },
  };
}

/** On for every collection of this server, unless one is created with other settings. */
const strictMode = { enabled: true, unindexed_filtering_retrieve: false, unindexed_filtering_update: false };

export const strictModeOf = ({ created }: CollectionRecord): Fields => ({ ...strictMode, ...(created.strict_mode_config as Fields | undefined) });

/** Collection info as the real server gives it. `points` of an index is the number of points of the collection. */
export function collectionInfo(record: CollectionRecord, points: number): Fields {
  const { created, payloadSchema } = record;
  return {
    status: "green",
    optimizer_status: "ok",
    indexed_vectors_count: 0,
    points_count: points,
    segments_count: 1,
    config: {
      params: {
        vectors: created.vectors ?? {},
        ...(created.sparse_vectors ? { sparse_vectors: created.sparse_vectors } : {}),
        shard_number: created.shard_number ?? 1,
        replication_factor: created.replication_factor ?? 1,
        write_consistency_factor: created.write_consistency_factor ?? 1,
        on_disk_payload: created.on_disk_payload ?? true,
      },
      hnsw_config: { m: 16, ef_construct: 100, full_scan_threshold: 10_000, max_indexing_threads: 0, on_disk: false, ...(created.hnsw_config as Fields | undefined) },
      optimizer_config: { deleted_threshold: 0.2, vacuum_min_vector_number: 1000, default_segment_number: 0, max_segment_size: null, memmap_threshold: null, indexing_threshold: 10_000, flush_interval_sec: 5, max_optimization_threads: null, ...(created.optimizers_config as Fields | undefined) },
      wal_config: { wal_capacity_mb: 32, wal_segments_ahead: 0, ...(created.wal_config as Fields | undefined) },
      quantization_config: created.quantization_config ?? null,
      strict_mode_config: strictModeOf(record),
      ...(created.metadata ? { metadata: created.metadata } : {}),
    },
    payload_schema: Object.fromEntries(Object.entries(payloadSchema).map(([key, schema]) => [key, { data_type: typeOf(schema), ...(typeof schema === "string" ? {} : { params: schema }), points }])),
  };
}

/** A change of a collection's settings, merged one section deep as the real server does; a name of a vector must exist. */
export function mergeSettings(created: Fields, change: Fields): Fields {
  const merged: Fields = { ...created };
  const { params, ...sections } = change;
  for (const [section, values] of Object.entries({ ...(params as Fields | undefined), ...sections })) {
    const earlier = created[section];
    if (section === "vectors" || section === "sparse_vectors") merged[section] = mergeVectors(earlier as Fields, values as Fields);
    else merged[section] = values !== null && typeof values === "object" && section !== "quantization_config" ? { ...(earlier as Fields | undefined), ...values } : values;
  }
  return merged;
}

function mergeVectors(earlier: Fields, change: Fields): Fields {
  const merged = { ...earlier };
  for (const [name, values] of Object.entries(change)) {
    if (name === "" && "size" in earlier) Object.assign(merged, values);
    else if (!earlier?.[name]) throw new RequestError(400, `Wrong input: Not existing vector name error: ${name}`);
    else merged[name] = { ...(earlier[name] as Fields), ...(values as Fields) };
  }
  return merged;
}
