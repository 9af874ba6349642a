import type { Format } from "./parser.ts";

/** The formats, as data: `GET /v1/formats` shows this table. */
export const formats: Format[] = [
  { id: "txt", name: "Plain text", mediaType: "text/plain", extensions: ["txt", "text", "log"], parser: "text" },
  { id: "md", name: "Markdown", mediaType: "text/markdown", extensions: ["md", "markdown"], parser: "markdown" },
  { id: "html", name: "HTML", mediaType: "text/html", extensions: ["html", "htm", "xhtml"], parser: "html" },
  { id: "pdf", name: "PDF", mediaType: "application/pdf", extensions: ["pdf"], parser: "pdf" },
  { id: "docx", name: "Word", mediaType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", extensions: ["docx"], parser: "docx" },
  { id: "xlsx", name: "Excel", mediaType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", extensions: ["xlsx"], parser: "xlsx" },
  { id: "csv", name: "Comma-separated values", mediaType: "text/csv", extensions: ["csv"], parser: "csv" },
  { id: "tsv", name: "Tab-separated values", mediaType: "text/tab-separated-values", extensions: ["tsv", "tab"], parser: "csv" },
  { id: "json", name: "JSON", mediaType: "application/json", extensions: ["json"], parser: "json" },
  { id: "jsonl", name: "JSON lines", mediaType: "application/jsonl", extensions: ["jsonl", "ndjson"], parser: "json" },
  { id: "eml", name: "E-mail", mediaType: "message/rfc822", extensions: ["eml"], parser: "email" },
  { id: "png", name: "PNG picture", mediaType: "image/png", extensions: ["png"], parser: "picture" },
  { id: "jpeg", name: "JPEG picture", mediaType: "image/jpeg", extensions: ["jpg", "jpeg"], parser: "picture" },
  { id: "zip", name: "ZIP archive", mediaType: "application/zip", extensions: ["zip"], parser: "zip", archive: true },
  { id: "tar", name: "TAR archive", mediaType: "application/x-tar", extensions: ["tar"], parser: "tar", archive: true },
  { id: "gz", name: "GZIP archive", mediaType: "application/gzip", extensions: ["gz", "tgz"], parser: "gzip", archive: true },
];

export const formatById = (id: string): Format => formats.find((format) => format.id === id)!;
export const formatByExtension = (extension: string): Format | undefined => formats.find((format) => format.extensions.includes(extension.toLowerCase()));

/** Whether its entries are documents of their own; `mediaType` as `detect` gave it. */
export const isArchive = (mediaType: string): boolean => formats.some((format) => format.archive === true && format.mediaType === mediaType);
