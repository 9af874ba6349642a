import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localPrincipal, type Principal } from "../../src/data/principal.ts";
import type { Job } from "../../src/data/job.ts";
import { metrics } from "../../src/telemetry.ts";
import type { ModelServer } from "../servers/model-server/model-server.ts";
import type { TestApp } from "./open-test-app.ts";
import { imprint, openWithImprint } from "./open-with-imprint.ts";

const reviewer: Principal = { ...localPrincipal, roles: ["reviewer"], keyId: "key-of-a-reviewer" };

describe("a release", () => {
  let opened: Awaited<ReturnType<typeof openWithImprint>>;
  let cloud: ModelServer;
  let app: TestApp;
  let id: string;
  let releaseId: string;

  const documentNow = async () => (await app.documents.get(localPrincipal, id))!;
  const over = (job: Job): Promise<Job> => app.settled(job.id, AbortSignal.timeout(50_000));
  const leftWith = (text: string): number => cloud.requests.filter((each) => each.body.includes(text)).length;

  beforeAll(async () => {
    opened = await openWithImprint();
    ({ cloud, app, id } = opened);
  }, 60_000);
  afterAll(() => opened.close());

  it("is of a document that says what makes it private, with places and texts", async () => {
    expect((await documentNow()).class).toBe("pii");
    const findings = (await app.documents.findings(localPrincipal, id))!;
    expect(findings).toContainEqual(expect.objectContaining({ kind: "email", class: "pii", place: "body", page: 1, text: "petra.quandel@hafenkran.example" }));
    expect(findings.map((each) => each.kind)).toContain("person");
    expect(await app.documents.findings({ ...reviewer, classes: ["public"] }, id)).toBeNull();
    expect(leftWith("Hafenkran")).toBe(0);
  });

  it("of one kind leaves the others in force", async () => {
    const { release, job } = (await app.documents.release(reviewer, id, { signal: "person", reason: "named in every imprint" }))!;
    expect((await over(job)).status).toBe("done");
    const document = await documentNow();
    expect(document).toMatchObject({ class: "pii", releases: [{ id: release.id, kind: "person", class: null, reason: "named in every imprint" }] });
    expect(document.reasons.map((each) => each.kind)).not.toContain("person");
    expect(document.reasons.map((each) => each.kind)).toContain("email");
    expect(leftWith("Hafenkran")).toBe(0);
    await over((await app.documents.endRelease(reviewer, id, release.id))!.job);
    expect((await documentNow()).reasons.map((each) => each.kind)).toContain("person");
  });

  it("refuses what is no release", async () => {
    await expect(app.documents.release(reviewer, id, { signal: "iban", reason: "x" })).rejects.toMatchObject({ code: "invalid_input" });
    await expect(app.documents.release(reviewer, id, { class: "pii", reason: "x" })).rejects.toMatchObject({ code: "invalid_input" });
    expect(await app.documents.release({ ...reviewer, classes: ["public"] }, id, { class: "public", reason: "x" })).toBeNull();
    const declared = await app.add({ name: "declared.txt", text: "The crane is yellow." }, { class: "confidential", collection: "others" });
    await app.ended(declared.jobId);
    await expect(app.documents.release(reviewer, declared.documentId, { class: "internal", reason: "x" })).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("confidential") });
    const foreign = await app.add({ name: "foreign.txt", text: "De windmolen levert stroom aan meer dan tienduizend huishoudens en werd vorig jaar volledig vernieuwd. De kosten bleven onder het plan omdat de onderdelen eerder werden geleverd dan verwacht en de zomer droog was, zodat het werk sneller ging." }, { collection: "others" });
    await app.ended(foreign.jobId);
    await expect(app.documents.release(reviewer, foreign.documentId, { class: "public", reason: "x" })).rejects.toMatchObject({ code: "conflict" });
  });

  it("to a lower class lets the document leave, and readers of that class see it", async () => {
    const { release, job } = (await app.documents.release(reviewer, id, { class: "public", reason: "the imprint of a website" }))!;
    releaseId = release.id;
    expect((await over(job)).class).toBe("public");
    expect(await documentNow()).toMatchObject({ class: "public", releases: [{ id: releaseId, class: "public", kind: null }] });
    const everybody: Principal = { ...localPrincipal, classes: ["public"] };
    expect((await app.documents.chunks(everybody, id, { limit: 10, cursor: null }))!.items.map((each) => each.class)).toEqual(["public"]);
    const answer = await app.ask("Where is Hafenkran GmbH based?");
    expect(answer.decision).toMatchObject({ location: "cloud" });
    expect(leftWith("petra.quandel@hafenkran.example")).toBeGreaterThan(0);
  });

  it("lets exactly the values pass that were looked at", async () => {
    const before = leftWith("Hafenkran");
    await app.ask("Does Hafenkran GmbH employ Mrs Petra Quandell of petra.other@hafenkran.example?");
    expect(leftWith("petra.other")).toBe(0);
    expect(leftWith("Hafenkran")).toBe(before);
  });

  it("is on record: who, which document, which kinds, never a value or the reason", async () => {
    const report = await app.audit.verify({ anchor: null, signal: new AbortController().signal });
    expect(report.faults).toEqual([]);
    const calls = [];
    for await (const call of app.audit.export({})) if (call.release_id === releaseId) calls.push(call);
    expect(calls.length).toBeGreaterThan(0);
    const text = await metrics.metrics();
    expect(text).toMatch(/privacy_releases_total\{action="made",what="public"\} 1/);
    expect(text).not.toContain("quandel");
  });

  it("taken back, raises everything at once, drops the answers and lists what left", async () => {
    const seen = cloud.requests.length;
    const ended = (await app.documents.endRelease(reviewer, id, releaseId))!;
    const everybody: Principal = { ...localPrincipal, classes: ["public"] };
    expect(await app.documents.get(everybody, id)).toBeNull();
    expect(await app.documents.chunks(everybody, id, { limit: 10, cursor: null })).toBeNull();
    expect((await app.entities.search(everybody, { collection: "default", text: "Ostwick", type: null, limit: 10, cursor: null })).items).toEqual([]);
    expect(ended.calls.length).toBeGreaterThan(0);
    expect(ended.calls[0]).toMatchObject({ backend: "ollama-cloud", outcome: "answered" });
    expect((await over(ended.job)).status).toBe("done");
    expect(await documentNow()).toMatchObject({ class: "pii", releases: [] });
    await app.ask("Where is Hafenkran GmbH based?");
    expect(cloud.requests.slice(seen).filter((each) => each.body.includes("Hafenkran GmbH delivers"))).toEqual([]);
    expect(await app.documents.endRelease(reviewer, id, releaseId)).toBeNull();
  });

  it("ends when the content changes", async () => {
    const { job } = (await app.documents.release(reviewer, id, { class: "public", reason: "again" }))!;
    await over(job);
    const edited = await app.add({ name: "imprint.txt", text: `${imprint} Updated.` });
    expect(edited.documentId).toBe(id);
    await app.ended(edited.jobId);
    expect(await documentNow()).toMatchObject({ class: "pii", releases: [], version: 2 });
  });
});
