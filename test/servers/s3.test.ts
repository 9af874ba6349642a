import { CreateBucketCommand, GetObjectCommand, GetObjectTaggingCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type S3Server, startS3 } from "./s3.ts";
import { whyMissing } from "./server-cache.ts";

const missing = whyMissing("s3");

describe.skipIf(missing)(`a real S3 service${missing ? ` (${missing})` : ""}`, () => {
  let server: S3Server;
  const clients: S3Client[] = [];
  const connect = (secretAccessKey = server.secretAccessKey): S3Client => {
    const client = new S3Client({ endpoint: server.endpoint, region: server.region, forcePathStyle: true, maxAttempts: 1, credentials: { accessKeyId: server.accessKeyId, secretAccessKey } });
    clients.push(client);
    return client;
  };
  beforeAll(async () => {
    server = await startS3();
  });
  afterAll(async () => {
    for (const client of clients) client.destroy();
    await server?.stop();
  });

  test("keeps objects when it is killed; ranges, listing and conditions work", async () => {
    const client = connect();
    await client.send(new CreateBucketCommand({ Bucket: "kept" }));
    const put = { Bucket: "kept", Key: "a/b", Body: "0123456789", IfNoneMatch: "*" };
    await client.send(new PutObjectCommand(put));
    await expect(client.send(new PutObjectCommand(put))).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
    await server.kill("SIGKILL");
    await server.restart();
    const { Body } = await client.send(new GetObjectCommand({ Bucket: "kept", Key: "a/b", Range: "bytes=2-4" }));
    expect(await Body!.transformToString()).toBe("234");
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: "kept", Prefix: "a/" }));
    expect(Contents!.map(({ Key, Size }) => [Key, Size])).toEqual([["a/b", 10]]);
  });

  test("refuses a wrong secret with 403 and does not pretend to have tags", async () => {
    await expect(connect("wrong").send(new GetObjectCommand({ Bucket: server.bucket, Key: "a" }))).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    await connect().send(new PutObjectCommand({ Bucket: server.bucket, Key: "a", Body: "text" }));
    await expect(connect().send(new GetObjectTaggingCommand({ Bucket: server.bucket, Key: "a" }))).rejects.toMatchObject({ $metadata: { httpStatusCode: 501 } });
  });
});
