import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import PdfDocument from "pdfkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Job } from "../../src/data/job.ts";
import { createHttp } from "../../src/http/create-http.ts";
import type { Problem } from "../../src/http/problem.ts";
import { serve, type Served } from "../../src/http/serve.ts";
import { documentPath } from "../documents/sample-documents.ts";
import { noModelServer, openTestApp, type TestApp } from "./open-test-app.ts";
import { documentFiles, tablesOf } from "./store-contents.ts";
import { untilStatus } from "./wait-for-job.ts";

let app: TestApp;
let served: Served;
/** Packed before the server stands: it takes seconds, in which a connection that is kept would be given up. */
let packed: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  packed = bomb();
  app = await openTestApp([noModelServer, { privacy: { threads: 1 } }]);
  served = await serve(createHttp(app, app.server), { host: "127.0.0.1", port: 0 });
  await until(await post("kept.txt", "Velden Marine GmbH is based in Rostock."));
});
afterAll(async () => {
  await served.close(0);
  await app.end();
});

type Answered = { status: number; type: string; body: Problem & { jobs: { id: string; name: string; status: string }[] } };
const answerOf = async (response: Response): Promise<Answered> => ({ status: response.status, type: response.headers.get("content-type") ?? "", body: (await response.json()) as Answered["body"] });

async function post(name: string, content: string | Uint8Array<ArrayBuffer>): Promise<Answered> {
  const body = new FormData();
  body.append("file", new Blob([content]), name);
  return answerOf(await fetch(`${served.url}/v1/documents`, { method: "POST", body }));
}

/** A body written byte for byte, for names that no client library would send. */
async function postRaw(name: string): Promise<Answered> {
  const body = `--b\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: text/plain\r\n\r\nVelden Marine\r\n--b--\r\n`;
  return answerOf(await fetch(`${served.url}/v1/documents`, { method: "POST", body, headers: { "Content-Type": "multipart/form-data; boundary=b" } }));
}

async function until(answered: Answered): Promise<Job> {
  expect(answered).toMatchObject({ status: 202 });
  return untilStatus(app, answered.body.jobs[0]!.id, "done", "failed");
}

/** Everything the data folder holds of documents: rows, their files, and what was never finished. */
async function everything(): Promise<unknown> {
  const unfinished = await Promise.all(["files/temporary", "spool"].map((name) => readdir(join(app.folder, name), { recursive: true, withFileTypes: true }).catch(() => [])));
  return { tables: tablesOf(app.folder), files: await documentFiles(app.folder), unfinished: unfinished.flat().filter((each) => each.isFile()).map((each) => each.name) };
}

const isProblem = (answered: Answered, status: number, code: string, says: RegExp): void => {
  expect(answered.type).toContain("application/problem+json");
  expect(answered).toMatchObject({ status, body: { code, status, detail: expect.stringMatching(says), requestId: expect.any(String) } });
};

