import { array, assert, asyncProperty, integer } from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import type { Class } from "../../../src/data/classification.ts";
import { randomId } from "../../../src/data/identity.ts";
import type { Lease } from "../../../src/stores/document-writer.ts";
import type { Reservation } from "../../../src/stores/ledger/paid-calls.ts";
import { acceptOne, freshTenant, reserve, unlimited as free, type Bench } from "./bench.ts";
import { heldDocument } from "./intents.ts";

const day = 86_400_000;

export function spendContract(bench: Bench): void {
  const spend = () => bench.ledger.spend;
  const nowText = () => new Date(bench.now).toISOString();
  const reservation = (tenant: string, usd: number, more: Partial<Reservation> = {}): Reservation => ({
    id: randomId(), tenant, backend: "cloud", model: "large", usd, tokens: 1_000, documentId: null, taskType: "extraction", expiresAt: new Date(bench.now + 600_000).toISOString(), ...more,
  });

  describe("money", () => {
    // Each test has a year of its own: budgets for all tenants sum over whatever was spent in the month.
    beforeEach(() => {
      bench.now = Date.UTC(new Date(bench.now).getUTCFullYear() + 1, 4, 10, 12);
    });

    test("64 callers at the edge of a budget end at or below it", async () => {
      await assert(
        asyncProperty(array(integer({ min: 1, max: 400_000 }), { minLength: 64, maxLength: 64 }), integer({ min: 0, max: 5_000_000 }), async (microUsd, budget) => {
          bench.now += 40 * day;
          const tenant = freshTenant();
          const results = await Promise.all(microUsd.map((each) => reserve(bench.ledger, reservation(tenant, each / 1e6), { dayUsd: budget / 1e6, monthUsd: 100 }, null)));
          const taken = microUsd.filter((_, place) => results[place]!.ok);
          expect(taken.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(budget);
          const left = budget - taken.reduce((sum, each) => sum + each, 0);
          for (const [place, result] of results.entries()) if (!result.ok) expect(microUsd[place]).toBeGreaterThan(left);
        }),
        { numRuns: 4 },
      );
    });

    test("sums are exact: ten dimes fill a dollar, and the eleventh cent does not fit", async () => {
      const tenant = freshTenant();
      for (let count = 0; count < 10; count++) {
        const each = reservation(tenant, 0.1);
        expect(await reserve(bench.ledger, each, { dayUsd: 1, monthUsd: 1 }, null)).toEqual({ ok: true });
        if (count % 2) await spend().settle(each.id, { usd: 0.1, promptTokens: 1, outputTokens: 1 });
      }
      expect(await reserve(bench.ledger, reservation(tenant, 0.000_001), { dayUsd: 1, monthUsd: 1 }, null)).toEqual({ ok: false, reason: "budget_exceeded" });
      expect(await spend().totals(tenant, nowText())).toEqual({ dayUsd: 0.5, monthUsd: 0.5, reservedUsd: 0.5 });
    });

    test("what is settled frees the rest of its reservation; twice is once", async () => {
      const tenant = freshTenant();
      const [one, other] = [reservation(tenant, 0.6), reservation(tenant, 0.4)];
      const limits = { dayUsd: 1, monthUsd: 1 };
      for (const each of [one, other]) expect(await reserve(bench.ledger, each, limits, null)).toEqual({ ok: true });
      for (let count = 0; count < 2; count++) await spend().settle(one.id, { usd: 0.05, promptTokens: 700, outputTokens: 50 });
      for (let count = 0; count < 2; count++) await spend().settle(other.id, { usd: 0, promptTokens: 0, outputTokens: 0 });
      expect(await spend().totals(tenant, nowText())).toEqual({ dayUsd: 0.05, monthUsd: 0.05, reservedUsd: 0 });
      expect(await reserve(bench.ledger, reservation(tenant, 0.95), limits, null)).toEqual({ ok: true });
      await expect(spend().settle("absent", { usd: 1, promptTokens: 1, outputTokens: 1 })).rejects.toMatchObject({ code: "not_found" });
    });

    test("a reservation that is asked for twice is one", async () => {
      const tenant = freshTenant();
      const each = reservation(tenant, 0.6);
      for (let count = 0; count < 2; count++) expect(await reserve(bench.ledger, each, { dayUsd: 1, monthUsd: 1 }, null)).toEqual({ ok: true });
      expect((await spend().totals(tenant, nowText())).reservedUsd).toBe(0.6);
    });

    test("what is used is what a reservation would count: spent and reserved, of this day and month, of all and of one tenant", async () => {
      const [one, other] = [freshTenant(), freshTenant()];
      const before = await spend().used(one, nowText());
      expect(before).toMatchObject({ tenantDayUsd: 0, tenantMonthUsd: 0 });
      const [settled, open, late] = [reservation(one, 0.5), reservation(one, 0.25), reservation(other, 1)];
      for (const each of [settled, open, late]) await reserve(bench.ledger, each, free, null);
      await spend().settle(settled.id, { usd: 0.125, promptTokens: 1, outputTokens: 1 });
      expect(await spend().used(one, nowText())).toEqual({ dayUsd: before.dayUsd + 1.375, monthUsd: before.monthUsd + 1.375, tenantDayUsd: 0.375, tenantMonthUsd: 0.375 });
      bench.now += day;
      expect(await spend().used(one, nowText())).toMatchObject({ tenantDayUsd: 0, tenantMonthUsd: 0.375 });
    });

    test("a tenant's own budget binds it alone", async () => {
      const [one, other] = [freshTenant(), freshTenant()];
      const limits = { ...free, tenantDayUsd: 1, tenantMonthUsd: 1.5 };
      expect(await reserve(bench.ledger, reservation(one, 1), limits, null)).toEqual({ ok: true });
      expect(await reserve(bench.ledger, reservation(one, 0.01), limits, null)).toMatchObject({ reason: "budget_exceeded" });
      expect(await reserve(bench.ledger, reservation(other, 1), limits, null)).toEqual({ ok: true });
      bench.now += day;
      expect(await reserve(bench.ledger, reservation(one, 0.6), limits, null)).toMatchObject({ reason: "budget_exceeded" });
      expect(await reserve(bench.ledger, reservation(one, 0.5), limits, null)).toEqual({ ok: true });
    });

    test("days and months change at midnight UTC, and a call counts on the day it was reserved", async () => {
      const tenant = freshTenant();
      bench.now = Date.UTC(new Date(bench.now).getUTCFullYear(), 0, 31, 23, 59, 30);
      const late = reservation(tenant, 1);
      expect(await reserve(bench.ledger, late, { dayUsd: 1, monthUsd: 2 }, null)).toEqual({ ok: true });
      bench.now += 60_000;
      await spend().settle(late.id, { usd: 1, promptTokens: 1, outputTokens: 1 });
      expect(await spend().totals(tenant, nowText())).toMatchObject({ dayUsd: 0, monthUsd: 0 });
      expect(await spend().totals(tenant, new Date(bench.now - 60_000).toISOString())).toMatchObject({ dayUsd: 1, monthUsd: 1 });
      expect(await reserve(bench.ledger, reservation(tenant, 1), { dayUsd: 1, monthUsd: 2 }, null)).toEqual({ ok: true });
      expect(await reserve(bench.ledger, reservation(tenant, 0.01), { dayUsd: 1, monthUsd: 2 }, null)).toMatchObject({ ok: false });
    });

    test("a backend's monthly tokens are limited; 0 is no limit", async () => {
      const tenant = freshTenant();
      const at = (backend: string, tokens: number, monthTokens: number) => reserve(bench.ledger, reservation(tenant, 0, { backend, tokens }), { ...free, monthTokens }, null);
      const first = reservation(tenant, 0, { backend: "metered", tokens: 600 });
      await reserve(bench.ledger, first, { ...free, monthTokens: 1_000 }, null);
      expect(await at("metered", 401, 1_000)).toEqual({ ok: false, reason: "token_limit" });
      await spend().settle(first.id, { usd: 0, promptTokens: 300, outputTokens: 50 });
      expect(await spend().monthTokens("metered", nowText())).toBe(350);
      expect(await at("metered", 650, 1_000)).toEqual({ ok: true });
      expect(await at("metered", 1_000_000, 0)).toEqual({ ok: true });
    });

    test("after a restart the reservations stand; expired ones are charged in full", async () => {
      const tenant = freshTenant();
      await spend().expire(nowText());
      const [left, other] = [reservation(tenant, 0.7), reservation(tenant, 0.3)];
      for (const each of [left, other]) await reserve(bench.ledger, each, free, null);
      await spend().settle(other.id, { usd: 0, promptTokens: 0, outputTokens: 0 });
      await bench.reopen();
      expect(await reserve(bench.ledger, reservation(tenant, 0.01), { ...free, tenantDayUsd: 0.7 }, null)).toMatchObject({ reason: "budget_exceeded" });
      expect(await spend().expire(nowText())).toBe(0);
      bench.now += 700_000;
      expect(await spend().expire(nowText())).toBe(1);
      expect(await spend().expire(nowText())).toBe(0);
      expect(await spend().totals(tenant, nowText())).toEqual({ dayUsd: 0.7, monthUsd: 0.7, reservedUsd: 0 });
      await spend().settle(left.id, { usd: 0.1, promptTokens: 1, outputTokens: 1 });
      expect((await spend().totals(tenant, nowText())).dayUsd).toBe(0.7);
    });

    test("the class is read in the transaction that reserves: unknown, risen, erasing or gone may not leave", async () => {
      const { principal, document } = await acceptOne(bench);
      const ask = (id = document.id) => reserve(bench.ledger, reservation(principal.tenant, 0), free, { ids: [id], allowed: ["public"] });
      const refused = { ok: false, reason: "class_changed" };
      expect(await ask()).toEqual(refused);
      await bench.ledger.documents.raiseClass(document.id, "public", [], null);
      expect(await ask()).toEqual({ ok: true });
      await bench.ledger.documents.raiseClass(document.id, "internal", [], null);
      expect(await ask()).toEqual(refused);
      expect(await ask("absent")).toEqual(refused);
      const { document: other, principal: owner } = await acceptOne(bench);
      await bench.ledger.documents.raiseClass(other.id, "public", [], null);
      const both = () => reserve(bench.ledger, reservation(principal.tenant, 0), free, { ids: [other.id, document.id], allowed: ["public", "internal"] });
      expect(await both()).toEqual({ ok: true });
      await bench.ledger.documents.raiseClass(document.id, "pii", [], null);
      expect(await both()).toEqual(refused);
      await bench.ledger.jobs.create({ tenant: owner.tenant, collection: "default", documentId: other.id, name: "", kind: "erase" });
      expect(await ask(other.id)).toEqual(refused);
    });

    test("a passage leaves under its own class while the job that read it holds its document, and no longer", async () => {
      const { document, lease } = await heldDocument(bench);
      const ask = (passage: { documentId: string; lease: Lease } | null, allowed: Class[] = ["public"]) => reserve(bench.ledger, reservation(freshTenant(), 0), free, { ids: [document.id], allowed, passage });
      const [yes, no] = [{ ok: true }, { ok: false, reason: "class_changed" }];
      const own = { documentId: document.id, lease };
      await bench.ledger.documents.raiseClass(document.id, "pii", [], lease);
      expect(await ask(own)).toEqual(no);
      await bench.ledger.documents.raiseClass(document.id, "pii", [], lease, "internal");
      expect([await ask(own), await ask(own, ["public", "internal"]), await ask(null, ["public", "internal"])]).toEqual([no, yes, no]);
      await bench.ledger.documents.raiseClass(document.id, "pii", [], lease, "public");
      const [before, other] = [{ ...lease, number: lease.number - 1 }, { ...lease, jobId: randomId() }];
      expect([await ask(own), await ask({ ...own, lease: before }), await ask({ ...own, lease: other }), await ask({ ...own, documentId: "absent" })]).toEqual([yes, no, no, no]);
      await bench.ledger.documents.raiseClass(document.id, "pii", [], lease, "pii");
      expect(await ask(own)).toEqual(no);
      await bench.ledger.documents.raiseClass(document.id, "pii", [], lease, "public");
      await bench.ledger.jobs.finish(lease, "done", {});
      expect(await ask(own)).toEqual(no);
    });
  });
}
