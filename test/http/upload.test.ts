import { createHash } from "node:crypto";
import { symlink } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { array, assert, asyncProperty, constantFrom, integer, oneof, uint8Array } from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SluiceError } from "../../src/errors.ts";
import { receiveUpload } from "../../src/http/receive-upload.ts";
import type { UploadedFileView } from "../../src/http/schemas.ts";
import { startServer } from "./memory-services.ts";

let server: Awaited<ReturnType<typeof startServer>>;
beforeEach(async () => {
  server = await startServer({ fileBytes: 300 * 1024 * 1024 });
});
afterEach(() => server.close());

/** The answer's fields, or the problem's. */
type Answered = { jobs: UploadedFileView[]; detail: string; code: string };
type Part = [field: string, value: string | Blob, filename?: string];
async function upload(parts: Part[], headers: Record<string, string> = {}) {
  const body = new FormData();
  for (const [field, value, filename] of parts) {
    if (filename === undefined) body.append(field, value);
    else body.append(field, value as Blob, filename);
  }
  const response = await fetch(`${server.url}/v1/documents`, { method: "POST", body, headers });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answered };
}
const file = (name: string, content: string): Part => ["file", new Blob([content]), name];

/** A multipart body as its bytes, so that names and breaks are exactly ours. */
const multipart = (disposition: string, content: string, end = "\r\n--b--\r\n") => `--b\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: text/plain\r\n\r\n${content}${end}`;
async function uploadRaw(body: string, boundary = "b") {
  const response = await fetch(`${server.url}/v1/documents`, { method: "POST", body, headers: { "Content-Type": `multipart/form-data; boundary=${boundary}` } });
  return { status: response.status, body: (await response.json()) as Answered };
}

describe("an estimate", () => {
  it("is answered for the files as they came, and nothing of them is kept", async () => {
    const body = new FormData();
    for (const name of ["a.txt", "b.txt"]) body.append("file", new Blob([name]), name);
    const response = await fetch(`${server.url}/v1/documents?estimate=true`, { method: "POST", body });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ documents: 2, usd: { low: 0, high: 0 } });
    expect(server.state.uploads).toEqual([]);
    expect(await server.state.left()).toBe(0);
    expect((await fetch(`${server.url}/v1/documents?estimate=maybe`, { method: "POST", body: new FormData() })).status).toBe(400);
  });
});

