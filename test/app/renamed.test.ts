import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { localPrincipal } from "../../src/data/principal.ts";
import { makeDocuments } from "../documents/make-documents.ts";
import { openTestApp } from "./open-test-app.ts";

it("nothing is canned: with the company renamed in the documents, entities and answers have the new name", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-renamed-"));
  await makeDocuments(folder, "Halden Wave");
  const app = await openTestApp();
  try {
    for (const name of ["product.html", "meeting-notes.md"]) expect((await app.ended((await app.add(join(folder, name))).jobId)).status).toBe("done");
    const { items } = await app.entities.search(localPrincipal, { collection: "default", text: "Halden Wave", type: "ORGANIZATION", limit: 5, cursor: null });
    expect(items[0]?.name).toContain("Halden Wave");
    const answer = await app.ask("Who is chief executive of Halden Wave?");
    expect(answer.answer).toContain("chief executive of Halden Wave");
    expect(JSON.stringify(answer)).not.toContain("Corvane Tidal");
  } finally {
    await app.end();
    await rm(folder, { recursive: true, force: true });
  }
});
