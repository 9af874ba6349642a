import sharp from "sharp";
import type { Names } from "./names.ts";

/** A4 at 200 dots an inch. */
const width = 1654;
const height = 2339;

/** A page from a scanner: no text layer, slightly grey, slightly turned, slightly soft. */
export async function deliveryNote({ blades }: Names): Promise<Buffer> {
  const lines: [x: number, y: number, size: number, text: string, bold?: boolean][] = [
    [160, 240, 58, "DELIVERY NOTE No. 7731", true],
    [160, 350, 36, "Esbrand Bearings A/S"],
    [160, 405, 36, "Esbjerg, Denmark"],
    [160, 530, 36, "Deliver to:", true],
    [160, 590, 36, blades],
    [160, 645, 36, "Cuxhaven, Germany"],
    [1000, 530, 36, "Date:", true],
    [1000, 590, 36, "6 May 2024"],
    [160, 820, 36, "Pos.", true],
    [320, 820, 36, "Article", true],
    [1160, 820, 36, "Quantity", true],
    [160, 900, 36, "1"],
    [320, 900, 36, "Pitch bearing HB-240"],
    [1160, 900, 36, "24 pieces"],
    [160, 970, 36, "2"],
    [320, 970, 36, "Bearing grease Arcolub 3"],
    [1160, 970, 36, "12 kg"],
    [160, 1140, 36, "Replacement for the HB-220, free of charge,"],
    [160, 1195, 36, "under the Supply Agreement of 12 September 2022."],
    [160, 1330, 36, "Carrier: Hanse Kontor Spedition GmbH"],
    [160, 1500, 36, "Received in good order by: Anna Reuter"],
  ];
  const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const texts = lines.map(([x, y, size, text, bold]) => `<text x="${x}" y="${y}" font-size="${size}"${bold ? ' font-weight="bold"' : ""}>${escape(text)}</text>`).join("");
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="DejaVu Sans, Arial, sans-serif" fill="#26282b">
    <rect width="${width}" height="${height}" fill="#eceae6"/>
    <g transform="rotate(0.35 ${width / 2} ${height / 2})">
      <line x1="160" y1="845" x2="1480" y2="845" stroke="#55585c" stroke-width="3"/><line x1="160" y1="1005" x2="1480" y2="1005" stroke="#55585c" stroke-width="3"/>
      ${texts}
    </g></svg>`;
  return sharp(Buffer.from(svg)).greyscale().blur(0.6).withMetadata({ density: 200 }).png({ compressionLevel: 9, palette: true, colours: 32, dither: 0 }).toBuffer();
}
