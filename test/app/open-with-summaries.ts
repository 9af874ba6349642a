import { localPrincipal, type Principal } from "../../src/data/principal.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import type { Rule } from "../servers/model-server/rules.ts";
import { modelServers, openTestApp, type TestApp } from "./open-test-app.ts";

export const publicReader: Principal = { ...localPrincipal, roles: ["reader"], classes: ["public"], keyId: "a-public-reader" };

/** What a document says about a company; each sentence becomes the description of a mention. */
export const sayings = (company: string): string[] => [
  `${company} GmbH builds harbour cranes of up to two hundred tonnes for terminals along the coast.`,
  `${company} GmbH has delivered eleven of its cranes to Ostwick Terminal since the quay was rebuilt.`,
  `${company} GmbH runs a workshop in which bearings and gears of older machines are repaired.`,
];

/** The descriptions that a request for a summary holds. */
export const describedIn = (prompt: string): string[] => [.../<descriptions>\n([\s\S]*)\n<\/descriptions>/.exec(prompt)![1]!.matchAll(/^- (.*)$/gmu)].map((match) => match[1]!);

/** Sums up by saying everything once more behind a word of its own; `held` delays it. */
const summing = (word: string, held: () => Promise<void>): Rule => async (work, generation) => {
  if (work.prompt !== "summarise-entity") return null;
  await held();
  return { content: JSON.stringify({ summary: `${word}: ${describedIn(generation.messages.at(-1)!.content).join(" ")}` }) };
};

export interface Opened {
  local: ModelServer;
  cloud: ModelServer;
  app: TestApp;
  /** Requests for a summary that a server got. */
  asked(server: ModelServer): string[];
  /** Answers of both servers wait until this is called. */
  hold(): () => void;
  ingest(name: string, text: string, value?: "internal" | "confidential" | "pii"): Promise<string>;
  /** The entity of this name, as the caller sees it. */
  read(name: string, principal?: Principal): Promise<NonNullable<Awaited<ReturnType<TestApp["entities"]["get"]>>>>;
  close(): Promise<void>;
}

/** An application with a local and, where `values` say so, a cloud model server, which sums up from 200 characters on. */
export async function openWithSummaries(values: unknown[] = [], { cloud: withCloud = false } = {}): Promise<Opened> {
  let held = Promise.resolve();
  const rules = (word: string): Rule[] => [summing(word, () => held)];
  const local = await startModelServer({ role: "local", rules: rules("In short") });
  const cloud = await startModelServer({ role: "cloud", rules: rules("From afar") });
  const app = await openTestApp([modelServers(local.url, withCloud ? cloud.url : undefined), { summaries: { above: 200 } }, ...values]);
  return {
    local, cloud, app,
    asked: (server) => server.requests.map((each) => each.body.toString()).filter((body) => body.includes("<descriptions>")),
    hold() {
      let release = () => {};
      held = new Promise((resolve) => (release = resolve));
      return release;
    },
    async ingest(name, text, value) {
      const { jobId, documentId } = await app.add({ name, text }, value ? { class: value } : {});
      const job = await app.ended(jobId);
      if (job.status !== "done") throw new Error(JSON.stringify(job));
      return documentId;
    },
    async read(name, principal = localPrincipal) {
      const { items } = await app.entities.search(principal, { collection: "default", text: name, type: null, limit: 1, cursor: null });
      return (await app.entities.get(principal, items[0]!.id))!;
    },
    async close() {
      await app.end();
      await Promise.allSettled([local.close(), cloud.close()]);
    },
  };
}
