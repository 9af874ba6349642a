import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { modelServers, openTestApp, type TestApp } from "./open-test-app.ts";

export const imprint = "Hafenkran GmbH delivers a harbour crane to Ostwick Terminal. Hafenkran GmbH is based in Rostock. Write to Mrs Petra Quandel at petra.quandel@hafenkran.example.";

/** An application with a cloud, which holds one document that a person in it keeps here. */
export async function openWithImprint(): Promise<{ cloud: ModelServer; app: TestApp; id: string; close(): Promise<void> }> {
  const local = await startModelServer({ role: "local" });
  const cloud = await startModelServer({ role: "cloud" });
  const app = await openTestApp([modelServers(local.url, cloud.url), { routing: { strategy: "quality_optimized" }, extraction: { quality: "high" }, answer: { quality: "high" } }]);
  const added = await app.add({ name: "imprint.txt", text: imprint });
  await app.ended(added.jobId);
  return {
    cloud, app, id: added.documentId,
    async close() {
      await app.end();
      await Promise.all([local.close(), cloud.close()]);
    },
  };
}
