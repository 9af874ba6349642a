import { describe, expect, test } from "vitest";
import type { AuditRecord } from "../../src/models/audit-export.ts";
import { freshApp, sluice } from "./memory-app.ts";

const fresh = freshApp();
const record = (user: string): AuditRecord => ({
  attempt_id: "a", timestamp: "2026-01-01T00:00:00.000Z", request_id: "r", user_id: user, tenant: "default", document_id: null, task_id: "t", task_type: "extraction", data_classification: "public",
  release_id: null, anonymised: false, payload_hmac: "00", backend: "cloud", model: "m", prompt_tokens: 7, output_tokens: 3, cost_usd: 0.25, latency_ms: 12, decision_reason: "batch", outcome: "answered",
});

describe("sluice audit", () => {
  test("verify ends with 0 for a whole record, and with 1 and the places for one that is not", async () => {
    const whole = await sluice(fresh.memory, ["audit", "verify"]);
    expect(whole).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing is missing, changed or moved") });
    fresh.memory.audited.faults.push({ chain: "c", position: 3, kind: "removed", detail: "1 of its lines are gone from here" });
    fresh.memory.audited.unproven.push("that nobody has the key");
    const cut = await sluice(fresh.memory, ["audit", "verify"]);
    expect(cut.code).toBe(1);
    expect(cut.stdout).toContain("REMOVED  chain c line 3: 1 of its lines are gone from here");
    expect(cut.stdout).toContain("not proven: that nobody has the key");
    expect((await sluice(fresh.memory, ["audit", "verify", "--json"])).lines()).toMatchObject([{ chains: 1, faults: [{ kind: "removed" }] }]);
  });

  test("export writes JSON lines or CSV, and takes days as days", async () => {
    fresh.memory.records.push(record("one"), record("other"));
    expect((await sluice(fresh.memory, ["audit", "export", "--user", "one"])).lines()).toMatchObject([{ user_id: "one", cost_usd: 0.25 }]);
    const { stdout } = await sluice(fresh.memory, ["audit", "export", "--format", "csv"]);
    const [header, first, ...rest] = stdout.split("\r\n");
    expect(header).toBe("attempt_id,timestamp,request_id,user_id,tenant,document_id,task_id,task_type,data_classification,release_id,anonymised,payload_hmac,backend,model,prompt_tokens,output_tokens,cost_usd,latency_ms,decision_reason,outcome");
    expect(first).toBe("a,2026-01-01T00:00:00.000Z,r,one,default,,t,extraction,public,,false,00,cloud,m,7,3,0.25,12,batch,answered");
    expect(rest).toHaveLength(2);
    expect(await sluice(fresh.memory, ["audit", "export", "--from", "yesterday"])).toMatchObject({ code: 2, stderr: expect.stringContaining("a day, as in 2025-03-31") });
  });

  test("heads are lines that verify reads again", async () => {
    expect((await sluice(fresh.memory, ["audit", "heads"])).lines()).toEqual([{ at: "2026-01-01T00:00:00.000Z", chain: "c", head: "h", length: 2 }]);
  });
});
