import { END, START, StateGraph } from "@langchain/langgraph";
import { deduplicate } from "../src/steps/deduplicate.ts";
import { extractEntities } from "../src/steps/extract-entities.ts";
import type { ExtractParts } from "../src/steps/extract-parts.ts";
import { extractRelations } from "../src/steps/extract-relations.ts";
import { ExtractState } from "./extract.state.ts";
import { accounted, type OpenRun } from "./run.ts";

/** extractEntities → deduplicate → extractRelations */
export function buildExtractGraph(parts: ExtractParts & { openRun: OpenRun }) {
  const { openRun } = parts;
  return new StateGraph(ExtractState)
    .addNode("extractEntities", async (state, config) => accounted("extractEntities", state, await extractEntities(state.documents, openRun(state, config.signal), parts)))
    .addNode("deduplicate", async (state, config) => accounted("deduplicate", state, await deduplicate(state.documents, openRun(state, config.signal), parts)))
    .addNode("extractRelations", async (state, config) => accounted("extractRelations", state, await extractRelations(state.documents, openRun(state, config.signal), parts)))
    .addEdge(START, "extractEntities")
    .addEdge("extractEntities", "deduplicate")
    .addEdge("deduplicate", "extractRelations")
    .addEdge("extractRelations", END)
    .compile();
}
