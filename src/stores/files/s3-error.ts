import { SluiceError } from "../../errors.ts";

interface ServiceError {
  name?: string;
  $metadata?: { httpStatusCode?: number };
}

/** How the services say that there is no room: MinIO, Ceph and others; Amazon never does. */
const full = /^(XMinioStorageFull|XMinioAdminBucketQuotaExceeded|QuotaExceeded|StorageFull|InsufficientStorage|NoSpaceLeft)/;

/** What an answer of the service means, and which key of the configuration mends it; its own words stay in the cause. */
export function toS3Error(error: unknown, documentId: string): SluiceError {
  if (error instanceof SluiceError) return error;
  const { name = "unknown", $metadata } = (error ?? {}) as ServiceError;
  const status = $metadata?.httpStatusCode;
  const on = `[files] document ${documentId}`;
  if (isAbsent(error)) return new SluiceError("not_found", `${on}: the file is not there; it may have been erased`, { cause: error });
  if (name === "NoSuchBucket") return new SluiceError("config", "stores.files.bucket: the service has no such bucket; make it or correct the name", { cause: error });
  if (status === 507 || full.test(name)) return new SluiceError("store", `${on}: the file service (stores.files.endpoint) is full; nothing of this file was kept, make room and try again`, { retryable: true, cause: error });
  if (status === 401 || status === 403) return new SluiceError("config", `stores.files.secretAccessKey: the service refused the key (${name}); check accessKeyId, secretAccessKey and the rights on the bucket`, { cause: error });
  if (status !== undefined && status < 500 && status !== 408 && status !== 409 && status !== 429) return new SluiceError("store", `${on}: the file service refused the request (${status} ${name})`, { cause: error });
  return new SluiceError("store", `${on}: the file service (stores.files.endpoint) did not answer (${name}); nothing of this write is counted on`, { retryable: true, cause: error });
}

export const isAbsent = (error: unknown): boolean => {
  const { name } = (error ?? {}) as ServiceError;
  return name === "NoSuchKey" || name === "NotFound";
};
