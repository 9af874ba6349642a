import { setImmediate as pause } from "node:timers/promises";
import type { Chunk } from "../data/chunk.ts";
import { type Class, rank } from "../data/classification.ts";
import { coreName } from "../data/core-name.ts";
import type { MentionRecord } from "../data/entity.ts";
import { entityId, mentionId, normaliseName } from "../data/identity.ts";
import { qualifierOf } from "../data/qualifier.ts";
import { type Affiliation, affiliationsIn, type Named } from "./affiliations.ts";
import type { ExtractParts } from "./extract-parts.ts";
import type { EntitiesRead } from "./extraction-artifacts.ts";
import type { Run, WorkDocument } from "./work.ts";

/** Of more organisations than this, a document that lists many people of one name tells nothing about any of them. */
const mostTold = 4;
/** Organisations that stand in many places under one name; of others, two places are rather two offices. */
const institution = /(?:^| |\p{L})(?:hospital|clinic|infirmary|school|church|court|library|museum|pharmacy|town hall|city council|police|fire department|krankenhaus|klinikum|klinik|spital|schule|gymnasium|kirche|gericht|finanzamt|apotheke|rathaus|hôpital|clinique|école|lycée|mairie|tribunal|église|pharmacie|clínica|colegio|escuela|juzgado|ayuntamiento|iglesia|farmacia)(?:$| )/u;
/** Names no organisation of its own. */
const general = /^(?:the )?(?:company|firm|board|group|team|bank|university|department|office|government|hospital|clinic|school|court|council|krankenhaus|klinik|klinikum|schule|gericht|amt|firma|gesellschaft|hôpital|société|entreprise|empresa|hospital)$/u;
/** Two documents name the town and the country of one person. */
const country = /^(?:the )?(?:united (?:states|kingdom)(?: of america)?|usa?|uk|great britain|england|scotland|wales|ireland|germany|austria|switzerland|france|spain|italy|canada|australia|india|china|japan|russia|deutschland|österreich|(?:die )?schweiz|frankreich|spanien|italien|england|allemagne|autriche|suisse|espagne|italie|états unis|royaume uni|alemania|francia|españa|italia|estados unidos|reino unido)$/u;
const telling = new Map([["EMPLOYS", "target"], ["FOUNDED_BY", "target"], ["MANAGES", "source"], ["OWNS", "source"], ["PART_OF", "source"], ["LOCATED_IN", "source"]]);

/** Mentions worked on before others get their turn: a few milliseconds. */
const betweenPauses = 200;

type Reading = Pick<ExtractParts, "textWork" | "vocabulary">;

/** By type and core name: what the document ties it to, once for each class of passages that say so. */
type Told = Map<string, Map<string, { to: Named; class: Class }>>;

/**
 * Gives every mention of a person the organisations that the document ties that name to, and every mention of a local
 * institution its places, so that homonyms of other documents have other ids. A mention takes nothing from passages of a
 * stricter class than its own. Doing it twice changes nothing.
 */
export async function setApart(document: Pick<WorkDocument, "language">, chunks: Chunk[], read: EntitiesRead, run: Pick<Run, "scope">, parts: Reading): Promise<EntitiesRead> {
  const told = await readTold(document, chunks, read, parts);
  const ids = new Map<string, Set<string>>();
  const mentions: MentionRecord[] = [];
  for (const mention of read.mentions) {
    const qualifier = qualifierFor(mention, told);
    const id = entityId(run.scope, mention.type, normaliseName(mention.name), qualifier);
    for (const known of [mention.entityId, id]) ids.set(known, (ids.get(known) ?? new Set<string>()).add(id));
    mentions.push({ ...mention, entityId: id, qualifier, id: mentionId(id, mention.chunkId, mention.start, mention.end, mention.surface) });
    if (mentions.length % betweenPauses === 0) await pause();
  }
  const aliases = read.aliases.flatMap(({ entityId: of, alias }) => [...(ids.get(of) ?? [of])].map((id) => ({ entityId: id, alias })));
  return { ...read, mentions, aliases: [...new Map(aliases.map((each) => [`${each.entityId} ${each.alias}`, each])).values()] };
}

const keyOf = (type: string, name: string): string => `${type} ${coreName(type, name)}`;

function qualifierFor(mention: MentionRecord, told: Told): string {
  const seen = [...(told.get(keyOf(mention.type, mention.name))?.values() ?? [])].filter((each) => rank(each.class) <= rank(mention.class)).map((each) => each.to);
  const of = (type: string): string[] => {
    const names = [...new Set(seen.filter((to) => to.type === type).map((to) => to.name))];
    return names.length <= mostTold ? names : [];
  };
  if (mention.type === "PERSON") return qualifierOf(of("ORGANIZATION"), of("LOCATION"));
  return qualifierOf([], of("LOCATION"));
}