describe("an upload that is refused", () => {
  const long = `${"n".repeat(300)}.txt`;
  const refused: [what: string, send: () => Promise<Answered>, status: number, code: string, says: RegExp][] = [
    ["an empty file", () => post("empty.txt", ""), 400, "invalid_input", /empty/],
    ["a program", () => post("tool.exe", new Uint8Array([0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0, ...Array.from({ length: 200 }, (_, index) => index % 7)])), 415, "unsupported_type", /docx.*pdf|pdf.*docx/i],
    ["a name with NUL", () => postRaw("a\u0000b.txt"), 400, "invalid_input", /./],
    ["a name of 300 characters", () => post(long, "Velden Marine"), 400, "invalid_input", /255/],
    ["a form without a file", async () => answerOf(await fetch(`${served.url}/v1/documents`, { method: "POST", body: new FormData() })), 400, "invalid_input", /./],
  ];
  it.each(refused)("%s: says what is wrong, and leaves nothing behind", async (_, send, status, code, says) => {
    const before = await everything();
    isProblem(await send(), status, code, says);
    expect(await everything()).toEqual(before);
  });

  it("an unsupported type: the answer lists every type that is supported", async () => {
    const { body } = await post("tool.exe", new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    const formats = (await (await fetch(`${served.url}/v1/formats`)).json()) as { formats?: { id: string }[]; items?: { id: string }[] };
    for (const { id } of formats.formats ?? formats.items ?? []) expect(body.detail.toLowerCase()).toContain(id.toLowerCase());
  });
});

describe("an upload with an odd name", () => {
  it.each([["../../etc/passwd.txt", "passwd.txt"], ["C:\\Users\\Ann\\brief 🚢.txt", "brief 🚢.txt"]])("%s is taken as %s", async (name, shown) => {
    const answered = await post(name, `Velden Marine GmbH has a paper called ${name.length}.`);
    expect(answered.body.jobs[0]!.name).toBe(shown);
    expect((await until(answered)).status).toBe("done");
    expect((await documentFiles(app.folder)).filter((each) => /passwd|brief/.test(each))).toEqual([]);
  });
});

const protectedPdf = (): Promise<Buffer<ArrayBuffer>> =>
  new Promise((resolve) => {
    const pdf = new PdfDocument({ userPassword: "open sesame" });
    const parts: Buffer[] = [];
    pdf.on("data", (part: Buffer) => parts.push(part)).on("end", () => resolve(Buffer.concat(parts)));
    pdf.text("Velden Marine GmbH").end();
  });

const bomb = (): Uint8Array<ArrayBuffer> =>
  zipSync({
    "[Content_Types].xml": strToU8('<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'),
    "_rels/.rels": strToU8('<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'),
    "word/document.xml": new Uint8Array(400 * 2 ** 20),
  }, { level: 1 }) as Uint8Array<ArrayBuffer>;

describe("a file that cannot be read", () => {
  const unreadable: [what: string, name: string, content: () => Promise<Uint8Array<ArrayBuffer>>, says: RegExp][] = [
    ["a PDF with a password", "secret.pdf", protectedPdf, /password/i],
    ["a PDF of which the half is missing", "half.pdf", async () => { const whole = await readFile(documentPath("annual-report.pdf")); return whole.subarray(0, whole.length / 2); }, /damaged|again|truncated|broken/i],
    ["a docx that unpacks to far more than it is", "bomb.docx", async () => packed, /large|bytes|MB/i],
  ];
  it.each(unreadable)("%s fails with a message that says what to do, and nothing of it is found", async (_, name, content, says) => {
    const tables = tablesOf(app.folder);
    const job = await until(await post(name, await content()));
    expect([job.status, job.error?.message]).toEqual(["failed", expect.stringMatching(says)]);
    const row = (await app.documents.get({ tenant: "default", roles: ["reader"], classes: ["public", "internal", "confidential", "pii"], keyId: null }, job.documentId))!;
    expect([row.status, row.warnings.map((each) => each.message).join(" ")]).toEqual(["failed", expect.stringContaining(job.error!.message)]);
    const after = tablesOf(app.folder);
    for (const [table, rows] of Object.entries(after)) if (!table.startsWith("ledger_")) expect([table, rows]).toEqual([table, tables[table]]);
    const removed = (await (await fetch(`${served.url}/v1/documents/${job.documentId}`, { method: "DELETE" })).json()) as { id: string };
    expect((await untilStatus(app, removed.id, "done", "failed")).status).toBe("done");
    expect(await documentFiles(app.folder)).not.toContainEqual(expect.stringContaining(job.documentId));
  }, 60_000);
});

describe("a file that is odd but readable", () => {
  it("with the wrong extension is read by its content, with a warning", async () => {
    const job = await until(await post("report.txt", await readFile(documentPath("contract.pdf"))));
    expect(job.status).toBe("done");
    expect(job.warnings.find((each) => each.code === "type_mismatch")?.message).toMatch(/PDF/);
  });

  it("with bytes that are no UTF-8 is read as what it most likely is", async () => {
    const job = await until(await post("brief.txt", Buffer.concat([Buffer.from("Die Veldener Stra"), Buffer.from([0xdf]), Buffer.from("e ist lang. Velden Marine GmbH baut Kr"), Buffer.from([0xe4]), Buffer.from("ne f"), Buffer.from([0xfc]), Buffer.from("r den Hafen und liefert sie.")])));
    expect([job.status, job.error]).toEqual(["done", null]);
    expect((await app.ask("Wer baut Kräne?")).passages.map((each) => each.text).join(" ")).toContain("Kräne für");
  });

  it("of 50 MB on one line ends with a clear word, without holding up the others", async () => {
    const large = await post("line.txt", Buffer.alloc(50 * 2 ** 20, "Velden Marine GmbH delivers cranes to the harbour. "));
    const small = await until(await post("small.txt", "Harrow Shipping GmbH is based in Emden."));
    expect(small.status).toBe("done");
    const job = await until(large);
    if (job.status === "failed") expect([job.error?.code, job.error?.message]).toEqual(["too_large", expect.stringMatching(/split|limit/)]);
    else expect(job.counts.chunks).toBeGreaterThan(1000);
  }, 120_000);
});

describe("a request about nothing", () => {
  const query = (question: unknown) => fetch(`${served.url}/v1/query`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ question }) }).then(answerOf);
  it("an empty question and one of 100 KB are refused with the bound", async () => {
    isProblem(await query(""), 400, "invalid_input", /question/);
    isProblem(await query("   "), 400, "invalid_input", /question/);
    isProblem(await query("why ".repeat(25_600)), 400, "invalid_input", /question.*\d/);
  });

  const nobody = "01890000-0000-7000-8000-000000000000";
  it.each([
    ["GET", `documents/${nobody}`], ["GET", `documents/${nobody}/chunks`], ["GET", `documents/${nobody}/file`], ["GET", `documents/${nobody}/pages/1`], ["DELETE", `documents/${nobody}`],
    ["POST", `documents/${nobody}/reprocess`], ["GET", `jobs/${nobody}`], ["GET", `jobs/${nobody}/events`], ["POST", `jobs/${nobody}/cancel`], ["POST", `jobs/${nobody}/retry`],
    ["GET", `entities/${nobody}`], ["DELETE", "collections/nowhere"],
  ])("%s %s is a 404 that says so", async (method, path) => {
    isProblem(await answerOf(await fetch(`${served.url}/v1/${path}`, { method })), 404, "not_found", /no |not /);
  });
});
