import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { packageRoot } from "../src/workers/package-root.ts";

/**
 * `node bench/upload.ts [MB]`: peak resident memory of a `serve` process while it takes one upload of 200 MB, and until the
 * job on it has ended. Aim: under 500 MB. Linux only, since the peak is read from /proc.
 */
const megabyte = 1024 * 1024;
const size = Number(process.argv[2] ?? 200);
const folder = await mkdtemp(join(tmpdir(), "sluice-bench-"));
await writeFile(join(folder, "bench.yaml"), 'models: { backends: [{ id: ollama, url: "http://127.0.0.1:9" }] }\n');
const server = spawn(process.execPath, [join(packageRoot, "bin/sluice.js"), "serve", "--port", "0", "--json", "--config", "bench.yaml", "--data", "data"], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
try {
  const [line] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
  const { url } = JSON.parse(line) as { url: string };
  const idle = peak();
  const start = performance.now();
  const { jobs } = await upload(url);
  const seconds = (performance.now() - start) / 1000;
  const taken = peak();
  const job = await ended(url, jobs[0]!.id);
  console.log(JSON.stringify({ bench: "upload", megabytes: size, seconds: Math.round(seconds * 10) / 10, peakMegabytes: { idle, upload: taken, job: peak() }, job: job.status, error: job.error?.code ?? null, aim: 500 }));
} finally {
  server.kill("SIGTERM");
  await once(server, "exit");
  await rm(folder, { recursive: true, force: true });
}

/** VmHWM: the most that was ever resident, in MB. */
function peak(): number {
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))![1]) / 1024);
}

/** The client streams as well: it is not what is measured. */
async function upload(url: string): Promise<{ jobs: { id: string }[] }> {
  const boundary = "bench-upload";
  const text = Buffer.from("The quarterly report of the harbour office lists ships, cargo and tides in plain words.\n".repeat(12_000)).subarray(0, megabyte);
  const sending = request(`${url}/v1/documents`, { method: "POST", headers: { "content-type": `multipart/form-data; boundary=${boundary}` } });
  const answer = once(sending, "response") as Promise<[Readable & { statusCode: number }]>;
  function* body(): Generator<Buffer> {
    yield Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="large.txt"\r\n\r\n`);
    for (let sent = 0; sent < size; sent++) yield text;
    yield Buffer.from(`\r\n--${boundary}--\r\n`);
  }
  await pipeline(Readable.from(body()), sending);
  const [response] = await answer;
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  if (response.statusCode !== 202) throw new Error(`${response.statusCode} ${Buffer.concat(parts).toString()}`);
  return JSON.parse(Buffer.concat(parts).toString()) as { jobs: { id: string }[] };
}

async function ended(url: string, id: string): Promise<{ status: string; error: { code: string } | null }> {
  await (await fetch(`${url}/v1/jobs/${id}/events`)).text();
  return (await fetch(`${url}/v1/jobs/${id}`)).json() as Promise<{ status: string; error: { code: string } | null }>;
}
