import { join } from "node:path";
import { validate } from "@langchain/langgraph-checkpoint-validation";
import * as vitest from "vitest";
import { type Checkpoints, openCheckpoints } from "../../../src/stores/checkpoints/open-checkpoints.ts";
import { freshFolder } from "../folder.ts";

// LangGraph's own contract for savers; it takes the test functions from the global object.
Object.assign(globalThis, vitest);
const folder = freshFolder();
let files = 0;

validate<Checkpoints>({
  // Under this name the suite leaves out what LangGraph says its SQLite saver does not do: storing changed channels only.
  checkpointerName: "@langchain/langgraph-checkpoint-sqlite",
  createCheckpointer: () => openCheckpoints({ path: join(folder, `${++files}.db`) }),
  destroyCheckpointer: (checkpoints) => checkpoints.close(),
});
