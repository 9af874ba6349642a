import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { JobEvent } from "../../src/data/job.ts";
import { freshApp, sluice } from "./memory-app.ts";

const fresh = freshApp();

test("ingest does not stay for a job that waits for approval, and says how to approve it; --yes approves", async () => {
  await writeFile(join(fresh.folder, "a.txt"), "words");
  const { app, state } = fresh.memory;
  const approved: string[] = [];
  app.jobs.approve = async (_principal, id) => {
    approved.push(id);
    return state.jobs.get(id)!;
  };
  app.jobs.events = async (_principal, id) =>
    (async function* (): AsyncGenerator<JobEvent> {
      state.jobs.set(id, { ...state.jobs.get(id)!, status: approved.includes(id) ? "done" : "waiting", waitingFor: approved.includes(id) ? null : "approval" });
      yield { id: 1, jobId: id, type: approved.includes(id) ? "done" : "waiting", data: { waitingFor: "approval" }, at: "2026-01-01T00:00:00.000Z" };
      if (!approved.includes(id)) throw new Error("nobody reads on");
    })();
  const waited = await sluice(fresh.memory, ["ingest", fresh.folder]);
  expect(waited).toMatchObject({ code: 0, stdout: expect.stringContaining("1 waiting for approval (sluice jobs ID --approve)") });
  expect(waited.stderr).toContain("waiting for approval");
  await writeFile(join(fresh.folder, "a.txt"), "other words");
  expect(await sluice(fresh.memory, ["ingest", fresh.folder, "--yes"])).toMatchObject({ code: 0, stdout: expect.stringContaining("1 done") });
  expect(approved).toHaveLength(1);
  expect(await sluice(fresh.memory, ["jobs", "--approve"])).toMatchObject({ code: 2 });
});
