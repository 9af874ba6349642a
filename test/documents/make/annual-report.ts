import sharp from "sharp";
import type { Names } from "./names.ts";
import { openPdf } from "./pdf.ts";

/** Public: it names the company, products, places and figures, and no person. */
export async function annualReport({ legal, short, blades, services }: Names): Promise<Buffer> {
  const pdf = openPdf({ title: "Annual Report 2024", author: legal, header: `${legal} – Annual Report 2024` });
  pdf.title("Annual Report 2024", legal);
  pdf.heading("At a glance");
  pdf.paragraph(`${legal} ("${short}") builds turbines that make electricity from tidal currents. The company was founded in 2009 and is based in Port Selwick, Cornwall. At the end of 2024 it had 412 employees.`);
  pdf.paragraph(`${short} makes two products: the Kittiwake 90, a turbine of 900 kW, and the smaller Petrel 40, a turbine of 400 kW.`);
  pdf.heading("The group");
  pdf.paragraph(`${legal} owns two subsidiaries. ${blades} makes the rotor blades of all turbines and is based in Cuxhaven, Germany. ${services} maintains turbines at sea. It is based in Stromness, Orkney, and operates the service vessel MV Kittiwake.`);
  pdf.newPage();
  pdf.heading("Figures for two years");
  pdf.table(
    [
      ["EUR million, unless stated", "2023", "2024"],
      ["Revenue", "41.8", "48.6"],
      ["Operating profit", "3.9", "2.7"],
      ["Research and development", "4.4", "5.1"],
      ["Order backlog", "96.0", "118.5"],
      ["Turbines delivered (units)", "14", "17"],
      ["Employees at year end", "387", "412"],
    ],
    [240, 90, 90],
  );
  pdf.paragraph(`In 2024 the revenue of ${legal} rose by 16 percent to EUR 48.6 million. Operating profit fell to EUR 2.7 million, because the Cuxhaven stoppage cost EUR 1.6 million.`);
  pdf.heading("Orders");
  pdf.picture(await ordersChart(), 400, "Figure 1: Turbines ordered in 2024, by region.");
  pdf.newPage();
  pdf.heading("The Pentland Array");
  pdf.paragraph(`In June 2024 ${short} delivered eight Kittiwake 90 turbines to the Pentland Array, a tidal farm in the Pentland Firth. The Pentland Array is operated by Northern Straits Energy plc (NSE). Together the turbines have 7.2 MW.`);
  pdf.heading("The Cuxhaven stoppage");
  pdf.paragraph("On 14 March 2024 a pitch bearing seized on a test rig in Cuxhaven, and hydraulic oil leaked. The bearing failure caused the Cuxhaven stoppage, which lasted 19 days. Since then the Kittiwake 90 uses ceramic hybrid bearings.");
  pdf.heading("Suppliers and standards");
  pdf.paragraph("Lunara Composites B.V. of Rotterdam supplies the carbon fibre for the blades. The Kittiwake 90 is certified to IEC 62600-2. From 2027 the test rigs must comply with the Machinery Regulation (EU) 2023/1230.");
  pdf.newPage();
  pdf.heading("Outlook");
  pdf.paragraph(`For 2025 ${short} expects revenue of EUR 55 million. A third model, the Gannet 150, is to follow the Kittiwake 90 in 2026. ${short} develops the Gannet 150 together with Deeside Materials Laboratory.`);
  pdf.paragraph("The order backlog of EUR 118.5 million covers more than two years of work.");
  return pdf.bytes();
}

const orders: [region: string, turbines: number][] = [["Scotland", 18], ["Normandy", 11], ["Faroe Islands", 7]];

/** The numbers of the chart stand nowhere in the text: only reading the picture finds them. */
async function ordersChart(): Promise<Buffer> {
  const colours = ["#1f77b4", "#2ca02c", "#ff7f0e"];
  const bars = orders.map(([region, turbines], index) => {
    const top = 130 + index * 170;
    return `<text x="40" y="${top + 75}" font-size="42">${region}</text>
      <rect x="390" y="${top}" width="${turbines * 26}" height="120" fill="${colours[index]}"/>
      <text x="${410 + turbines * 26}" y="${top + 75}" font-size="42">${turbines} units</text>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1080" height="660" font-family="DejaVu Sans, Arial, sans-serif" fill="#1b2733">
    <rect width="1080" height="660" fill="#ffffff"/>
    <text x="40" y="70" font-size="46" font-weight="bold">Turbines ordered in 2024</text>
    <line x1="388" y1="110" x2="388" y2="620" stroke="#1b2733" stroke-width="4"/>${bars.join("")}</svg>`;
  return sharp(Buffer.from(svg)).png({ compressionLevel: 9, palette: false }).toBuffer();
}
