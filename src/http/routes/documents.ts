import { Readable } from "node:stream";
import { createRoute, z, type OpenAPIHono } from "@hono/zod-openapi";
import { Class } from "../../data/classification.ts";
import { DocumentStatus } from "../../data/document.ts";
import { answers, ChunkView, DocumentView, IdParams, inCollection, JobView, page, paging } from "../schemas.ts";
import { found, principalWith, type Edge, type Env } from "../request-context.ts";

const tags = ["documents"];
const binary = (description: string, mediaType: string) => ({ 200: { description, content: { [mediaType]: { schema: { type: "string" as const, format: "binary" } } } } });

export function documentRoutes(app: OpenAPIHono<Env>, { services: { documents } }: Edge): void {
  const filters = z.object({ ...inCollection, ...paging, class: Class.optional(), status: DocumentStatus.optional(), name: z.string().min(1).max(255).optional(), parentId: z.string().min(1).max(64).optional().describe("What is attached to a document, or lies in an archive") });
  const list = createRoute({ method: "get", path: "/v1/documents", tags, summary: "List documents", request: { query: filters }, responses: answers(200, page(DocumentView), "A page of documents") });
  app.openapi(list, async (c) => {
    const { items, next } = await documents.list(principalWith(c, "reader"), { ...c.req.valid("query"), cursor: c.req.valid("query").cursor ?? null });
    return c.json({ items: items.map((each) => DocumentView.parse(each)), next }, 200);
  });

  const get = createRoute({ method: "get", path: "/v1/documents/{id}", tags, summary: "One document", request: { params: IdParams }, responses: answers(200, DocumentView, "The document") });
  app.openapi(get, async (c) => {
    const document = await documents.get(principalWith(c, "reader"), c.req.valid("param").id);
    return c.json(DocumentView.parse(found(document, "document")), 200);
  });

  const erase = createRoute({ method: "delete", path: "/v1/documents/{id}", tags, summary: "Erase a document and all that was derived from it", request: { params: IdParams }, responses: answers(202, JobView, "The erase job") });
  app.openapi(erase, async (c) => {
    const job = await documents.erase(principalWith(c, "writer"), c.req.valid("param").id);
    return c.json(JobView.parse(found(job, "document")), 202);
  });

  const reprocess = createRoute({ method: "post", path: "/v1/documents/{id}/reprocess", tags, summary: "Work a document again", request: { params: IdParams }, responses: answers(202, JobView, "The new job") });
  app.openapi(reprocess, async (c) => {
    const job = await documents.reprocess(principalWith(c, "writer"), c.req.valid("param").id);
    return c.json(JobView.parse(found(job, "document")), 202);
  });

  const chunks = createRoute({ method: "get", path: "/v1/documents/{id}/chunks", tags, summary: "A document's chunks in order", request: { params: IdParams, query: z.object(paging) }, responses: answers(200, page(ChunkView), "A page of chunks") });
  app.openapi(chunks, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const { items, next } = found(await documents.chunks(principalWith(c, "reader"), c.req.valid("param").id, { limit, cursor: cursor ?? null }), "document");
    return c.json({ items: items.map((each) => ChunkView.parse(each)), next }, 200);
  });

  const file = createRoute({ method: "get", path: "/v1/documents/{id}/file", tags, summary: "The original", request: { params: IdParams }, responses: binary("The bytes as they were uploaded", "application/octet-stream") });
  app.openapi(file, async (c) => {
    const original = found(await documents.file(principalWith(c, "reader"), c.req.valid("param").id), "document");
    // The bytes are a stranger's: never shown in place, and without rights should a browser show them all the same.
    return new Response(Readable.toWeb(original.stream) as ReadableStream, {
      headers: {
        "Content-Type": original.mediaType,
        "Content-Length": String(original.bytes),
        "Content-Disposition": attachment(original.name),
        "Content-Security-Policy": "default-src 'none'; sandbox",
      },
    });
  });

  const pageParams = IdParams.extend({ n: z.coerce.number().int().min(1).max(1_000_000) });
  const picture = createRoute({ method: "get", path: "/v1/documents/{id}/pages/{n}", tags, summary: "A page as PNG", request: { params: pageParams }, responses: binary("The page", "image/png") });
  app.openapi(picture, async (c) => {
    const { id, n } = c.req.valid("param");
    const png = found(await documents.page(principalWith(c, "reader"), id, n, c.req.raw.signal), "page");
    return new Response(png as Uint8Array<ArrayBuffer>, { headers: { "Content-Type": "image/png", "Content-Security-Policy": "default-src 'none'; sandbox" } });
  });
}

/** RFC 6266: an ASCII stand-in and the real name. */
function attachment(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const encoded = encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
