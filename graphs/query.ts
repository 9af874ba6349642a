import { END, START, StateGraph } from "@langchain/langgraph";
import type { RunnableConfig } from "@langchain/core/runnables";
import { localPrincipal } from "../src/data/principal.ts";
import { randomId } from "../src/data/identity.ts";
import { QueryRequest } from "../src/data/query.ts";
import type { QueryContext } from "../src/steps/query-context.ts";
import { retrieve, type RetrieveParts } from "../src/steps/retrieve.ts";
import { understand, type UnderstandParts } from "../src/steps/understand.ts";
import { type AnswerParts, writeAnswer } from "../src/steps/write-answer.ts";
import { QueryState } from "./query.state.ts";

export interface QueryParts {
  understand: UnderstandParts;
  retrieve: RetrieveParts;
  answer: AnswerParts;
}

/** Who asks and who listens travels beside the state; a run started by hand in Studio asks as the machine's own user. */
function contextOf(config: RunnableConfig): QueryContext {
  const given = config.configurable?.query as QueryContext | undefined;
  return given ?? { principal: localPrincipal, requestId: randomId(), signal: config.signal ?? new AbortController().signal, onEvent: () => undefined };
}

const requestOf = (state: QueryState): QueryRequest => QueryRequest.parse({ ...state.request, question: state.question });

/** understand → retrieve → writeAnswer */
export function buildQueryGraph(parts: QueryParts) {
  return new StateGraph(QueryState)
    .addNode("understand", async (state, config) => ({ understood: await understand(requestOf(state), contextOf(config), parts.understand) }))
    .addNode("retrieve", async (state, config) => {
      const context = contextOf(config);
      const retrieved = await retrieve(requestOf(state), state.understood!, context, parts.retrieve);
      context.onEvent({ type: "passages", passages: retrieved.passages });
      return { retrieved };
    })
    .addNode("writeAnswer", async (state, config) => {
      const { passages, entities, relations, warnings } = state.retrieved!;
      const written = await writeAnswer(requestOf(state), passages, state.understood!, contextOf(config), parts.answer);
      return { answer: { ...written, passages, entities, relations, warnings: [...warnings, ...written.warnings] } };
    })
    .addEdge(START, "understand")
    .addEdge("understand", "retrieve")
    .addEdge("retrieve", "writeAnswer")
    .addEdge("writeAnswer", END)
    .compile({ name: "query" });
}
