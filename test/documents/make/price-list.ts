import * as XLSX from "@e965/xlsx";
import { fixedDate, type Names } from "./names.ts";
import { fixDates } from "./office.ts";

const spareParts = ({ blades, services }: Names): (string | number)[][] => [
  ["Part no.", "Part", "Fits", "Maker", "Price (EUR)"],
  ["SP-101", "Rotor blade RB-9", "Kittiwake 90", blades, 148000],
  ["SP-102", "Pitch bearing HB-240", "Kittiwake 90", "Esbrand Bearings A/S", 6400],
  ["SP-103", "Rotor blade RB-6", "Petrel 40", blades, 91000],
  ["SP-104", "Seal kit SK-4", "Petrel 40", services, 890],
  ["SP-105", "Gearbox oil Arcolub 7", "Kittiwake 90", "Arcol Lubricants Ltd", 1250],
];

/** Public: turbines and spare parts on two sheets. */
export function priceWorkbook(names: Names): Buffer {
  const book = XLSX.utils.book_new();
  book.Props = { Title: "Price list 2025", Author: names.legal, CreatedDate: fixedDate };
  const turbines = [
    [`Price list 2025 of ${names.legal}`],
    ["Valid from 1 January 2025. Prices in EUR without tax."],
    [],
    ["Product", "Rated power (kW)", "Price (EUR)", "Delivery (weeks)"],
    ["Kittiwake 90", 900, 2150000, 40],
    ["Petrel 40", 400, 1180000, 32],
  ];
  XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet(turbines), "Turbines");
  XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet(spareParts(names)), "Spare parts");
  return fixDates(XLSX.write(book, { type: "buffer", bookType: "xlsx", compression: true }) as Buffer);
}

/** Public: the spare parts alone, as a shop exports them. */
export const priceCsv = (names: Names): string => spareParts(names).map((row) => row.map((cell) => (/[",;]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : cell)).join(",")).join("\r\n") + "\r\n";
