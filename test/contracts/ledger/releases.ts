import { describe, expect, test } from "vitest";
import { randomId } from "../../../src/data/identity.ts";
import { acceptOne, accepting, reserve, upload, type Bench } from "./bench.ts";

export function releaseContract(bench: Bench): void {
  const releases = () => bench.ledger.releases;
  const documents = () => bench.ledger.documents;
  const release = (documentId: string, more: object = {}) => ({ id: randomId(), documentId, version: 1, class: "public" as const, kind: null, reason: "an imprint", userId: "key-1", hashes: ["a", "b"], ...more });

  async function readOne() {
    const accepted = await acceptOne(bench);
    await documents().raiseClass(accepted.document.id, "pii", [], null);
    await documents().update(accepted.document.id, { status: "ready" }, null);
    return accepted;
  }
  const mayLeave = async (tenant: string, id: string) =>
    (await reserve(bench.ledger, { id: randomId(), tenant, backend: "b", model: "m", usd: 0, tokens: 0, documentId: id, taskType: "extraction", expiresAt: new Date(bench.now + 60_000).toISOString() }, { dayUsd: 1, monthUsd: 1 }, { ids: [id], allowed: ["public"] })) as { ok: boolean; releaseId?: string };

  describe("releases", () => {
    test("one is shown on the document, and lets nothing leave before the document was read again", async () => {
      const { document, principal } = await readOne();
      const made = await releases().create(release(document.id));
      expect((await documents().row(document.id))!.releases).toEqual([made]);
      expect(await releases().hashes([document.id])).toEqual(new Set(["a", "b"]));
      expect((await documents().get(principal, document.id))!.class).toBe("pii");
      expect(await mayLeave(principal.tenant, document.id)).toEqual({ ok: false, reason: "class_changed" });
      await documents().raiseClass(document.id, "public", [], null);
      expect(await mayLeave(principal.tenant, document.id)).toEqual({ ok: true, releaseId: made.id });
    });

    test("what rises after it stays here", async () => {
      const { document, principal } = await readOne();
      await releases().create(release(document.id));
      await documents().raiseClass(document.id, "internal", [], null);
      expect(await mayLeave(principal.tenant, document.id)).toEqual({ ok: false, reason: "class_changed" });
    });

    test("taken back, the document is as strict as before at once, and nothing leaves", async () => {
      const { document, principal } = await readOne();
      const { id } = await releases().create(release(document.id));
      await documents().raiseClass(document.id, "public", [], null);
      expect(await releases().find(document.id, id)).toMatchObject({ reason: "an imprint", classBefore: "pii" });
      expect(await releases().end(document.id, id)).toBe(true);
      expect(await releases().end(document.id, id)).toBe(false);
      expect(await releases().find(document.id, id)).toBeNull();
      expect(await releases().hashes([document.id])).toEqual(new Set());
      expect((await documents().get(principal, document.id))!.class).toBe("pii");
      expect(await mayLeave(principal.tenant, document.id)).toEqual({ ok: false, reason: "class_changed" });
    });

    test("it is of one version: other content has none", async () => {
      const { document, principal } = await readOne();
      await releases().create(release(document.id));
      await documents().accept(principal, upload(principal.tenant, "other words"), accepting);
      expect(await releases().hashes([document.id])).toEqual(new Set());
      expect((await documents().row(document.id))!.releases).toEqual([]);
      await documents().update(document.id, { status: "ready" }, null);
      await expect(releases().create(release(document.id))).rejects.toMatchObject({ code: "conflict" });
    });

    test("a document that is worked on is not released, nor one that is not there", async () => {
      const { document } = await acceptOne(bench);
      await expect(releases().create(release(document.id))).rejects.toMatchObject({ code: "conflict", retryable: true });
      await expect(releases().create(release("absent"))).rejects.toMatchObject({ code: "not_found" });
    });

    test("it holds for what is attached to the document", async () => {
      const { document, principal } = await readOne();
      const child = { ...upload(principal.tenant, "attached", { key: "one/attached", parentId: document.id }), id: randomId(), version: 1, status: "ready" as const };
      await documents().adopt(child);
      await documents().raiseClass(child.id, "public", [], null);
      await releases().create(release(document.id));
      expect(await releases().hashes([child.id])).toEqual(new Set(["a", "b"]));
      expect(await mayLeave(principal.tenant, child.id)).toEqual({ ok: false, reason: "class_changed" });
    });

  });
}
