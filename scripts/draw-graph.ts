import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildIngestGraph } from "../graphs/ingest.ts";
import { buildQueryGraph } from "../graphs/query.ts";

const readme = fileURLToPath(new URL("../README.md", import.meta.url));

/** Both graphs as they are built, in Mermaid. Nothing is run, so that the parts may be missing. */
export async function drawGraphs(): Promise<string> {
  const parts = { extract: {} } as never;
  const ingest = await buildIngestGraph(parts).getGraphAsync({ xray: true });
  const query = await buildQueryGraph(parts).getGraphAsync();
  const draw = (graph: typeof ingest) => `\`\`\`mermaid\n${graph.drawMermaid({ withStyles: false }).trim()}\n\`\`\``;
  return `${draw(ingest)}\n\n${draw(query)}`;
}

export const marks = ["<!-- graphs: npm run draw -->", "<!-- /graphs -->"] as const;

/** The README with the pictures between its marks brought up to date. */
export async function withGraphs(text: string): Promise<string> {
  const [from, to] = [text.indexOf(marks[0]), text.indexOf(marks[1])];
  if (from < 0 || to < from) throw new Error(`README.md has no place for the graphs: ${marks.join(" … ")}`);
  return `${text.slice(0, from)}${marks[0]}\n\n${await drawGraphs()}\n\n${text.slice(to)}`;
}

if (import.meta.main) writeFileSync(readme, await withGraphs(readFileSync(readme, "utf8")));
