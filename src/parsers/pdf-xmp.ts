import { load } from "cheerio";
import type { Draft } from "./draft.ts";

const longestPacket = 1_000_000;

/**
 * The metadata packet of a PDF (XMP, ISO 16684-1): every property, written as element or attribute, under its name without
 * prefix. Labelling tools write their labels there alone.
 */
export function addXmp(draft: Draft, packet: unknown): void {
  if (typeof packet !== "string" || packet.length > longestPacket) return;
  const $ = load(packet, { xml: true });
  // A structure's fields may be attributes of the property or of its items.
  for (const element of $(String.raw`rdf\:Description, rdf\:Description *`).toArray()) {
    for (const [name, value] of Object.entries($(element).attr() ?? {})) if (!/^(xmlns|rdf|xml)\b/.test(name)) add(draft, name, value);
  }
  for (const property of $(String.raw`rdf\:Description > *`).toArray()) {
    const items = $(property).find(String.raw`rdf\:li`).toArray();
    const texts = items.length > 0 ? items.map((item) => $(item).text().trim()) : [$(property).text().trim()];
    if ("name" in property) add(draft, property.name, texts.filter((text) => text !== "").join(", "));
  }
}

/** What the document's own properties say already is not said twice; another value stands on a line of its own. */
function add(draft: Draft, qualified: string, value: string): void {
  const name = qualified.replace(/^.*:/, "");
  const key = Object.keys(draft.metadata).find((each) => each.toLowerCase() === name.toLowerCase()) ?? name;
  const known = draft.metadata[key]?.split("\n") ?? [];
  if (value !== "" && !known.includes(value)) draft.metadata[key] = [...known, value].join("\n");
}
