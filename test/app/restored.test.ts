import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Job } from "../../src/data/job.ts";
import { localPrincipal } from "../../src/data/principal.ts";
import { type ModelServer, startModelServer } from "../servers/model-server/model-server.ts";
import { answerByRules, type Rule } from "../servers/model-server/rules.ts";
import { modelServers, openTestApp, type TestApp } from "./open-test-app.ts";
import { tablesOf } from "./store-contents.ts";

const name = /\[(PERSON|EMAIL)_(\d+)([a-z]?)\]/g;

/** What models do to the placeholders they are given; each with a company and a person of its own. */
const ways: { way: string; company: string; person: string; change: (text: string) => string }[] = [
  { way: "keeps them", company: "Hafenbau", person: "Katharina O'Brien-Vögel", change: (text) => text },
  { way: "doubles them", company: "Kranwerk", person: "José Núñez", change: (text) => text.replace(name, "$& $&") },
  { way: "inflects them", company: "Werftland", person: "Anneliese Großmann", change: (text) => text.replace(name, "[$1_$2$3's]") },
  { way: "writes them small and bold", company: "Seilhaus", person: "Øyvind Sørensen", change: (text) => text.replace(name, (_, type: string, number: string, form: string) => `**[${type.toLowerCase()}_${number}${form}]**`) },
  { way: "translates them", company: "Torfkai", person: "Zoë D'Ávila", change: (text) => text.replaceAll("[PERSON_", "[PERSONNE_") },
  { way: "drops their brackets", company: "Lotsenamt", person: "Siân Llewellyn", change: (text) => text.replace(name, "$1_$2$3") },
  { way: "drops them", company: "Dockbetrieb", person: "Renée Lefèvre", change: (text) => text.replace(name, "") },
];
const textOf = ({ company, person }: { company: string; person: string }): string => `${company} GmbH is based in Rostock. ${person} is the managing director of ${company} GmbH. In 2021 ${company} GmbH delivered a harbour crane to Ostwick Terminal, which ${person} handed over.`;

const changing: Rule = async (work, generation) => {
  const asked = JSON.stringify(generation.messages);
  const change = ways.find((each) => asked.includes(each.company))?.change;
  const reply = await answerByRules(work, generation);
  return change ? { ...reply, content: change(reply.content) } : reply;
};

describe("what a cloud says under other names is stored and shown under the real ones", () => {
  let local: ModelServer;
  let cloud: ModelServer;
  let app: TestApp;
  const jobs = new Map<string, Job>();

  beforeAll(async () => {
    local = await startModelServer({ role: "local" });
    cloud = await startModelServer({ role: "cloud", rules: [changing] });
    app = await openTestApp([modelServers(local.url, cloud.url), { privacy: { policy: "balanced" }, extraction: { quality: "high" }, answer: { quality: "high" }, routing: { strategy: "quality_optimized" } }]);
    for (const each of ways) {
      const { jobId } = await app.add({ name: `${each.company}.txt`, text: textOf(each) }, { collection: each.company.toLowerCase() });
      jobs.set(each.way, await app.ended(jobId));
    }
  });
  afterAll(async () => {
    await app.end();
    await Promise.all([local.close(), cloud.close()]);
  });

  it.each(ways)("a cloud that $way: names and quotes of the graph are the document's own bytes", async (each) => {
    const job = jobs.get(each.way)!;
    expect([job.status, job.class]).toEqual(["done", "internal"]);
    expect(job.decisions.some(({ location }) => location === "cloud")).toBe(true);
    const sent = cloud.requests.map((request) => request.body.toString()).filter((body) => body.includes(each.company));
    expect(sent.length).toBeGreaterThan(0);
    for (const body of sent) for (const part of each.person.split(" ")) expect(body).not.toContain(part);
    const text = textOf(each);
    const { items } = await app.entities.search(localPrincipal, { collection: each.company.toLowerCase(), text: each.person.split(" ")[1]!, type: null, limit: 50, cursor: null });
    expect(items.map((entity) => [entity.name, entity.type])).toEqual(each.way === "drops them" ? [] : [[each.person, "PERSON"]]);
    const companies = await app.entities.search(localPrincipal, { collection: each.company.toLowerCase(), text: each.company, type: null, limit: 50, cursor: null });
    let quotes = 0;
    for (const { id } of [...items, ...companies.items]) {
      const { mentions, relations } = (await app.entities.get(localPrincipal, id))!;
      const evidence = [...mentions, ...relations.flatMap((relation) => relation.evidence)];
      for (const { quote } of evidence) expect([quote, text.includes(quote)]).toEqual([quote, true]);
      quotes += evidence.length;
    }
    expect(quotes).toBeGreaterThan(0);
  });

  it.each(ways)("an answer by a cloud that $way names the person as the document does, or not at all", async (each) => {
    const before = cloud.requests.length;
    const { answer, citations, passages, decision } = await app.ask(`Who is the managing director of ${each.company} GmbH?`, { collections: [each.company.toLowerCase()] });
    expect(decision).toMatchObject({ location: "cloud" });
    const sent = cloud.requests.slice(before).map((request) => request.body.toString());
    expect(sent.length).toBeGreaterThan(0);
    for (const body of sent) for (const part of each.person.split(" ")) expect(body).not.toContain(part);
    expect(answer!.includes(each.person)).toBe(each.way !== "drops them");
    expect(answer).not.toMatch(/PERSON|PERSONNE|\[person/);
    for (const { quote, chunkId } of citations) expect(passages.find((passage) => passage.chunkId === chunkId)!.text).toContain(quote);
  });

  it("no row of any store holds a placeholder", () => {
    const tables = tablesOf(app.folder);
    for (const [table, rows] of Object.entries(tables)) expect([table, rows.filter((row) => /\bPERSON(?:NE)?_\d|\[person_\d/.test(row)).map((row) => row.slice(0, 300))]).toEqual([table, []]);
  });
});
