import type { Principal } from "../../data/principal.ts";
import type { KnowledgeStore, Link } from "../../stores/knowledge/knowledge-store.ts";
import type { TextIndex } from "../../stores/text/text-index.ts";
import { words } from "../../stores/text/words.ts";

/** Passages and the names they share: what a walk goes along (`retrieval.md`, step 1). */
export interface Links {
  /** By passage: its names, and whether it is about them. */
  names: Map<string, Map<string, boolean>>;
  /** By name: its passages. */
  chunks: Map<string, Set<string>>;
  /** idf(e) = ln(1 + N / passages with e). */
  idf: Map<string, number>;
}

export interface LinkParts {
  text: TextIndex;
  knowledge: KnowledgeStore;
}

const longestName = 7;
/** A name in more passages than this brings none in: it tells little, and a walk stays small whatever the collection. */
const mostPassages = 60;
/** Passages whose own subject is looked for in other passages. */
const subjects = 10;

/**
 * Names of the given passages, and the passages that share them. A name counts when it is in at least 2 passages and in at
 * most 5 % of all (never fewer than 20, never more than 60).
 */
export async function linksAround(passages: { id: string; text: string }[], questionNames: string[], total: number, principal: Principal, collections: string[], parts: LinkParts): Promise<Links> {
  const most = Math.min(mostPassages, Math.max(20, Math.floor(total * 0.05)));
  const own: Link[] = await parts.knowledge.linksOfChunks(principal, passages.map((each) => each.id));
  const known = new Set([...own.map((each) => each.name), ...questionNames]);
  // While the store follows these names, this thread reads the texts for more.
  const [{ links, frequency }, more] = await Promise.all([
    parts.knowledge.linksOfNames(principal, collections, [...known], most),
    namesInText(passages, principal, collections, parts.knowledge).then(async (found) => {
      own.push(...found);
      return parts.knowledge.linksOfNames(principal, collections, [...new Set(found.map((each) => each.name))].filter((name) => !known.has(name)), most);
    }),
  ]);
  links.push(...more.links);
  for (const [name, count] of more.frequency) frequency.set(name, count);
  const rare = subjectsOf(passages.slice(0, subjects), own).filter((name) => (frequency.get(name) ?? 0) <= most);
  links.push(...(await passagesNaming(rare, most, principal, collections, parts.text, frequency)));
  return collect([...own, ...links], frequency, new Set(questionNames), total, most);
}

/** Names that passages are about and the question holds word for word: "Medici" in "Are Medici and Senet both board games?" */
export async function namesInQuestion(question: string, principal: Principal, collections: string[], knowledge: KnowledgeStore): Promise<string[]> {
  const links = await namesInText([{ id: "question", text: question }], principal, collections, knowledge);
  const names = links.map((each) => each.name);
  return names.filter((name) => !names.some((longer) => longer !== name && ` ${longer} `.includes(` ${name} `)));
}

/** Word sequences of the passages that other passages are about: "the film" names its article. */
async function namesInText(passages: { id: string; text: string }[], principal: Principal, collections: string[], knowledge: KnowledgeStore): Promise<Link[]> {
  const texts = passages.map(({ id, text }) => ({ id, words: ` ${words(text).join(" ")} ` }));
  const sequences = new Set<string>();
  for (const each of texts) addSequences(each.words, sequences);
  const about = await knowledge.aboutNames(principal, collections, [...sequences]);
  return about.flatMap((name) => texts.filter((each) => each.words.includes(` ${name} `)).map(({ id }) => ({ chunkId: id, name, about: false })));
}

/** Adds every run of at most seven words; `text` has a blank before and behind each word. */
function addSequences(text: string, sequences: Set<string>): void {
  const blanks: number[] = [];
  for (let at = 0; at >= 0; at = text.indexOf(" ", at + 1)) blanks.push(at);
  for (let first = 0; first + 1 < blanks.length; first++) {
    for (let last = Math.min(first + longestName, blanks.length - 1); last > first; last--) {
      const sequence = text.slice(blanks[first]! + 1, blanks[last]!);
      // Its beginnings came with it.
      if (sequences.has(sequence)) break;
      sequences.add(sequence);
    }
  }
}

function subjectsOf(passages: { id: string }[], own: Link[]): string[] {
  const ids = new Set(passages.map((each) => each.id));
  return [...new Set(own.filter((each) => each.about && ids.has(each.chunkId)).map((each) => each.name))];
}

/** Passages that hold, as whole words, what one of the given passages is about. */
async function passagesNaming(names: string[], most: number, principal: Principal, collections: string[], text: TextIndex, frequency: Map<string, number>): Promise<Link[]> {
  const found = await text.phrases(principal, collections, names.map((name) => name.split(" ")), most);
  return names.flatMap((name, index) => {
    const { total, chunkIds } = found[index]!;
    frequency.set(name, Math.max(frequency.get(name) ?? 0, total));
    return total <= most ? chunkIds.map((chunkId) => ({ chunkId, name, about: false })) : [];
  });
}

/** A name of the question counts even when a single passage has it: it leads there. */
function collect(all: Link[], frequency: Map<string, number>, asked: Set<string>, total: number, most: number): Links {
  const result: Links = { names: new Map(), chunks: new Map(), idf: new Map() };
  const holders = new Map<string, Set<string>>();
  for (const link of all) (holders.get(link.name) ?? holders.set(link.name, new Set()).get(link.name)!).add(link.chunkId);
  for (const link of all) {
    const count = Math.max(frequency.get(link.name) ?? 0, holders.get(link.name)!.size);
    if ((count < 2 && !asked.has(link.name)) || count > most) continue;
    result.idf.set(link.name, Math.log(1 + total / count));
    const names = result.names.get(link.chunkId) ?? new Map<string, boolean>();
    names.set(link.name, link.about || (names.get(link.name) ?? false));
    result.names.set(link.chunkId, names);
    result.chunks.set(link.name, holders.get(link.name)!);
  }
  return result;
}
