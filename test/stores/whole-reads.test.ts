import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Lease } from "../../src/stores/document-writer.ts";
import { readWhole, type Replacements } from "../../src/stores/store-writer.ts";
import { acceptOne } from "../contracts/ledger/bench.ts";
import { planFor } from "../contracts/ledger/intents.ts";
import { openTestLedger } from "./test-ledger.ts";

const minute = 60_000;

describe("a read of several stores", () => {
  let bench: Awaited<ReturnType<typeof openTestLedger>>;
  beforeEach(async () => void (bench = await openTestLedger()));
  afterEach(() => bench.close());
  const intents = () => bench.ledger.intents;

  async function held() {
    const accepted = await acceptOne(bench);
    const lease = (await bench.ledger.jobs.claim(accepted.job.id, "worker", 10 * minute))!;
    return { ...accepted, lease, id: accepted.document.id, tenant: accepted.document.tenant };
  }
  type Held = Awaited<ReturnType<typeof held>>;
  const begin = async ({ id, lease }: Held): Promise<number> => (await intents().begin([id], lease)).get(id)!.revision;
  const commit = ({ id, lease, document }: Held, revision: number) => intents().commit([planFor(document)], new Map([[id, revision]]), lease, null);
  async function replace(one: Held): Promise<void> {
    const revision = await begin(one);
    await commit(one, revision);
    await intents().done(one.id, revision);
  }
  /** How often it ran, and what it knew each time; `meanwhile` happens during its first run. */
  async function readDuring(tenant: string, meanwhile: () => Promise<unknown>, touches?: (result: unknown, id: string) => boolean): Promise<Replacements["open"][]> {
    const runs: Replacements["open"][] = [];
    await readWhole(tenant, intents().open, async (inFlight) => (runs.push(inFlight), runs.length === 1 && (await meanwhile())), touches);
    return runs;
  }

  it("runs again when a document was replaced from beginning to end while it ran, unless it holds nothing of it", async () => {
    const one = await held();
    expect(await readDuring(one.tenant, () => replace(one))).toHaveLength(2);
    expect(await readDuring(one.tenant, () => replace(one))).toHaveLength(2);
    expect(await readDuring(one.tenant, () => replace(one), () => false)).toHaveLength(1);
    expect(await readDuring("another tenant", () => replace(one))).toHaveLength(1);
  });

  it("runs again when a document was erased from beginning to end while it ran", async () => {
    const one = await held();
    await replace(one);
    await bench.ledger.jobs.finish(one.lease, "done", {});
    const job = await bench.ledger.jobs.create({ tenant: one.tenant, collection: "default", documentId: one.id, name: "", kind: "erase" });
    const lease: Lease = (await bench.ledger.jobs.claim(job.id, "worker", minute))!;
    const erase = async () => (await intents().beginErase([one.id], lease), await intents().finishErase([one.id], lease));
    expect(await readDuring(one.tenant, erase)).toHaveLength(2);
    expect(await readDuring(one.tenant, async () => {})).toHaveLength(1);
  });

  it("runs once when what it knew of the document held all the while: cleaned up, or ended long ago", async () => {
    const one = await held();
    const revision = await begin(one);
    await commit(one, revision);
    expect(await readDuring(one.tenant, () => intents().done(one.id, revision))).toEqual([new Map([[one.id, revision]])]);
    const forgotten = async () => ((bench.now += minute), await intents().stale(10));
    expect(await readDuring(one.tenant, forgotten)).toEqual([new Map()]);
    expect((await intents().open(one.tenant)).ended.size).toBe(0);
  });

  it("runs again when a replacement begins or is committed while it runs", async () => {
    const one = await held();
    await replace(one);
    const first = await readDuring(one.tenant, () => begin(one));
    expect(first).toEqual([new Map(), new Map([[one.id, 1]])]);
    expect(await readDuring(one.tenant, () => commit(one, 2))).toEqual([new Map([[one.id, 1]]), new Map([[one.id, 2]])]);
  });

  it("gives up on documents that change each time, and goes on without them", async () => {
    const one = await held();
    const runs: Replacements["open"][] = [];
    await readWhole(one.tenant, intents().open, async (inFlight) => (runs.push(inFlight), runs.length < 4 && (await replace(one))));
    expect(runs).toHaveLength(4);
    expect(runs.at(-1)).toEqual(new Map([[one.id, null]]));
  });
});
