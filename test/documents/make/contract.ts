import type { Names } from "./names.ts";
import { openPdf } from "./pdf.ts";

/** Strictly confidential; the parties are companies, and nobody is named. */
export async function contract({ legal, blades }: Names): Promise<Buffer> {
  const pdf = openPdf({ title: "Supply Agreement", author: legal, header: "STRICTLY CONFIDENTIAL" });
  pdf.title("Supply Agreement", "of 12 September 2022");
  pdf.paragraph(`between ${legal}, Port Selwick (the "Buyer") and Esbrand Bearings A/S, Esbjerg, Denmark (the "Supplier").`);
  pdf.heading("1. Subject");
  pdf.paragraph("The Supplier delivers pitch bearings of the models HB-220 and HB-240. They are parts of the Buyer's Kittiwake 90 turbines.");
  pdf.heading("2. Place of delivery");
  pdf.paragraph(`Bearings are delivered to the plant of ${blades} in Cuxhaven.`);
  pdf.heading("3. Prices");
  pdf.paragraph("The HB-220 costs EUR 3,900 per piece. The HB-240 costs EUR 5,460 per piece. Invoices are due within 30 days.");
  pdf.heading("4. Quality");
  pdf.paragraph("The rating life of every bearing must comply with ISO 281. The Supplier keeps its test records for ten years.");
  pdf.newPage();
  pdf.heading("5. Liability");
  pdf.paragraph("The Supplier replaces a faulty bearing at its own cost within 60 days. The liability of Esbrand Bearings A/S is limited to EUR 1.2 million in each calendar year.");
  pdf.heading("6. Confidentiality");
  pdf.paragraph("Both parties keep the content of this Supply Agreement secret. It is strictly confidential and must not be shown to third parties.");
  pdf.heading("7. Term");
  pdf.paragraph("The Supply Agreement ends on 31 December 2027. Either party may end it earlier with a notice of six months.");
  pdf.heading("8. Law");
  pdf.paragraph("The law of Denmark applies.");
  pdf.paragraph("Signed for the Buyer by its chief executive and for the Supplier by its sales director.");
  return pdf.bytes();
}
