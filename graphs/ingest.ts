import { type BaseCheckpointSaver, END, START, StateGraph } from "@langchain/langgraph";
import { chunk, type ChunkParts } from "../src/steps/chunk.ts";
import { classify, type ClassifyParts } from "../src/steps/classify.ts";
import { embed, type EmbedParts } from "../src/steps/embed.ts";
import type { ExtractParts } from "../src/steps/extract-parts.ts";
import { parse, type ParseParts } from "../src/steps/parse.ts";
import type { StoreParts } from "../src/steps/store.ts";
import { storeAndJoin } from "../src/steps/store-and-join.ts";
import { describePictures, type VisionParts } from "../src/steps/vision.ts";
import { buildExtractGraph } from "./extract.ts";
import { IngestState } from "./ingest.state.ts";
import { accounted, type OpenRun } from "./run.ts";

export interface IngestParts {
  openRun: OpenRun;
  parse: ParseParts;
  classify: ClassifyParts;
  chunk: ChunkParts;
  embed: EmbedParts;
  extract: ExtractParts;
  vision: VisionParts;
  store: StoreParts;
}

/** A picture that said something new sends its text through the gate and all that follows. */
const afterVision = (state: IngestState) => (state.news ? "classify" : "store");

/**
 * parse → classify → chunk → embed → extract → vision → store, and once more from classify for what pictures said.
 * Every node works on what is not done yet, so that a second round or a resumed run repeats nothing.
 */
export function buildIngestGraph(parts: IngestParts, checkpointer?: BaseCheckpointSaver) {
  const { openRun } = parts;
  return new StateGraph(IngestState)
    .addNode("parse", async (state, config) => accounted("parse", state, await parse(state.documents, openRun(state, config.signal), parts.parse)))
    .addNode("classify", async (state, config) => accounted("classify", state, await classify(state.documents, openRun(state, config.signal), parts.classify)))
    .addNode("chunk", async (state, config) => chunk(state.documents, openRun(state, config.signal), parts.chunk))
    .addNode("embed", async (state, config) => accounted("embed", state, await embed(state.documents, openRun(state, config.signal), parts.embed)))
    .addNode("extract", buildExtractGraph({ ...parts.extract, openRun }))
    .addNode("vision", async (state, config) => {
      if (state.round > 0) return { news: false };
      const { news, account } = await describePictures(state.documents, openRun(state, config.signal), parts.vision);
      return accounted("vision", state, { news, round: 1, account });
    })
    .addNode("store", async (state, config) => accounted("store", state, await storeAndJoin(state.documents, state.accounts, openRun(state, config.signal), parts)))
    .addEdge(START, "parse")
    .addEdge("parse", "classify")
    .addEdge("classify", "chunk")
    .addEdge("chunk", "embed")
    .addEdge("embed", "extract")
    .addEdge("extract", "vision")
    .addConditionalEdges("vision", afterVision, ["classify", "store"])
    .addEdge("store", END)
    .compile({ checkpointer, name: "ingest" });
}
