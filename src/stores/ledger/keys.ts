import type { Selectable } from "kysely";
import type { ApiKey, KeyLedger } from "./ledger.ts";
import { isoTime, type Clock, type Sql } from "./sql.ts";
import type { KeyTable } from "./tables.ts";

/** Only the SHA-256 of a key's secret is stored. */
export function openKeyLedger(database: Sql, clock: Clock): KeyLedger {
  return {
    async create(key, sha256) {
      const createdAt = isoTime(clock);
      await database
        .insertInto("ledger_keys")
        .values({ id: key.id, tenant: key.tenant, name: key.name, prefix: key.prefix, roles: JSON.stringify(key.roles), classes: JSON.stringify(key.classes), sha256, created_at: createdAt })
        .execute();
      return { ...key, createdAt, revokedAt: null };
    },

    async list(tenant) {
      const rows = await database.selectFrom("ledger_keys").selectAll().where("tenant", "=", tenant).orderBy("created_at").orderBy("id").execute();
      return rows.map(toApiKey);
    },

    async revoke(tenant, id) {
      const { numUpdatedRows } = await database.updateTable("ledger_keys").set({ revoked_at: isoTime(clock) }).where("tenant", "=", tenant).where("id", "=", id).where("revoked_at", "is", null).executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    async find(sha256) {
      const row = await database.selectFrom("ledger_keys").selectAll().where("sha256", "=", sha256).where("revoked_at", "is", null).executeTakeFirst();
      return row ? toApiKey(row) : null;
    },

    async count() {
      const { keys } = await database.selectFrom("ledger_keys").select(({ fn }) => fn.countAll<number>().as("keys")).where("revoked_at", "is", null).executeTakeFirstOrThrow();
      return Number(keys);
    },
  };
}

const toApiKey = (row: Selectable<KeyTable>): ApiKey => ({
  id: row.id,
  tenant: row.tenant,
  name: row.name,
  prefix: row.prefix,
  roles: JSON.parse(row.roles) as ApiKey["roles"],
  classes: JSON.parse(row.classes) as ApiKey["classes"],
  createdAt: row.created_at,
  revokedAt: row.revoked_at,
});
