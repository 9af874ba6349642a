import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { freePort } from "./free-port.ts";
import { s3Jar } from "./server-cache.ts";
import { type ServerProcess, startProcess } from "./server-process.ts";

export interface S3Server extends ServerProcess {
  endpoint: string;
  port: number;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Exists from the start, empty. */
  bucket: string;
}

/** s3proxy over a folder: put, get, range, list, multipart, conditional writes, checksums; tagging, versioning and lifecycle answer 501. */
export async function startS3(): Promise<S3Server> {
  const [folder, port] = [await mkdtemp(join(tmpdir(), "sluice-s3-")), await freePort()];
  const access = { endpoint: `http://127.0.0.1:${port}`, region: "us-east-1", accessKeyId: `key-${randomBytes(6).toString("hex")}`, secretAccessKey: randomBytes(20).toString("hex") };
  await mkdir(join(folder, "data"));
  const properties = {
    "s3proxy.endpoint": access.endpoint,
    "s3proxy.authorization": "aws-v2-or-v4",
    "s3proxy.identity": access.accessKeyId,
    "s3proxy.credential": access.secretAccessKey,
    "jclouds.provider": "filesystem-nio2",
    "jclouds.filesystem.basedir": join(folder, "data"),
  };
  const file = join(folder, "s3proxy.properties");
  await writeFile(file, Object.entries(properties).map(([key, value]) => `${key}=${value}\n`).join(""), { mode: 0o600 });
  const client = new S3Client({ endpoint: access.endpoint, region: access.region, forcePathStyle: true, credentials: access, maxAttempts: 1 });
  const server = await startProcess({
    name: "s3proxy",
    command: "java",
    arguments: ["-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", s3Jar, "--properties", file],
    folder,
    probe: () => client.send(new ListBucketsCommand({})),
  });
  const bucket = "sluice";
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
  return Object.assign(server, { ...access, port, bucket });
}