async function readTold(document: Pick<WorkDocument, "language">, chunks: Chunk[], read: EntitiesRead, parts: Reading): Promise<Told> {
  const told: Told = new Map();
  const places = new Set(read.mentions.filter((each) => each.type === "LOCATION").map((each) => normaliseName(each.name)));
  const keep = ({ who, to }: Affiliation, value: Class): void => {
    const person = who.type === "PERSON" && (to.type === "ORGANIZATION" || (to.type === "LOCATION" && !country.test(to.name)));
    const local = who.type === "ORGANIZATION" && to.type === "LOCATION" && institution.test(who.name) && ![...places].some((place) => ` ${who.name} `.includes(` ${place} `));
    if ((!person && !local) || general.test(to.name)) return;
    const key = keyOf(who.type, who.name);
    told.set(key, (told.get(key) ?? new Map<string, { to: Named; class: Class }>()).set(`${to.type} ${to.name} ${value}`, { to, class: value }));
  };
  const byChunk = Map.groupBy(read.mentions, (each) => each.chunkId);
  const scenes = chunks.map((chunk) => ({ chunk, named: namesOf(byChunk.get(chunk.id) ?? []) })).filter(({ named }) => named.some((each) => each.type === "PERSON" || institution.test(each.name)));
  for (const each of await byPattern(document, scenes, parts)) keep(each, each.class);
  for (const { chunk, named } of scenes) {
    const here = [...new Map((byChunk.get(chunk.id) ?? []).map((each) => [`${each.type}|${each.name}`, each])).values()];
    // The built-in path takes its descriptions from the text, and from passages of any class.
    const described = here.filter((each) => each.type === "PERSON" && each.method === "model" && each.description).flatMap((each) => inDescription(each, here));
    for (const each of [...affiliationsIn(chunk.text, named), ...givenRelations(chunk, here, read, parts), ...described]) keep(each, chunk.class);
    await pause();
  }
  return told;
}

/** Places of names in a text, the longest first, none over another. */
function namesOf(mentions: readonly MentionRecord[]): Named[] {
  const free: Named[] = [];
  for (const { type, name, start, end } of mentions.toSorted((a, b) => b.end - b.start - (a.end - a.start))) {
    if (start >= 0 && !free.some((each) => start < each.end && each.start < end)) free.push({ type, name: normaliseName(name), start, end });
  }
  return free.toSorted((a, b) => a.start - b.start);
}

/** Forms, signatures and posts, as the built-in patterns of relations read them. */
async function byPattern(document: Pick<WorkDocument, "language">, scenes: { chunk: Chunk; named: Named[] }[], parts: Reading): Promise<(Affiliation & { class: Class })[]> {
  const both = scenes.filter(({ named }) => new Set(named.map((each) => each.type).filter((type) => ["PERSON", "ORGANIZATION", "LOCATION"].includes(type))).size > 1);
  if (!both.length) return [];
  const asked = both.map(({ chunk, named }) => ({ text: chunk.text, candidates: named.map((each) => ({ ...each, description: "", aliases: [], confidence: 1 })) }));
  const found = await parts.textWork.relations({ chunks: asked, language: document.language });
  return found.flatMap((relations, index) =>
    relations.flatMap(({ source, target, type }) => {
      const { chunk, named } = both[index]!;
      const told = turned(type, named[source]!, named[target]!);
      return told ? [{ ...told, class: chunk.class }] : [];
    }),
  );
}

/** Relations that a model gave together with the entities (mode `fast`). */
function givenRelations(chunk: Chunk, here: readonly MentionRecord[], read: EntitiesRead, parts: Reading): Affiliation[] {
  const given = read.relations[chunk.id];
  if (!given) return [];
  const named = new Map(here.map(({ type, name, start, end }) => [normaliseName(name), { type, name: normaliseName(name), start, end }]));
  return given.flatMap((each) => {
    const { type, turned: back } = parts.vocabulary.relationType(each.type);
    const [source, target] = back ? [each.target, each.source] : [each.source, each.target];
    const [one, other] = [named.get(normaliseName(source)), named.get(normaliseName(target))];
    const told = one && other && turned(type, one, other);
    return told ? [told] : [];
  });
}

function turned(type: string, source: Named, target: Named): Affiliation | null {
  const side = telling.get(type);
  if (!side) return null;
  const [who, to] = side === "source" ? [source, target] : [target, source];
  // Who runs something in a place need not be from there.
  return to.type === "LOCATION" && type !== "LOCATED_IN" ? null : { who, to };
}

/** "Physician at St. Anna Hospital": a description is about the person, whose name may be left out; `here` are the names of its passage. */
function inDescription(mention: MentionRecord, here: readonly MentionRecord[]): Affiliation[] {
  const { name, description } = mention;
  const named = here.filter((each) => (each.type === "ORGANIZATION" || each.type === "LOCATION") && description.includes(each.name));
  if (!named.length) return [];
  const text = description.includes(name) ? description : `${name}, ${description}`;
  const places = [mention, ...named].map((each) => ({ ...each, start: text.indexOf(each.name), end: text.indexOf(each.name) + each.name.length }));
  return affiliationsIn(text, namesOf(places)).filter((each) => each.who.type === "PERSON");
}
