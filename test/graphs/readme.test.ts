import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { withGraphs } from "../../scripts/draw-graph.ts";

it("the README shows the graphs as they are built", async () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  expect(await withGraphs(readme), "run `npm run draw`").toBe(readme);
});
