import { readSignatures } from "./by-signature.ts";
import { isLeading, of, posts, titles } from "./posts.ts";
import type { Add, Scene, Sentence } from "./sentence.ts";

const anyPost = `(?:${posts})`;
const article = "(?:(?:the|an?|one\\sof|our|its|their|then|new|former|acting|neue[rn]?|die|der|eine?|le|la|une?|el|una)\\s)";
/** "was the", "will remain a", "was elected as", "serves as", "ist seit 2019". */
const being = "(?:is|was|(?:will\\s)?(?:be|remain|become|serve)s?|has\\sbeen|became|served|works|worked|was\\s(?:named|elected|appointed|installed|promoted|hired)|ist|war|wird|wurde|est|était|es|era|fue)(?:\\s(?:now|currently|seit\\s\\d{4}|since\\s\\d{4}))?(?:\\sto)?(?:\\s(?:as|als|comme|como))?";
/** PERSON … ORGANIZATION: ", chief executive of ", " ist Geschäftsführer der ", ", 41, was the Middle East correspondent for ". */
const behind = new RegExp(`^(?:,\\s\\d{2})?(?:,(?:\\swho)?(?:\\s${being})?|\\s\\(|\\s${being}|\\s(?:as|als|comme|como)|\\s[–-])\\s?${article}{0,2}(?<post>(?:\\p{L}+[\\s-]){0,3}?${anyPost}[^.;:|\\n]{0,50}?)(?:\\s${of}\\s?|\\s${of}\\s(?:the|la\\ssociété|la\\sempresa|Firma)\\s(?:\\p{Ll}{3,}\\s){0,2}|,\\s)$`, "u");
/** ORGANIZATION … PERSON: "'s chief executive ", " Geschäftsführer ", " Chancellor ". */
const front = new RegExp(`^(?:['’]s?)?(?:\\s(?:\\p{Ll}+\\s){0,2}|\\s)(?<post>${anyPost}),?\\s${titles}$`, "u");
/** PERSON … ORGANIZATION post: ", a University of Texas law professor". */
const beforeOwn = new RegExp(`^,\\s${article}{0,2}(?:\\p{Ll}+\\s){0,2}$`, "u");
const ownPost = new RegExp(`^(?:['’]s)?\\s(?:\\p{Ll}+[\\s-]){0,3}?(?<post>${anyPost})(?=[,.;)]|\\s(?:and|who|in|on|for|since|und|et|y)\\s|$)`, "u");
const isName = new RegExp(`^\\s(?:is|was|ist|war|sind|est|es)\\s(?:seit\\s\\d{4}\\s)?${titles}$`, "u");
const postOf = new RegExp(`(?<post>${anyPost}[^.;:|\\n]{0,30}?)\\s${of}\\s?(?:the\\s|la\\ssociété\\s|Firma\\s)?$`, "u");
const asPost = new RegExp(`\\s(?:as|als|comme|como)\\s(?:the\\s|new\\s|its\\s){0,2}(?<post>${posts})\\s${of}\\s(?:the\\s)?(?:\\p{Ll}{3,}\\s)?$`, "u");
const commaName = new RegExp(`^,\\s${titles}$`, "u");
const superior = /(?:^|\s)(?:[Hh]is|[Hh]er|[Tt]heir|[Yy]our|[Ii]hre?|[Ss]eine?|[Ss]on|[Ss]a|[Ss]u)\s(?:line\s)?(?:supervisor|manager|boss|Vorgesetzte[rn]?|supérieur\p{L}*|responsable|jef[ea])\s(?:is|ist|est|es)\s(?:Herrn?\s|Frau\s|M[rs]s?\.?\s)?$/u;
const belongs = /^(?:\s(?:of|from|at|von\sder|von|vom|bei\sder|der)\s(?:the\s(?:\p{Ll}{3,}\s)?)?|\s\()$/u;
const possessive = new RegExp(`^['’]s\\s${titles}$`, "u");

/** Posts and appositions: who works for whom, and who leads. */
export function readRoles(scene: Scene, add: Add): void {
  const { candidates } = scene;
  for (const sentence of scene.sentences) {
    for (const person of sentence.inside) {
      if (candidates[person]!.type !== "PERSON") continue;
      for (const company of sentence.inside) {
        if (candidates[company]!.type !== "ORGANIZATION") continue;
        const post = postBetween(scene, sentence, person, company);
        if (post === null) continue;
        add(company, "EMPLOYS", person, sentence, 8, post ? .85 : .6);
        if (isLeading(post)) add(person, "MANAGES", company, sentence, 8, .8);
      }
    }
  }
  readSuperiors(scene, add);
  readSignatures(scene, add);
}

function readSuperiors({ text, candidates }: Scene, add: Add): void {
  for (const [index, person] of candidates.entries()) {
    if (person.type !== "PERSON" || !superior.test(text.slice(Math.max(0, person.start - 60), person.start))) continue;
    const other = candidates.findLastIndex((each, at) => at < index && each.type === "PERSON" && each.name !== person.name);
    if (other >= 0) add(index, "MANAGES", other, { start: Math.max(text.lastIndexOf("\n", person.start), text.lastIndexOf(". ", person.start)) + 1, end: person.end }, 8, .65);
  }
}

/** The post that ties a person to a company; empty when only "of" does; null when nothing does. */
function postBetween({ text, candidates }: Scene, sentence: Sentence, person: number, company: number): string | null {
  const [somebody, firm] = [candidates[person]!, candidates[company]!];
  if (somebody.end <= firm.start) {
    const gap = text.slice(somebody.end, firm.start);
    if (gap.length > 160) return null;
    const said = behind.exec(gap)?.groups?.["post"];
    if (said) return said;
    if (belongs.test(gap)) return "";
    if (beforeOwn.test(gap)) {
      const own = ownPost.exec(text.slice(firm.end, firm.end + 60))?.groups?.["post"];
      if (own) return own;
    }
    // "Helena Brandt succeeded Paul Ashcroft as director of X": the post is the subject's.
    const first = sentence.inside.find((each) => candidates[each]!.type === "PERSON");
    return first === person ? asPost.exec(gap)?.groups?.["post"] ?? null : null;
  }
  const gap = text.slice(firm.end, somebody.start);
  if (gap.length > 90) return null;
  const said = front.exec(gap)?.groups?.["post"];
  if (said) return said;
  if (possessive.test(gap)) return "";
  if (isName.test(gap) || commaName.test(gap)) return postOf.exec(text.slice(Math.max(sentence.start, firm.start - 80), firm.start))?.groups?.["post"] ?? null;
  return null;
}
