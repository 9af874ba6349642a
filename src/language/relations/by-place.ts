import { fold } from "../fold.ts";
import type { Candidate } from "../language.ts";
import { Bit, type Lists } from "../lists.ts";
import { coordinated } from "./coordination.ts";
import type { Add, Scene, Sentence } from "./sentence.ts";

const region = "(?:the\\s|der\\s|dem\\s|la\\s|le\\s|el\\s)?(?:(?:north|south|east|west|central)\\p{Ll}*\\s|downtown\\s|nearby\\s)?";
const inPlace = new RegExp(`^(?:\\s(?:in|near|of|from|at|aus|bei|à|en|de)\\s${region}|,\\s)$`, "u");
const placeInPlace = new RegExp(`^\\s(?:in|im|in\\sder|en|dans|à|near)\\s${region}$`, "u");
const says = "(?:an?|the|one\\sof\\sthe|eine?|der|die|das|une?|la|le|una|el)";
/** ", a tidal farm in the ", " is a village in ", " (USO) is a charity of ". */
const described = new RegExp(`^(?:\\s\\([^()]{1,40}\\))?(?:,|\\s(?:is|was|ist|war|est|es))\\s${says}\\s[^,;.()]{2,70}\\s(?:in|im|near|at|bei|en|à)\\s${region}$`, "u");
/** ", a major Hong Kong property group", " is a Berlin start-up". */
const beforeNoun = new RegExp(`^(?:,|\\s(?:is|was))\\s${says}\\s(?:\\p{Ll}+\\s){0,2}$`, "u");
const noun = /^\s\p{Ll}{4,}/u;
const possessive = /^['’]s\s(?:(?:\p{Ll}+\s){0,3}|(?:\p{Ll}+\s){1,4}\p{Ll}+,\s(?:the\s)?)$/u;
const from = /^,?\s(?:from|by|made\sby|von|von\sder|der|de|par|por)\s(?:the\s)?$/u;
const ofPlant = /^\s(?:of|in|at|on|im|am|in\sder|des|der)\s(?:the\s|our\s|its\s)?$/u;
const plant = /^(?:\s|-)(?:plant|site|works|factory|facility|mill|yard|depot|warehouse|terminal|laboratory|Werk|Fabrik|Standort)(?!\p{L})/u;

/** Where something is, told without a verb: "A in Kiel", "Kiel, Germany", "Kiel's B", "A, a company in Kiel". */
export function readPlaces(scene: Scene, add: Add): void {
  const { text, candidates } = scene;
  for (const sentence of scene.sentences) {
    for (const [place, left] of sentence.inside.entries()) {
      const right = sentence.inside[place + 1];
      if (right === undefined) break;
      const [a, b] = [candidates[left]!, candidates[right]!];
      if (b.start - a.end > 120) continue;
      const gap = text.slice(a.end, b.start);
      if (b.type === "LOCATION") {
        const behind = text.slice(b.end, b.end + 30);
        if (a.type === "ORGANIZATION" && inPlace.test(gap)) add(left, "LOCATED_IN", right, sentence, 6, .6);
        // Address lines that a scanner ran together: "Esbrand Bearings A/S Esbjerg, Denmark".
        if (a.type === "ORGANIZATION" && gap === " " && (/^[ \t]*(?:\r?\n|$)/u.test(behind) || (behind.startsWith(", ") && candidates[sentence.inside[place + 2] ?? -1]?.start === b.end + 2))) add(left, "LOCATED_IN", right, sentence, 5, .55);
        if (a.type === "LOCATION" && placeInPlace.test(gap) && isWithin(scene, a, b)) for (const each of coordinated(scene, sentence, left, -1)) add(each, "LOCATED_IN", right, sentence, 6, .65);
        if (a.type === "LOCATION" && gap === ", " && isWithin(scene, a, b) && isContainment(scene, sentence, place)) add(left, "LOCATED_IN", right, sentence, 6, .6);
        if (hasPlace(a) && described.test(gap)) add(left, "LOCATED_IN", right, sentence, 6, .65);
        if (a.type === "ORGANIZATION" && beforeNoun.test(gap) && noun.test(behind)) add(left, "LOCATED_IN", right, sentence, 6, .6);
        if ((a.type === "TECHNOLOGY" || a.type === "PRODUCT") && ofPlant.test(gap) && plant.test(behind)) add(left, "LOCATED_IN", right, sentence, 6, .65);
      }
      if (a.type === "LOCATION" && hasPlace(b) && possessive.test(gap)) add(right, "LOCATED_IN", left, sentence, 6, .65);
      if (a.type === "PRODUCT" && b.type === "ORGANIZATION" && from.test(gap)) add(right, "CREATES", left, sentence, 5, .55);
    }
  }
  readLetterheads(scene, add);
}

const hasPlace = ({ type }: Candidate): boolean => type === "ORGANIZATION" || type === "LOCATION";

/** "Stromness, Orkney" is one place in another, as is "Hunt Valley, Maryland, United States"; with a conjunction at the end it is a list. */
function isContainment({ text, candidates }: Scene, { inside }: Sentence, place: number): boolean {
  const follows = (at: number): boolean => {
    const [left, right] = [candidates[inside[at] ?? -1], candidates[inside[at + 1] ?? -1]];
    return left?.type === "LOCATION" && right?.type === "LOCATION" && text.slice(left.end, right.start) === ", ";
  };
  let [first, last] = [place, place + 1];
  while (follows(first - 1)) first -= 1;
  while (follows(last)) last += 1;
  return last - first < 3 && !listGoesOn.test(text.slice(candidates[inside[last]!]!.end, candidates[inside[last]!]!.end + 20));
}

const listGoesOn = /^,?\s(?:and|or|und|oder|sowie|et|ou|y|o)\s(?:the\s|die\s|der\s|das\s|la\s|le\s|el\s)?\p{Lu}/u;

/** "gegen Irland in Cottbus": a country lies in no town. */
const isWithin = ({ lists }: Scene, inner: Candidate, outer: Candidate): boolean => !isCountry(lists, inner.name) || isCountry(lists, outer.name);
const isCountry = (lists: Lists, name: string): boolean => (lists(fold(name.split(" ").at(-1)!)) & Bit.country) !== 0;

const lineBreak = /^[ \t]*\r?\n/u;
const townLine = /^[ \t]*\r?\n(?:[^\n]{0,60}\n){0,2}[ \t]*(?:[A-Z]{1,2}-)?(?:\d{4,6}\s)?$/u;

/** The head of a letter: a company on a line of its own, and at the start of one of the next three its town. */
function readLetterheads({ text, candidates }: Scene, add: Add): void {
  for (let index = 0; index + 1 < candidates.length; index++) {
    const company = candidates[index]!;
    if (company.type !== "ORGANIZATION" || !/(?:^|\n)[ \t]*$/u.test(text.slice(Math.max(0, company.start - 8), company.start)) || !lineBreak.test(text.slice(company.end, company.end + 8))) continue;
    for (let next = index + 1; next < candidates.length && next < index + 4; next++) {
      const town = candidates[next]!;
      if (town.type === "ORGANIZATION" || town.start - company.end > 130) break;
      if (town.type !== "LOCATION") continue;
      const gap = text.slice(company.end, town.start);
      if (townLine.test(gap) && !/\n[ \t]*\n[ \t]*\n/u.test(gap) && /^(?:,|[ \t]*\r?\n|[ \t]*$)/u.test(text.slice(town.end, town.end + 8))) add(index, "LOCATED_IN", next, { start: company.start, end: town.end }, 6, .6);
      break;
    }
  }
}
