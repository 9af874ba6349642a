import type { Links } from "./links.ts";

const rounds = 30;
const restartPassages = 20;
/** How much likelier a name leads to the passage that is about it. */
const aboutFactor = 3;
const mostNodes = 5_000;

/**
 * Personalised PageRank over passages and names: passage → name by idf → passage. Restarts at the first 20 by 1/rank, plus a
 * quarter of their mass on the names of the question, by idf (`retrieval.md`, step 5). `goOn` .7, with dense vectors .8.
 */
export function walk(ranking: string[], links: Links, questionNames: string[], goOn: number): Map<string, number> {
  const start = restartMass(ranking, links, questionNames);
  const edges = neighbours(start, links);
  let mass = new Map(start);
  for (let round = 0; round < rounds; round++) {
    const next = new Map<string, number>();
    for (const [node, value] of start) next.set(node, (1 - goOn) * value);
    let lost = 0;
    for (const [node, value] of mass) {
      const out = edges.get(node);
      if (!out) {
        lost += value;
        continue;
      }
      for (const [to, share] of out) next.set(to, (next.get(to) ?? 0) + goOn * value * share);
    }
    if (lost > 0) for (const [node, value] of start) next.set(node, next.get(node)! + goOn * lost * value);
    mass = next;
  }
  return new Map([...mass].filter(([node]) => !isName(node)));
}

const nameNode = (name: string): string => `name:${name}`;
const isName = (node: string): boolean => node.startsWith("name:");

function restartMass(ranking: string[], links: Links, questionNames: string[]): Map<string, number> {
  const mass = new Map<string, number>();
  ranking.slice(0, restartPassages).forEach((id, index) => mass.set(id, 1 / (index + 1)));
  const passages = [...mass.values()].reduce((a, b) => a + b, 0);
  const known = questionNames.filter((name) => links.idf.has(name));
  const idf = known.reduce((total, name) => total + links.idf.get(name)!, 0);
  for (const name of known) mass.set(nameNode(name), (passages / 4) * (links.idf.get(name)! / idf));
  const total = [...mass.values()].reduce((a, b) => a + b, 0);
  return new Map([...mass].map(([node, value]) => [node, value / total]));
}

/** Outgoing shares of every node within two hops of the restart set. */
function neighbours(start: Map<string, number>, links: Links): Map<string, [string, number][]> {
  const edges = new Map<string, [string, number][]>();
  const open = [...start.keys()];
  const seen = new Set(open);
  for (let node = open.shift(); node !== undefined; node = open.shift()) {
    const out = isName(node) ? fromName(node.slice(5), links) : fromPassage(node, links);
    const total = out.reduce((sum, [, weight]) => sum + weight, 0);
    if (total > 0) edges.set(node, out.map(([to, weight]) => [to, weight / total]));
    for (const [to] of out) {
      if (seen.has(to) || seen.size >= mostNodes) continue;
      seen.add(to);
      open.push(to);
    }
  }
  return edges;
}

const fromPassage = (id: string, links: Links): [string, number][] => [...(links.names.get(id)?.keys() ?? [])].map((name) => [nameNode(name), links.idf.get(name)!]);

const fromName = (name: string, links: Links): [string, number][] =>
  [...(links.chunks.get(name) ?? [])].map((id) => [id, links.names.get(id)?.get(name) ? aboutFactor : 1]);
