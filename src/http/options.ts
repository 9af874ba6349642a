import { z } from "zod";

const megabyte = 1024 * 1024;

/** True for addresses that only this machine reaches. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || host === "[::1]" || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);

/** The configuration's `server` section. */
export const HttpOptions = z
  .strictObject({
    host: z.string().min(1).default("127.0.0.1"),
    port: z.number().int().min(0).max(65_535).default(8080),
    /** `none`: one person on one machine, every role and class. `keys`: API keys. */
    auth: z.enum(["none", "keys"]).default("none"),
    /** Further host names the server answers to: behind a proxy, or under a name of the network. */
    hosts: z.array(z.string().min(1)).default([]),
    /** Web origins, besides the server's own, whose pages may call it. */
    origins: z.array(z.url()).default([]),
    /** Bytes of one upload request, of one file in it, and of a JSON body. */
    bodyBytes: z.number().int().positive().default(1024 * megabyte),
    fileBytes: z.number().int().positive().default(512 * megabyte),
    jsonBytes: z.number().int().positive().default(megabyte),
    /** Files of one upload request. */
    files: z.number().int().positive().default(100),
    /** Requests a minute of one API key (without keys: of everybody), null for any number. */
    requestsPerMinute: z.number().int().positive().nullable().default(null),
    /** ms between comments on a quiet event stream, so that proxies keep it open. */
    heartbeatMs: z.number().int().positive().default(15_000),
  })
  .refine(({ host, auth }) => auth === "keys" || isLoopback(host), {
    path: ["auth"],
    message: "`none` is only allowed on a loopback address (127.0.0.1, ::1, localhost); set `server.auth: keys` and make a key with `sluice keys create`",
  });
export type HttpOptions = z.infer<typeof HttpOptions>;
