import { allClasses, type Class, rank, strictest } from "../data/classification.ts";
import { coreName } from "../data/core-name.ts";
import type { MergeRecord } from "../data/entity.ts";
import { normaliseName } from "../data/identity.ts";
import type { KnownEntity } from "../stores/knowledge/knowledge-store.ts";
import { needArtifact, readArtifact, writeArtifact } from "./artifacts.ts";
import { chunksArtifact } from "./chunk.ts";
import { compareByMeaning } from "./compare-by-meaning.ts";
import type { ExtractParts } from "./extract-parts.ts";
import { comparedArtifact, entitiesArtifact, mergesArtifact, type EntitiesRead } from "./extraction-artifacts.ts";
import { upTo } from "./known-names.ts";
import { mergeOf, type Own } from "./merge.ts";
import { type Comparable, match } from "./same-entity.ts";
import { setApart } from "./set-apart.ts";
import { type Account, addAccounts, emptyAccount, type Run, type WorkDocument } from "./work.ts";

/** Phase 2: which names of this document and of its scope are one thing, and which of one name are not. Every mention stays; merges are recorded beside them. */
export async function deduplicate(documents: WorkDocument[], run: Run, parts: ExtractParts): Promise<{ documents: WorkDocument[]; account: Account }> {
  let account = emptyAccount();
  const own: Own[] = [];
  for (const document of documents.filter((each) => !each.failed)) {
    run.signal.throwIfAborted();
    const chunks = await needArtifact(parts.files, run, document, chunksArtifact);
    const read = await setApart(document, chunks, await needArtifact(parts.files, run, document, entitiesArtifact), run, parts);
    await writeArtifact(parts.files, run, document, entitiesArtifact, read);
    own.push(...comparables(read));
    const known = await knownTo(strictest(document.class), own, run, parts);
    const found = mergesByRule(own, known, document);
    const asked = await compareByMeaning(own, [...own, ...known], found, document, run, parts);
    account = addAccounts(account, asked.account);
    await writeArtifact(parts.files, run, document, mergesArtifact, unique([...found, ...asked.merges]));
    await writeArtifact(parts.files, run, document, comparedArtifact, known.map(asMet));
    run.progress("deduplicate", 1, documents.length);
  }
  return { documents, account };
}

/**
 * A second look, once the documents are stored: those that were read at the same time did not see each other, and of any two
 * the one that is stored last sees both. What lies above a document's class is compared too, since nobody would do it later;
 * such a merge has the class at which both are seen. `news`: there are merges that are not stored yet.
 */
export async function lookAgain(documents: WorkDocument[], run: Run, parts: ExtractParts): Promise<{ news: boolean; account: Account }> {
  let account = emptyAccount();
  let news = false;
  const own: Own[] = [];
  const written = new Set<string>();
  for (const document of documents.filter((each) => !each.failed)) {
    const read = await needArtifact(parts.files, run, document, entitiesArtifact);
    own.push(...comparables(read));
    for (const { entityId, surface } of read.mentions) written.add(`${entityId} ${normaliseName(surface)}`);
    const merges = await needArtifact(parts.files, run, document, mergesArtifact);
    const before = merges.length;
    const met = new Set((await readArtifact(parts.files, run, document, comparedArtifact)) ?? []);
    const compared = new Set([...own.map((each) => each.id), ...[...met].map((each) => each.split(" ")[0]!)]);
    const isOwn = new Set(own.map((each) => each.id));
    // Another document may have given it a name meanwhile, the document's own entities too.
    const isMet = (each: KnownEntity): boolean => (isOwn.has(each.id) ? each.aliases.every((alias) => written.has(`${each.id} ${alias}`)) : met.has(asMet(each)));
    const all = await knownTo("pii", own, run, parts);
    for (const level of allClasses.filter((each) => rank(each) >= rank(strictest(document.class)))) {
      if (all.every(isMet)) break;
      const known = level === "pii" ? all : await knownTo(level, own, run, parts);
      const fresh = known.filter((each) => !compared.has(each.id));
      const at = { ...document, class: level };
      merges.push(...mergesByRule(own, known, at));
      const asked = await compareByMeaning(own, fresh, merges, at, run, parts);
      merges.push(...asked.merges);
      account = addAccounts(account, asked.account);
      for (const each of known) {
        compared.add(each.id);
        met.add(asMet(each));
      }
    }
    const found = unique(merges);
    if (found.length > before) await writeArtifact(parts.files, run, document, mergesArtifact, found);
    news ||= found.length > before;
  }
  return { news, account };
}

/** An entity of another document as it was compared: by its id and how many names it had. */
const asMet = ({ id, aliases }: KnownEntity): string => `${id} ${aliases.length}`;

const knownTo = (level: Class, own: Own[], run: Run, parts: ExtractParts): Promise<KnownEntity[]> =>
  parts.knowledge.known(upTo(run.scope, level), run.scope.collection, namesToLookUp(own), [...new Set(own.map((each) => each.type))]);

/** One entry for each entity id of the document, with the other names its text gives it. */
function comparables(read: EntitiesRead): Own[] {
  const found = new Map<string, Own>();
  for (const mention of read.mentions) {
    const entry = found.get(mention.entityId);
    if (!entry) found.set(mention.entityId, { id: mention.entityId, type: mention.type, name: normaliseName(mention.name), qualifier: mention.qualifier, aliases: [], description: mention.description, class: mention.class });
    else {
      entry.class = strictest(entry.class, mention.class);
      if (mention.description.length > entry.description.length) entry.description = mention.description;
    }
  }
  for (const { entityId, alias } of read.aliases) found.get(entityId)?.aliases.push(normaliseName(alias));
  return [...found.values()];
}

const namesToLookUp = (own: Own[]): string[] => [...new Set(own.flatMap((each) => [each.name, coreName(each.type, each.name), ...each.aliases]))].filter(Boolean);

function mergesByRule(own: Own[], known: KnownEntity[], document: WorkDocument): MergeRecord[] {
  const byType = Map.groupBy<string, Comparable>([...own, ...known], (each) => each.type);
  const merges: MergeRecord[] = [];
  for (const entity of own) {
    const found = (byType.get(entity.type) ?? []).flatMap((other) => {
      const how = match(entity, other);
      return how ? [{ other, how }] : [];
    });
    // A short name that could be two things joins neither: "Reuter" is not both Anna and Jonas.
    const byAlias = new Set(found.filter(({ how }) => how.score < 0.97 && how.method !== "spelling").map(({ other }) => coreName(other.type, other.name)));
    for (const { other, how } of found) if (byAlias.size < 2 || how.score >= 0.97 || how.method === "spelling") merges.push(mergeOf(entity, other, how, document));
  }
  return unique(merges);
}

/** Of two on one pair the first: it has the lower class. */
const unique = (merges: MergeRecord[]): MergeRecord[] => [...new Map(merges.toReversed().map((each) => [`${each.a}|${each.b}`, each])).values()].toReversed();
