import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { Annotation, END, START, StateGraph } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { openCheckpoints } from "../../../src/stores/checkpoints/open-checkpoints.ts";
import { freshFolder } from "../folder.ts";

const State = Annotation.Root({ words: Annotation<string[]>({ reducer: (a, b) => [...a, ...b], default: () => [] }) });
const config = (thread: string) => ({ configurable: { thread_id: thread }, durability: "sync" as const });

test("a run continues in another opening of the file", async () => {
  const path = join(freshFolder(), "checkpoints.db");
  const first = await openCheckpoints({ path });
  const graph = (checkpointer: typeof first) =>
    new StateGraph(State).addNode("speak", () => ({ words: ["spoken"] })).addEdge(START, "speak").addEdge("speak", END).compile({ checkpointer });
  await graph(first).invoke({ words: ["hello"] }, config("one"));
  await first.close();
  const second = await openCheckpoints({ path });
  expect((await graph(second).getState(config("one"))).values).toEqual({ words: ["hello", "spoken"] });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await second.close();
});

test("a deleted thread is in none of the file's bytes, and others stay", async () => {
  const path = join(freshFolder(), "checkpoints.db");
  const checkpoints = await openCheckpoints({ path });
  const graph = new StateGraph(State)
    .addNode("speak", () => ({ words: ["Zebrafinkenbrut ".repeat(2_000)] }))
    .addEdge(START, "speak")
    .addEdge("speak", END)
    .compile({ checkpointer: checkpoints });
  for (const thread of ["thread-erased", "thread-kept"]) await graph.invoke({ words: [`words of ${thread}`] }, config(thread));
  await checkpoints.deleteThread("thread-erased");
  const bytes = Buffer.concat([readFileSync(path), readFileSync(`${path}-wal`)]);
  expect(bytes.includes("thread-erased")).toBe(false);
  expect((await graph.getState(config("thread-kept"))).values.words).toHaveLength(2);
  await checkpoints.deleteThread("thread-kept");
  expect(readFileSync(path).includes("Zebrafinkenbrut")).toBe(false);
  await checkpoints.close();
});
