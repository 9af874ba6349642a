import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { cloudModels, localModels, type ServedModel } from "./catalogue.ts";

/** `/api/pull`: lines of progress; a model of the catalogue is installed afterwards, any other is not in the library. */
export async function pull(installed: ServedModel[], name: string, ms: number, response: ServerResponse, gone: AbortSignal): Promise<void> {
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  const line = (value: object): boolean => response.write(`${JSON.stringify(value)}\n`);
  line({ status: "pulling manifest" });
  const model = [...localModels, ...cloudModels].find((each) => each.name === name || each.name === `${name}:latest`);
  if (!model) {
    line({ error: "pull model manifest: file does not exist" });
    response.end();
    return;
  }
  const layer = { status: "pulling 6335adf2a2f5", digest: "sha256:6335adf2a2f5", total: model.size };
  for (const share of [0, 0.5, 1]) {
    line({ ...layer, ...(share ? { completed: Math.round(model.size * share) } : {}) });
    if (ms) await sleep(ms / 3, undefined, { signal: gone }).catch(() => undefined);
    if (gone.aborted) return;
  }
  for (const status of ["verifying sha256 digest", "writing manifest"]) line({ status });
  if (!installed.some((each) => each.name === model.name)) installed.push(model);
  line({ status: "success" });
  response.end();
}
