import { fileURLToPath } from "node:url";

/** The invented company of the committed files. */
export const defaultCompany = "Corvane Tidal";

/** Names of the sample documents in this folder; everything else here is about them. */
export const sampleDocuments = [
  "annual-report.pdf",
  "brief.txt",
  "contract.pdf",
  "hr-letter.eml",
  "meeting-notes.md",
  "memo.docx",
  "price-list.csv",
  "price-list.xlsx",
  "product.html",
  "scanned-delivery-note.png",
] as const;
export type SampleDocument = (typeof sampleDocuments)[number];

export const documentPath = (name: SampleDocument): string => fileURLToPath(new URL(name, import.meta.url));
