import type { Cache } from "../stores/cache/cache.ts";
import type { Ledger } from "../stores/ledger/ledger.ts";

/**
 * A cache in which nothing of an erased document comes to rest. An erasure first says so in the ledger and then empties the
 * cache: an answer that was on its way meanwhile is set after that, sees it there, and takes itself out.
 */
export const livingCache = (cache: Cache, documents: Pick<Ledger["documents"], "gone">): Cache => ({
  ...cache,
  async set(tenant, key, value, options) {
    await cache.set(tenant, key, value, options);
    const gone = await documents.gone(options.documentIds);
    if (gone.length > 0) await cache.eraseDocuments(gone);
  },
});
