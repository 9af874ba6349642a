import { createHash } from "node:crypto";
import { hashId, type Scope } from "../../data/identity.ts";
import { SluiceError } from "../../errors.ts";
import type { EmbeddingModel } from "../vectors/vector-store.ts";
import type { Qdrant } from "./connect.ts";

/** Sparse vector of headings and text; every collection has it. */
export const textVector = "text";

/** Version of what a collection of ours holds. 2: a chunk may lie in either of its two points. */
const schemaVersion = 2;

/** What a collection of ours says of itself. */
interface Metadata {
  model?: string | null;
  dimension?: number | null;
  schemaVersion?: number;
}

/** Where a scope lies, and the model of the dense vectors there. */
export interface Place {
  name: string;
  model: EmbeddingModel | null;
}

/** Dense vectors are named after their model, so that another model's never answer. */
export const vectorNameOf = (model: EmbeddingModel): string => `dense-${createHash("sha256").update(`${model.name}\n${model.dimension}`).digest("hex").slice(0, 8)}`;

const indexes: [key: string, schema: object][] = [
  ["tenant", { type: "keyword", is_tenant: true }],
  ...["collection", "document", "class", "nextClass", "kind", "mediaType"].map((key): [string, object] => [key, { type: "keyword" }]),
  ...["since", "until", "fence", "nextSince", "date"].map((key): [string, object] => [key, { type: "integer", lookup: true, range: true }]),
  ["words", { type: "text", tokenizer: "whitespace", lowercase: false, phrase_matching: true, on_disk: true }],
];

/**
 * One collection for each embedding model that vectors were made with, one without dense vectors for scopes that have
 * none; an alias for each scope says where it lies, and changes in one step.
 */
export function openCollections({ run, find, options }: Qdrant) {
  /** Whose indexes are known to be there. */
  const whole = new Set<string>();
  const nameFor = (model: EmbeddingModel | null): string => `${options.collection}-${model ? vectorNameOf(model) : textVector}`;
  const aliasOf = ({ tenant, collection }: Scope): string => `${options.collection}-scope-${hashId("scope", tenant, collection)}`;

  /** Makes the collection and its indexes unless they are there; each part may be there already after an interruption. */
  async function make(model: EmbeddingModel | null): Promise<string> {
    const name = nameFor(model);
    const known = await find((client) => client.getCollection(name));
    if (!known) {
      whole.delete(name);
      const quantization = { none: null, scalar: { scalar: { type: "int8" as const, always_ram: true } }, binary: { binary: { always_ram: true } } }[options.quantization];
      await run((client) =>
        client.createCollection(name, {
          vectors: model ? { [vectorNameOf(model)]: { size: model.dimension, distance: "Cosine", on_disk: true } } : {},
          sparse_vectors: { [textVector]: {} },
          on_disk_payload: true,
          ...(model && quantization && { quantization_config: quantization }),
          metadata: { model: model?.name ?? null, dimension: model?.dimension ?? null, schemaVersion },
        }),
      ).catch(unlessMade);
    }
    await makeIndexes(name, known?.payload_schema ?? {});
    return name;
  }

  /** Who made it may have stopped in between; a server in strict mode refuses to filter by what has no index. */
  async function complete(name: string): Promise<void> {
    if (whole.has(name)) return;
    const found = await find((client) => client.getCollection(name));
    if (found) await makeIndexes(name, found.payload_schema);
  }

  async function makeIndexes(name: string, there: object): Promise<void> {
    for (const [field, schema] of indexes) if (!(field in there)) await run((client) => client.createPayloadIndex(name, { field_name: field, field_schema: schema as never, wait: true }));
    whole.add(name);
  }

  async function aliases(): Promise<Map<string, string>> {
    const found = await run((client) => client.getAliases());
    return new Map(found.aliases.map((each) => [each.alias_name, each.collection_name]));
  }

  const wrong = (name: string, what: string): SluiceError => new SluiceError("config", `stores.vectors.collection: ${name} ${what}`);

  async function modelOf(name: string): Promise<EmbeddingModel | null> {
    const metadata = (await find((client) => client.getCollection(name)))?.config.metadata as Metadata | undefined;
    if (!metadata) throw wrong(name, "was not made by Sluice; choose another name");
    return metadata.model && metadata.dimension ? { name: metadata.model, dimension: metadata.dimension } : null;
  }

  /** Another installation's name may begin like this one's. */
  async function names(): Promise<string[]> {
    const { collections } = await run((client) => client.getCollections());
    const rests = new RegExp(`^(${textVector}|dense-[0-9a-f]{8})$`);
    return collections.map((each) => each.name).filter((name) => name.startsWith(`${options.collection}-`) && rests.test(name.slice(options.collection.length + 1)));
  }

  /** Every collection of this installation, with its indexes: a document is looked for in each. */
  async function all(): Promise<string[]> {
    const found = await names();
    for (const name of found) await complete(name);
    return found;
  }

  return {
    make, aliasOf, modelOf, all,
    /** Brings collections of an older program up to date. Throws `config` for one that holds something else than this program writes and reads. */
    async prepare(): Promise<void> {
      for (const name of await names()) {
        const found = await find((client) => client.getCollection(name));
        if (!found) continue;
        const { config } = found;
        const metadata = config.metadata as Metadata | undefined;
        if (!metadata?.schemaVersion) throw wrong(name, "was not made by Sluice; choose another name");
        if (metadata.schemaVersion > schemaVersion) throw wrong(name, `has schema version ${metadata.schemaVersion}, this program knows ${schemaVersion}; start the newer program, or choose another name`);
        const sizes = Object.values((config.params.vectors ?? {}) as Record<string, { size?: number } | undefined>).map((each) => each?.size);
        const differs = sizes.find((size) => size !== metadata.dimension);
        if (differs !== undefined) throw wrong(name, `was made for vectors of ${metadata.dimension} dimensions and has ${differs}; choose another name, then: sluice verify --repair and sluice reindex`);
        await makeIndexes(name, found.payload_schema);
        if (metadata.schemaVersion < schemaVersion) await run((client) => client.updateCollection(name, { metadata: { schemaVersion } }));
      }
    },
    /** Where a scope lies, or null while nothing of it was written. */
    async locate(scope: Scope): Promise<Place | null> {
      const name = (await aliases()).get(aliasOf(scope));
      return name ? { name, model: await modelOf(name) } : null;
    },
    /** From now on the scope lies there; null: nowhere. */
    async point(scope: Scope, to: string | null): Promise<void> {
      const alias = aliasOf(scope);
      const there = (await aliases()).has(alias);
      const actions = [...(there ? [{ delete_alias: { alias_name: alias } }] : []), ...(to ? [{ create_alias: { alias_name: alias, collection_name: to } }] : [])];
      if (actions.length > 0) await run((client) => client.updateCollectionAliases({ actions }));
    },
  };
}

export type Collections = ReturnType<typeof openCollections>;

/** Another process made it meanwhile. */
function unlessMade(error: unknown): void {
  const status = ((error as SluiceError).cause as { status?: number } | undefined)?.status;
  if (status !== 409) throw error;
}
