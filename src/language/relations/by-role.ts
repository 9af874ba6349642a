import type { Add, Scene, Sentence } from "./sentence.ts";
import { leading, posts } from "./verbs.ts";

const anyPost = `(?:${posts})`;
const leads = new RegExp(`(?<![\\p{L}])(?:${leading})(?![\\p{L}])`, "u");
const deputy = /(?<!\p{L})(?:deputy|vice|assistant\sto|stellvertretende\p{L}*|adjointe?|former|ehemalige\p{L}*|ancien(?:ne)?|ex|anterior)(?!\p{L})/iu;
const titles = "(?:(?:Herrn?|Frau|Mr|Mrs|Ms|Dr|Prof|M|Mme|Sr|Sra|Don|Doña)\\.?\\s){0,3}";
const of = "(?:of|at|for|from|with|der|des|von|vom|bei|bei\\sder|beim|in\\sder|de|du|d['’]|chez|del|de\\sla|en)";
/** PERSON … ORGANIZATION: ", chief executive of ", " ist Geschäftsführer der ", ", directeur technique de ". */
const behind = new RegExp(`^(?:,|\\s\\(|\\s(?:is|was|becomes?|became|ist|war|wird|wurde|est|était|es|era|fue)|\\s(?:as|als|comme|como)|\\s[–-])\\s?(?:(?:the|an?|our|its|new|neue[rn]?|die|der|eine?|le|la|une?|el|una)\\s){0,2}(?<post>(?:\\p{L}+[\\s-]){0,3}?${anyPost}[^.;:|\\n]{0,50}?)(?:\\s${of}\\s?|\\s${of}\\s(?:the|la\\ssociété|la\\sempresa|Firma)\\s|,\\s)$`, "u");
/** ORGANIZATION … PERSON: "'s chief executive ", " Geschäftsführer ", " is led by its director ". */
const front = new RegExp(`^(?:['’]s?)?(?:\\s(?:\\p{Ll}+\\s){0,2}|\\s)(?<post>${anyPost}),?\\s${titles}$`, "u");
const isName = new RegExp(`^\\s(?:is|was|ist|war|sind|est|es)\\s(?:seit\\s\\d{4}\\s)?${titles}$`, "u");
const postOf = new RegExp(`(?<post>${anyPost}[^.;:|\\n]{0,30}?)\\s${of}\\s?(?:the\\s|la\\ssociété\\s|Firma\\s)?$`, "u");
const asPost = new RegExp(`\\s(?:as|als|comme|como)\\s(?:the\\s|new\\s)?(?<post>${posts})\\s${of}\\s(?:the\\s)?$`, "u");
const commaName = new RegExp(`^,\\s${titles}$`, "u");
/** On its own line, or in brackets: "Sabine Krause\nLeiterin Einkauf, Stadtwerke AG", "Anna Weiss (Nordwind AG)". */
const signature = new RegExp(`^[ \\t]*\\r?\\n(?:[^\\n.;:|]{0,60}?(?<post>${anyPost})[^\\n.;:|]{0,40}(?:,\\s|\\r?\\n|\\s${of}\\s))$`, "u");
/** Two lines of a letter: the name and what it belongs to, either way round. */
const nextLine = new RegExp(`^[ \\t]*\\r?\\n[ \\t]*(?:[^\\n.;:|,]{2,40},\\s)?${titles}$`, "u");
const superior = /(?:^|\s)(?:[Hh]is|[Hh]er|[Tt]heir|[Yy]our|[Ii]hre?|[Ss]eine?|[Ss]on|[Ss]a|[Ss]u)\s(?:line\s)?(?:supervisor|manager|boss|Vorgesetzte[rn]?|supérieur\p{L}*|responsable|jef[ea])\s(?:is|ist|est|es)\s(?:Herrn?\s|Frau\s|M[rs]s?\.?\s)?$/u;
const belongs = /^(?:\s(?:of|from|at|von\sder|von|vom|bei\sder|der)\s(?:the\s)?|\s\()$/u;

/** Posts and appositions: who works for whom, and who leads. */
export function readRoles(scene: Scene, add: Add): void {
  const { text, candidates } = scene;
  for (const sentence of scene.sentences) {
    for (const person of sentence.inside) {
      if (candidates[person]!.type !== "PERSON") continue;
      for (const company of sentence.inside) {
        if (candidates[company]!.type !== "ORGANIZATION") continue;
        const post = postBetween(scene, sentence, person, company);
        if (post === null) continue;
        add(company, "EMPLOYS", person, sentence, 8, post ? .85 : .6);
        if (post && leads.test(post) && !deputy.test(post)) add(person, "MANAGES", company, sentence, 8, .8);
      }
    }
  }
  for (const [index, person] of candidates.entries()) {
    if (person.type !== "PERSON" || !superior.test(text.slice(Math.max(0, person.start - 60), person.start))) continue;
    const other = candidates.findLastIndex((each, at) => at < index && each.type === "PERSON" && each.name !== person.name);
    if (other >= 0) add(index, "MANAGES", other, { start: Math.max(text.lastIndexOf("\n", person.start), text.lastIndexOf(". ", person.start)) + 1, end: person.end }, 8, .65);
  }
  // A signature runs over several "sentences".
  for (let index = 0; index + 1 < candidates.length; index++) {
    const [a, b] = [candidates[index]!, candidates[index + 1]!];
    if (new Set([a.type, b.type]).size === 2 && [a, b].every((each) => each.type === "PERSON" || each.type === "ORGANIZATION") && startsLine(text, a.start) && endsLine(text, b.end) && nextLine.test(text.slice(a.end, b.start).slice(0, 120))) {
      const [person, company] = a.type === "PERSON" ? [index, index + 1] : [index + 1, index];
      add(company, "EMPLOYS", person, { start: a.start, end: b.end }, 6, .65);
    }
    if (candidates[index]!.type !== "PERSON") continue;
    for (let next = index + 1; next < candidates.length && next < index + 3; next++) {
      if (candidates[next]!.type !== "ORGANIZATION") continue;
      const gap = text.slice(candidates[index]!.end, candidates[next]!.start);
      const match = gap.length < 140 ? signature.exec(gap) : null;
      if (!match) continue;
      const span = { start: candidates[index]!.start, end: candidates[next]!.end };
      add(next, "EMPLOYS", index, span, 8, .8);
      if (leads.test(match.groups!["post"]!) && !deputy.test(gap)) add(index, "MANAGES", next, span, 8, .75);
    }
  }
}

const lineStart = new RegExp(`(?:^|\\n)[ \\t]*${titles}$`, "u");
const startsLine = (text: string, at: number): boolean => lineStart.test(text.slice(Math.max(0, at - 30), at));
const endsLine = (text: string, at: number): boolean => /^[ \t]*(?:,|\r?\n|$)/u.test(text.slice(at, at + 8));

/** The post that ties a person to a company; empty when only "of" does; null when nothing does. */
function postBetween({ text, candidates }: Scene, sentence: Sentence, person: number, company: number): string | null {
  const [somebody, firm] = [candidates[person]!, candidates[company]!];
  if (somebody.end <= firm.start) {
    const gap = text.slice(somebody.end, firm.start);
    if (gap.length > 160) return null;
    const said = behind.exec(gap)?.groups?.["post"];
    if (said) return said;
    if (belongs.test(gap)) return "";
    // "Helena Brandt succeeded Paul Ashcroft as director of X": the post is the subject's.
    const first = sentence.inside.find((each) => candidates[each]!.type === "PERSON");
    if (first === person) {
      const as = asPost.exec(gap)?.groups?.["post"];
      if (as) return as;
    }
    return null;
  }
  const gap = text.slice(firm.end, somebody.start);
  if (gap.length > 90) return null;
  const said = front.exec(gap)?.groups?.["post"];
  if (said) return said;
  if (isName.test(gap) || commaName.test(gap)) return postOf.exec(text.slice(Math.max(sentence.start, firm.start - 80), firm.start))?.groups?.["post"] ?? null;
  return null;
}