describe("an upload", () => {
  it("accepts many files with fields in any order and answers a line each", async () => {
    const { status, body } = await upload([file("a.txt", "one"), ["class", "internal"], file("b.txt", "two"), ["collection", "contracts"]], { "Idempotency-Key": "once" });
    expect(status).toBe(202);
    expect(body.jobs.map((job) => [job.name, job.status, job.duplicate])).toEqual([["a.txt", "queued", false], ["b.txt", "queued", false]]);
    expect(server.state.uploads.map(({ content, ...each }) => [String(content), each.collection, each.class, each.key, each.idempotencyKey, each.bytes])).toEqual([
      ["one", "contracts", "internal", null, "once#0", 3],
      ["two", "contracts", "internal", null, "once#1", 3],
    ]);
    expect(server.state.uploads[0]!.sha256).toBe(createHash("sha256").update("one").digest("hex"));
    expect(await server.state.left()).toBe(0);
  });

  it("names each file that was not accepted beside those that were", async () => {
    server.state.refuse = ({ name }) => {
      if (name.endsWith(".exe")) throw new SluiceError("unsupported_type", "no parser reads this; supported: txt");
    };
    const { status, body } = await upload([file("empty.txt", ""), file("a.txt", "one"), file("b.exe", "MZ")]);
    expect(status).toBe(202);
    expect(body.jobs.map((job) => job.error?.code ?? job.status)).toEqual(["invalid_input", "queued", "unsupported_type"]);
  });

  it("is a 4xx only when no file was accepted, with the status of the first mistake", async () => {
    expect(await upload([file("empty.txt", "")])).toMatchObject({ status: 400, body: { detail: "the file is empty", errors: [{ path: "file[0]" }] } });
    server.state.refuse = () => {
      throw new SluiceError("overloaded", "400 jobs wait; try again later", { retryAfter: 7 });
    };
    const { status, headers } = await upload([file("a.txt", "a"), file("b.txt", "b")]);
    expect([status, headers.get("retry-after")]).toEqual([429, "7"]);
    expect(await server.state.left()).toBe(0);
  });

  it("takes a key with exactly one file", async () => {
    expect((await upload([file("a.txt", "a"), ["key", "contract-7"]])).body.jobs).toHaveLength(1);
    expect(server.state.uploads[0]!.key).toBe("contract-7");
    expect((await upload([file("a.txt", "a"), ["key", "contract-7"]])).body.jobs[0]!.duplicate).toBe(true);
    expect((await upload([file("a.txt", "a"), file("b.txt", "b"), ["key", "k"]])).body.detail).toContain("exactly one file");
    expect(server.state.uploads).toHaveLength(2);
  });

  it.each([
    [[["class", "secret"]], "class"],
    [[["colection", "x"]], "colection"],
    [[["collection", "a/b"]], "slashes"],
    [[["key", "x".repeat(5000)]], "4,096"],
  ] as [Part[], string][])("names a wrong field: %j", async (fields, words) => {
    const { status, body } = await upload([file("a.txt", "a"), ...fields]);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(body)).toContain(words);
    expect(server.state.uploads).toHaveLength(0);
    expect(await server.state.left()).toBe(0);
  });

  it("keeps a name's emoji and drops its path", async () => {
    await upload([file("Bericht 🚀 März.txt", "a")]);
    await uploadRaw(multipart('name="file"; filename="../../etc/passwd"', "x"));
    await uploadRaw(multipart('name="file"; filename="C:\\\\Users\\\\me\\\\b.txt"', "y"));
    expect(server.state.uploads.map(({ name }) => name)).toEqual(["Bericht 🚀 März.txt", "passwd", "b.txt"]);
  });

  it.each([
    [`name="file"; filename="${"x".repeat(300)}.txt"`, "longer than 255"],
    ["name=\"file\"; filename*=utf-8''a%00b.txt", "NUL"],
    ['name="file"; filename="  "', "no name"],
    ['name="file"; filename=".."', "no name"],
    ['name="other"; filename="a.txt"', "named `file`"],
    ['name="file"', "filename"],
  ])("refuses %s", async (disposition, words) => {
    const { status, body } = await uploadRaw(multipart(disposition, "content"));
    expect(status).toBe(400);
    expect(body.detail).toContain(words);
    expect(await server.state.left()).toBe(0);
  });

  it("refuses a NUL in the head of a part", async () => {
    expect((await uploadRaw(multipart('name="file"; filename="a\0b.txt"', "content"))).status).toBe(400);
    expect(await server.state.left()).toBe(0);
  });

  it("accepts nothing of a body that ends early, though its length is right", async () => {
    const whole = multipart('name="file"; filename="a.txt"', "one", "\r\n") + multipart('name="file"; filename="b.txt"', "tw", "");
    const { status, body } = await uploadRaw(whole);
    expect([status, body.code]).toEqual([400, "invalid_input"]);
    expect(server.state.uploads).toHaveLength(0);
    expect(await server.state.left()).toBe(0);
  });

  it("leaves nothing behind when the client hangs up in the middle", async () => {
    const body = multipart('name="file"; filename="a.txt"', "one", "\r\n") + multipart('name="file"; filename="b.txt"', "x".repeat(200_000), "");
    const head = `POST /v1/documents HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${body.length + 500}\r\n\r\n`;
    const socket = connect(server.port, "127.0.0.1");
    socket.write(head + body);
    while ((await server.state.left()) < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    socket.destroy();
    while ((await server.state.left()) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(server.state.uploads).toHaveLength(0);
  });

  it("refuses what is not multipart, has no boundary, no file or no body", async () => {
    const post = (headers: Record<string, string>, body: string) => fetch(`${server.url}/v1/documents`, { method: "POST", headers, body }).then(({ status }) => status);
    expect(await post({ "Content-Type": "application/json" }, "{}")).toBe(415);
    expect(await post({ "Content-Type": "multipart/form-data" }, "x")).toBe(400);
    expect((await upload([["collection", "x"]])).body.detail).toContain("no file");
    expect(await post({ "Content-Type": "multipart/form-data; boundary=b" }, "")).toBe(400);
  });

  it("takes any bytes as they are, however they arrive", async () => {
    const pieces = array(oneof(uint8Array({ maxLength: 300 }), constantFrom(..."\r\n--b|\r\n--b-|--|\r\n\r\n|\0".split("|")).map((text) => new TextEncoder().encode(text))), { minLength: 1, maxLength: 12 });
    await assert(
      asyncProperty(pieces, integer({ min: 1, max: 200 }), async (parts, size) => {
        const content = Buffer.concat(parts);
        const boundary = "boundary-of-its-own";
        const whole = Buffer.concat([Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n`), content, Buffer.from(`\r\n--${boundary}--\r\n`)]);
        let at = 0;
        const body = new ReadableStream({
          pull(controller) {
            if (at >= whole.length) controller.close();
            else controller.enqueue(new Uint8Array(whole.subarray(at, (at += size))));
          },
        });
        const { files, discard } = await receiveUpload(new Request("http://localhost", { method: "POST", body, duplex: "half", headers: { "Content-Type": `multipart/form-data; boundary=${boundary}` } } as RequestInit), { bodyBytes: 1e6, fileBytes: 1e6, files: 2 }, server.services.temporary);
        expect(files[0]).toMatchObject({ bytes: content.length, sha256: createHash("sha256").update(content).digest("hex"), error: content.length === 0 ? { code: "invalid_input" } : null });
        await discard();
      }),
      { numRuns: 60 },
    );
    expect(await server.state.left()).toBe(0);
  });

  it.skipIf(process.platform !== "linux")("says that the disk is full, and keeps nothing", async () => {
    const full = join(server.state.folder, "full");
    await symlink("/dev/full", full);
    server.services.temporary = async () => full;
    expect(await upload([file("a.txt", "one")])).toMatchObject({ status: 503, body: { code: "store", detail: expect.stringContaining("disk full") } });
    expect(await server.state.left()).toBe(0);
  });

  it("serves the original as an attachment without rights", async () => {
    const { body } = await upload([file("Bericht 🚀\"x.html", "<script>alert(1)</script>")]);
    const { headers } = await fetch(`${server.url}/v1/documents/${body.jobs[0]!.documentId}/file`);
    expect(headers.get("content-disposition")).toMatch(/^attachment; filename="[\x20-\x7e]*"; filename\*=UTF-8''Bericht%20%F0%9F%9A%80/);
    expect(headers.get("content-security-policy")).toContain("sandbox");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("refuses an Idempotency-Key that is not visible ASCII", async () => {
    expect((await upload([file("a.txt", "a")], { "Idempotency-Key": "a b" })).status).toBe(400);
  });
});

describe("bounds of an upload", () => {
  it("are bytes of the body, bytes of a file and number of files", async () => {
    await server.close();
    server = await startServer({ bodyBytes: 5000, fileBytes: 1000, files: 2 });
    expect((await upload([file("a.txt", "x".repeat(6000))])).status).toBe(413);
    expect(await upload([file("a.txt", "x".repeat(1001))])).toMatchObject({ status: 413, body: { detail: "the file is larger than 1000 bytes" } });
    expect((await upload([file("a.txt", "x".repeat(1000))])).status).toBe(202);
    expect((await upload([file("a", "a"), file("b", "b"), file("c", "c")])).status).toBe(413);
    expect(server.state.uploads).toHaveLength(1);
    const chunked = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(multipart('name="file"; filename="a.txt"', "x".repeat(6000))));
        controller.close();
      },
    });
    const response = await fetch(`${server.url}/v1/documents`, { method: "POST", body: chunked, duplex: "half", headers: { "Content-Type": "multipart/form-data; boundary=b" } } as RequestInit);
    expect(response.status).toBe(413);
    expect(await server.state.left()).toBe(0);
  });

  it("keep memory flat for 200 MB", async () => {
    server.state.keepContent = false;
    const piece = new Uint8Array(1024 * 1024).fill(120);
    let sent = 0;
    let peak = 0;
    const body = new ReadableStream({
      pull(controller) {
        peak = Math.max(peak, process.memoryUsage().arrayBuffers);
        if (sent === 0) controller.enqueue(new TextEncoder().encode(multipart('name="file"; filename="a.bin"', "", "")));
        if (sent++ < 200) controller.enqueue(piece);
        else {
          controller.enqueue(new TextEncoder().encode("\r\n--b--\r\n"));
          controller.close();
        }
      },
    });
    const before = process.memoryUsage().arrayBuffers;
    const response = await fetch(`${server.url}/v1/documents`, { method: "POST", body, duplex: "half", headers: { "Content-Type": "multipart/form-data; boundary=b" } } as RequestInit);
    expect(response.status).toBe(202);
    expect(server.state.uploads[0]!.bytes).toBe(200 * 1024 * 1024);
    // Client and server share this process, and what is free waits for the collector.
    expect(peak - before).toBeLessThan(150 * 1024 * 1024);
  });
});
