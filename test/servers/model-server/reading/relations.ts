import { aliasesOf, placesOf } from "./entities.ts";
import { clip, sentences } from "./sentences.ts";
import { type Listed, type Verb, verbs } from "./verbs.ts";

export interface ReadRelation {
  source: string;
  target: string;
  type: string;
  description: string;
  strength: number;
  quote: string;
}

interface Named {
  /** The listed one, also where the text has a short form of it. */
  entity: Listed;
  start: number;
  end: number;
}

/**
 * Relations between the listed names. Of each name the words since the name before it are read; the other end is the
 * nearest earlier name that fits the verb, or the subject of the sentence before where this one says "it".
 */
export function readRelations(text: string, listed: Listed[], allowed: string[]): ReadRelation[] {
  const found = new Map<string, ReadRelation>();
  const add = (from: Listed, to: Listed, verb: Verb, sentence: string): void => {
    const [source, target] = verb.turned ? [to.name, from.name] : [from.name, to.name];
    const type = allowed.length && !allowed.includes(verb.type) ? "RELATED_TO" : verb.type;
    const key = `${source}|${type}|${target}`;
    if (source !== target && !found.has(key)) found.set(key, { source, target, type, description: clip(sentence, 200), strength: verb.strength, quote: clip(sentence, 150).replace(/…$/, "") });
  };
  const known = [...listed, ...shortForms(text, listed)];
  let subject: Listed | null = null;
  for (const sentence of sentences(text)) {
    const named = namesIn(sentence.text, known);
    const carried: Listed | null = /^(?:It|They|Es|Sie)\b/.test(sentence.text) ? subject : null;
    const lastOf = new Map<string, { from: Listed; verb: Verb }>();
    for (const [index, { entity, start }] of named.entries()) {
      const words = sentence.text.slice(index ? named[index - 1]!.end : 0, start);
      // "by A and B", "the A, a turbine, and the smaller B": the second stands where the first stood.
      const beside = coordinated.test(words) && entity.type !== "LOCATION" ? lastOf.get(entity.type) : undefined;
      if (beside) {
        add(beside.from, entity, beside.verb, sentence.text);
        continue;
      }
      const before = named.slice(0, index).map((each) => each.entity);
      const goesOn = /^\W*(?:and|und|which|who|that)\b|\band (?:is|was|has|operates)\b/.test(words);
      const subjects = goesOn ? [...(carried ? [carried] : []), ...before] : [...before.toReversed(), ...(carried ? [carried] : [])];
      for (const from of subjects) {
        const nearest = from === before.at(-1);
        const verb = verbs.find((each) => each.words.test(words) && (nearest || !each.near) && fits(each, from, entity));
        if (!verb) continue;
        add(from, entity, verb, sentence.text);
        lastOf.set(entity.type, { from, verb });
        break;
      }
    }
    subject = named[0]?.entity ?? subject;
  }
  return [...found.values()];
}

/** What the text itself calls an organisation for short: `Name ("Short")`, or its first words where no other one shares them. */
function shortForms(text: string, listed: Listed[]): (Listed & { short: string })[] {
  const taken = new Set(listed.map((each) => each.name));
  const organisations = listed.filter((each) => each.type === "ORGANIZATION");
  return organisations.flatMap((each) => {
    const given = aliasesOf(text, each.name);
    const words = each.name.split(" ");
    const first = words.slice(0, Math.max(1, words.length - 2)).join(" ");
    const shared = words.length < 3 || first.length < 4 || organisations.some((other) => other !== each && other.name.startsWith(first));
    return [...given, ...(shared ? [] : [first])].filter((short) => !taken.has(short)).map((short) => ({ ...each, short }));
  });
}

const coordinated = /(?:^\s*,?|,)\s*(?:and|und)\s+(?:the |die |der |das )?(?:\p{Ll}+ )?$|^\s*,\s*$/u;

const fits = (verb: Verb, from: Listed, to: Listed): boolean => from.name !== to.name && (verb.from?.includes(from.type) ?? true) && (verb.to?.includes(to.type) ?? true);

/** Names in the order of the sentence, the longest at each place. */
function namesIn(sentence: string, known: (Listed & { short?: string })[]): Named[] {
  const places: Named[] = [];
  const formOf = (each: Listed & { short?: string }): string => each.short ?? each.name;
  for (const each of known.toSorted((a, b) => formOf(b).length - formOf(a).length)) {
    for (const start of placesOf(sentence, formOf(each))) {
      const end = start + formOf(each).length;
      if (!places.some((other) => start < other.end && other.start < end)) places.push({ entity: { name: each.name, type: each.type }, start, end });
    }
  }
  return places.toSorted((a, b) => a.start - b.start);
}
