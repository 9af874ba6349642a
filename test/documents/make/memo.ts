import { Document, Header, HeadingLevel, Paragraph, Table, TableCell, TableRow, TextRun, WidthType } from "docx";
import type { Names } from "./names.ts";
import { docxBytes } from "./office.ts";

export const paragraph = (text: string): Paragraph => new Paragraph({ text, spacing: { after: 140 } });
export const heading = (text: string): Paragraph => new Paragraph({ text, heading: HeadingLevel.HEADING_2 });
export const bullets = (items: string[]): Paragraph[] => items.map((text) => new Paragraph({ text, bullet: { level: 0 } }));

export const table = (rows: string[][]): Table =>
  new Table({
    width: { size: 9000, type: WidthType.DXA },
    columnWidths: rows[0]!.map(() => Math.round(9000 / rows[0]!.length)),
    rows: rows.map((row, index) => new TableRow({ tableHeader: index === 0, children: row.map((cell) => new TableCell({ children: [new Paragraph({ children: [new TextRun({ text: cell, bold: index === 0 })] })] })) })),
  });

/** Internal: names and business contacts, nothing of a special category. */
export async function memo({ legal, company, domain }: Names): Promise<Buffer> {
  const children = [
    new Paragraph({ text: "Memo", heading: HeadingLevel.TITLE }),
    paragraph("Internal use only"),
    paragraph("From: Lynn Chester, quality engineer"),
    paragraph("To: Margarethe Voss, chief executive"),
    paragraph("Date: 22 March 2024"),
    paragraph("Subject: Failure of the pitch bearing"),
    heading("What happened"),
    paragraph("On 14 March 2024 the pitch bearing HB-220 failed on test rig 3 of the Cuxhaven plant. The HB-220 is made by Esbrand Bearings A/S in Esbjerg. Its brass cage had cracked. The cracked cage caused the bearing failure, and the bearing failure caused a leak of 60 litres of hydraulic oil."),
    heading("What we know"),
    paragraph("Deeside Materials Laboratory examined the cage in Chester. Its report DML-2024-031 found a casting flaw in the brass. The flaw was not visible from outside."),
    heading("What I propose"),
    ...bullets(["Replace the HB-220 by the ceramic hybrid bearing HB-240 in every Kittiwake 90.", "Fit a guard with an interlock to test rig 3, as ISO 14119 requires.", `Have ${company} test every new bearing by ultrasonic inspection.`]),
    paragraph(""),
    table([["Measure", "Owner", "Due"], ["Replace the bearings", "Jonas Reuter", "30 April 2024"], ["Fit the guard", "Anna Reuter", "12 April 2024"]]),
    paragraph(""),
    paragraph("The repair has cost EUR 310,000 so far. Production starts again on 2 April 2024."),
    paragraph(`Questions: Lynn Chester, lynn.chester@${domain}, +44 1632 960142.`),
  ];
  return docxBytes(new Document({
    creator: legal, title: "Memo: failure of the pitch bearing", lastModifiedBy: legal,
    sections: [{ headers: { default: new Header({ children: [new Paragraph("Internal use only")] }) }, children }],
  }));
}
