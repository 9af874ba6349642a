import PDFDocument from "pdfkit";
import { fixedDate } from "./names.ts";

export interface Pdf {
  title(text: string, below?: string): void;
  heading(text: string): void;
  paragraph(text: string): void;
  list(items: string[]): void;
  table(rows: string[][], widths: number[]): void;
  picture(png: Buffer, width: number, caption: string): void;
  newPage(): void;
  bytes(): Promise<Buffer>;
}

const margin = 64;

/** A4 pages with running header and page numbers; nothing in it depends on the clock. */
export function openPdf(options: { title: string; author: string; header: string }): Pdf {
  const pdf = new PDFDocument({ size: "A4", margin, bufferPages: true, lang: "en", info: { Title: options.title, Author: options.author, CreationDate: fixedDate, ModDate: fixedDate } });
  const chunks: Buffer[] = [];
  pdf.on("data", (chunk: Buffer) => chunks.push(chunk));
  const width = pdf.page.width - 2 * margin;
  pdf.y = margin + 24;
  const start = (font: string, size: number) => pdf.font(font).fontSize(size).fillColor("#1b2733");
  return {
    title(text, below) {
      start("Helvetica-Bold", 24).text(text, margin);
      if (below) start("Helvetica", 13).moveDown(0.3).text(below);
      pdf.moveDown(1);
    },
    heading(text) {
      start("Helvetica-Bold", 15).moveDown(0.6).text(text, margin).moveDown(0.3);
    },
    paragraph(text) {
      start("Helvetica", 11).text(text, margin, pdf.y, { width, lineGap: 2 }).moveDown(0.6);
    },
    list(items) {
      start("Helvetica", 11).list(items, margin + 6, pdf.y, { bulletRadius: 2, textIndent: 12, lineGap: 2 }).moveDown(0.6);
    },
    table(rows, widths) {
      for (const [index, row] of rows.entries()) {
        const top = pdf.y;
        let left = margin;
        for (const [column, cell] of row.entries()) {
          start(index === 0 ? "Helvetica-Bold" : "Helvetica", 10.5).text(cell, left + 4, top + 5, { width: widths[column]! - 8, align: column === 0 ? "left" : "right", lineBreak: false });
          pdf.rect(left, top, widths[column]!, 20).lineWidth(0.6).stroke("#7a8a99");
          left += widths[column]!;
        }
        pdf.x = margin;
        pdf.y = top + 20;
      }
      pdf.moveDown(1);
    },
    picture(png, shown, caption) {
      pdf.x = margin;
      pdf.image(png, { width: shown });
      pdf.moveDown(0.4);
      start("Helvetica-Oblique", 10).text(caption, margin).moveDown(0.8);
    },
    newPage() {
      pdf.addPage();
      pdf.y = margin + 24;
    },
    async bytes() {
      const { count } = pdf.bufferedPageRange();
      for (let page = 0; page < count; page++) {
        pdf.switchToPage(page);
        pdf.page.margins.bottom = 0;
        start("Helvetica", 9).fillColor("#5a6a79");
        pdf.text(options.header, margin, 36, { width, lineBreak: false });
        pdf.text(`Page ${page + 1} of ${count}`, margin, pdf.page.height - 44, { width, align: "right", lineBreak: false });
      }
      const done = new Promise<void>((resolve) => pdf.on("end", resolve));
      pdf.end();
      await done;
      return Buffer.concat(chunks);
    },
  };
}
