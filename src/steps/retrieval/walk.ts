import type { Links } from "./links.ts";

const rounds = 30;
const restartPassages = 20;
/** How much likelier a name leads to the passage that is about it. */
const aboutFactor = 3;
const mostNodes = 5_000;

/**
 * Personalised PageRank over passages and names: passage → name by idf → passage. Restarts at the first 20 by 1/rank, plus a
 * quarter of their mass on the names of the question, by idf (`retrieval.md`, step 5). `goOn` .7, with dense vectors .8.
 * Returns each passage's share of the walk: above 0, at most 1, all of them and the names' together 1.
 */
export function walk(ranking: string[], links: Links, questionNames: string[], goOn: number): Map<string, number> {
  const { passages, start, from, to, share, isStuck } = subgraph(ranking, links, questionNames);
  let mass = start.slice();
  for (let round = 0; round < rounds; round++) {
    const next = new Float64Array(start.length);
    let lost = 0;
    for (let edge = 0; edge < from.length; edge++) next[to[edge]!]! += goOn * mass[from[edge]!]! * share[edge]!;
    for (let node = 0; node < mass.length; node++) if (isStuck[node]) lost += mass[node]!;
    for (let node = 0; node < mass.length; node++) next[node]! += (1 - goOn + goOn * lost) * start[node]!;
    mass = next;
  }
  return new Map([...passages].map(([id, node]): [string, number] => [id, mass[node]!]).filter(([, value]) => value > 0));
}

/** Nodes are numbers in the order they are met; edges stand in three lists side by side. */
interface Subgraph {
  passages: Map<string, number>;
  /** Where the walk restarts, sums to 1. */
  start: Float64Array;
  from: Int32Array;
  to: Int32Array;
  /** Of its node's outgoing edges, sums to 1. */
  share: Float64Array;
  /** 1 where no edge leads on. */
  isStuck: Uint8Array;
}

/** Everything within two hops of the restart set; at most `mostNodes` lead on. */
function subgraph(ranking: string[], links: Links, questionNames: string[]): Subgraph {
  const passages = new Map<string, number>();
  const names = new Map<string, number>();
  const met: { key: string; known: Map<string, number> }[] = [];
  const nodeOf = (known: Map<string, number>, key: string): number => {
    const node = known.get(key) ?? met.push({ key, known }) - 1;
    known.set(key, node);
    return node;
  };
  const restart = restartMass(ranking, links, questionNames).map(({ key, isName, mass }) => ({ node: nodeOf(isName ? names : passages, key), mass }));
  const [from, to, share]: [number[], number[], number[]] = [[], [], []];
  for (let node = 0; node < Math.min(met.length, mostNodes); node++) {
    const { key, known } = met[node]!;
    const first = to.length;
    let total = 0;
    const lead = (target: number, weight: number) => {
      from.push(node);
      to.push(target);
      share.push(weight);
      total += weight;
    };
    if (known === names) for (const id of links.chunks.get(key) ?? []) lead(nodeOf(passages, id), links.names.get(id)?.get(key) ? aboutFactor : 1);
    else for (const name of links.names.get(key)?.keys() ?? []) lead(nodeOf(names, name), links.idf.get(name)!);
    for (let edge = first; edge < share.length; edge++) share[edge]! /= total;
  }
  const start = new Float64Array(met.length);
  for (const { node, mass } of restart) start[node] = mass;
  const isStuck = new Uint8Array(met.length).fill(1);
  for (const node of from) isStuck[node] = 0;
  return { passages, start, from: Int32Array.from(from), to: Int32Array.from(to), share: Float64Array.from(share), isStuck };
}

function restartMass(ranking: string[], links: Links, questionNames: string[]): { key: string; isName: boolean; mass: number }[] {
  const passages = ranking.slice(0, restartPassages).map((key, index) => ({ key, isName: false, mass: 1 / (index + 1) }));
  const sum = (masses: number[]) => masses.reduce((total, each) => total + each, 0);
  const asked = questionNames.filter((name) => links.idf.has(name));
  const idf = sum(asked.map((name) => links.idf.get(name)!));
  const quarter = sum(passages.map(({ mass }) => mass)) / 4;
  const all = [...passages, ...asked.map((key) => ({ key, isName: true, mass: quarter * (links.idf.get(key)! / idf) }))];
  const total = sum(all.map(({ mass }) => mass));
  return all.map((each) => ({ ...each, mass: each.mass / total }));
}
