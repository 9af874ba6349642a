import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { silentLog } from "../../src/telemetry.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { letterWithPicture } from "./kill/letter-with-picture.ts";
import { modelServers, openTestApp, type TestApp } from "./open-test-app.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const pictures = (server: ModelServer): number => server.requests.filter((each) => /"images":\["/u.test(each.body.toString())).length;

it("pictures of public documents leave from the moment that vision.cloud is on, and no longer than it is", async () => {
  const [local, cloud] = [await startModelServer({ role: "local" }), await startModelServer({ role: "cloud" })];
  const folder = await mkdtemp(join(tmpdir(), "sluice-vision-"));
  closing.push(local.close, cloud.close, () => rm(folder, { recursive: true }));
  const overlay = join(folder, "overlay.yaml");
  const set = (on: boolean) => writeFile(overlay, JSON.stringify({ vision: { cloud: on } }));
  await set(false);
  const app: TestApp = await openTestApp([modelServers(local.url, cloud.url), { routing: { strategy: "quality_optimized" } }], undefined, silentLog, [overlay]);
  closing.push(() => app.end());

  const seen: [number, number][] = [];
  for (const [company, on] of [["Velden Marine", false], ["Velden Harbour", true], ["Velden Ocean", false]] as const) {
    await set(on);
    await app.models.reload();
    const before = [pictures(local), pictures(cloud)] as const;
    const { jobId } = await app.add({ name: `letter-${seen.length}.eml`, text: await letterWithPicture(company) });
    expect(await app.ended(jobId)).toMatchObject({ status: "done", class: "public" });
    seen.push([pictures(local) - before[0], pictures(cloud) - before[1]]);
  }
  expect(seen).toEqual([[1, 0], [0, 1], [1, 0]]);
}, 60_000);
