import { createHash, randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { beforeAll, expect, test } from "vitest";
import { hashId, randomId } from "../../../src/data/identity.ts";
import { openS3FileStore } from "../../../src/stores/files/open-s3-file-store.ts";
import { S3FileStoreOptions } from "../../../src/stores/files/s3-options.ts";
import { fileStoreContract } from "../../contracts/file-store.contract.ts";
import { describeOn, ownName } from "../../servers/real-servers.ts";
import { freshFolder } from "../folder.ts";

describeOn("s3", "with an S3 service", (server) => {
  const bucket = ownName();
  beforeAll(async () => {
    const { region, endpoint, ...credentials } = server;
    await new S3Client({ region, endpoint, credentials, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: bucket }));
  });
  const open = (changes: Partial<S3FileStoreOptions> = {}) => {
    const options = S3FileStoreOptions.parse({ driver: "s3", ...server, bucket, prefix: `${randomId()}/`, ...changes });
    return openS3FileStore(options, { temporary: join(freshFolder(), "temporary") });
  };

  fileStoreContract("S3", open);
  const id = hashId("document", "large");

  test("a file of several parts comes back byte for byte, and its local copy is read once", async () => {
    const files = await open();
    const path = await files.temporary();
    const hash = createHash("sha256");
    await pipeline(Readable.from(parts(hash)), createWriteStream(path));
    await files.adopt(id, "original-1", path);
    const copy = await files.localPath(id, "original-1");
    expect(createHash("sha256").update(await readFile(copy)).digest("hex")).toBe(hash.digest("hex"));
    expect((await stat(copy)).mode & 0o777).toBe(0o600);
    expect(await files.localPath(id, "original-1")).toBe(copy);
    await files.removeAll(id);
    await expect(stat(copy)).rejects.toMatchObject({ code: "ENOENT" });
    await files.close();
  });

  test("more than a thousand files are listed and removed", { timeout: 60_000 }, async () => {
    const files = await open();
    for (let from = 0; from < 1040; from += 40) await Promise.all(Array.from({ length: 40 }, (_, at) => files.put(id, `picture-${from + at}.png`, "x")));
    expect(await files.list(id)).toHaveLength(1040);
    await files.removeAll(id);
    expect(await files.list(id)).toEqual([]);
    await files.close();
  });

  test("a wrong secret and a missing bucket name their keys", async () => {
    await expect(open({ secretAccessKey: "wrong" })).rejects.toMatchObject({ code: "config", message: expect.stringContaining("stores.files.secretAccessKey") });
    await expect(open({ bucket: "absent" })).rejects.toMatchObject({ code: "config", message: expect.stringContaining("stores.files.bucket") });
    await expect(open({ endpoint: "http://127.0.0.1:9" })).rejects.toMatchObject({ code: "store", retryable: true, message: expect.stringContaining("stores.files.endpoint") });
  });
});

/** 20 MB in pieces of 1 MB: more than one part of a multipart upload. */
function* parts(hash: { update(bytes: Buffer): unknown }): Iterable<Buffer> {
  for (let count = 0; count < 20; count++) {
    const bytes = randomBytes(1_000_000);
    hash.update(bytes);
    yield bytes;
  }
}
