import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { annualReport } from "./make/annual-report.ts";
import { contract } from "./make/contract.ts";
import { deliveryNote } from "./make/delivery-note.ts";
import { germanLetter } from "./make/german-letter.ts";
import { hrLetter } from "./make/hr-letter.ts";
import { meetingNotes } from "./make/meeting-notes.ts";
import { memo } from "./make/memo.ts";
import { namesOf } from "./make/names.ts";
import { priceCsv, priceWorkbook } from "./make/price-list.ts";
import { productPage } from "./make/product-page.ts";
import { defaultCompany } from "./sample-documents.ts";

/**
 * Writes the sample documents of one invented company into a folder and returns their names. The same company gives the
 * same bytes on one machine; the chart and the scan depend on the fonts it has.
 */
export async function makeDocuments(folder: string, company: string = defaultCompany): Promise<string[]> {
  const names = namesOf(company);
  const files: Record<string, Buffer | string> = {
    "annual-report.pdf": await annualReport(names),
    "brief.txt": germanLetter(names),
    "contract.pdf": await contract(names),
    "hr-letter.eml": await hrLetter(names),
    "meeting-notes.md": meetingNotes(names),
    "memo.docx": await memo(names),
    "price-list.csv": priceCsv(names),
    "price-list.xlsx": priceWorkbook(names),
    "product.html": productPage(names),
    "scanned-delivery-note.png": await deliveryNote(names),
  };
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(`${folder}/${name}`, content);
  return Object.keys(files);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { company: { type: "string", default: defaultCompany }, help: { type: "boolean", default: false } } });
  if (values.help) process.stdout.write('node test/documents/make-documents.ts [FOLDER] [--company "Name"]\nWithout FOLDER the committed files are written again.\n');
  else {
    const folder = positionals[0] ?? fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "");
    for (const name of await makeDocuments(folder, values.company)) process.stdout.write(`${folder}/${name}\n`);
  }
}
