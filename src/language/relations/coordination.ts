import type { Scene, Sentence } from "./sentence.ts";

const article = "(?:the|an?|die|der|den|das|dem|le|la|les|el|los|las)";
const conjunction = "(?:and|or|as\\swell\\sas|und|oder|sowie|et|ou|y|e|&)";
const listed = new RegExp(`^(?:,|,?\\s${conjunction}|\\s&)\\s(?:${article}\\s(?:\\p{Ll}{2,20}\\s){0,2})?$`, "u");
/** "IEC 62600-2 and the noise limits of ISO 17208-1". */
const listedBehindNoun = new RegExp(`^,?\\s${conjunction}\\s${article}\\s(?:\\p{L}{2,20}\\s){1,3}(?:of|from|der|des|von|de|du|del)\\s(?:${article}\\s)?$`, "u");
/** "the Kittiwake 90, a turbine of 900 kW, and the smaller Petrel 40": what is said of the first stands between commas. */
const listedBehindApposition = new RegExp(`^,\\s(?:an?|the|eine?|der|die|das|une?|una)\\s[^,;.()]{2,60},\\s${conjunction}\\s(?:${article}\\s(?:\\p{Ll}{2,20}\\s){0,2})?$`, "u");

/** Whether two candidates are items of one list; `to` is the one next behind `from`, of the same type. */
export function areListed(scene: Scene, from: number, to: number): boolean {
  const [left, right] = [scene.candidates[from]!, scene.candidates[to]!];
  if (left.type !== right.type) return false;
  const gap = scene.text.slice(left.end, right.start);
  // "Stromness, Orkney" is one place in another, no list.
  if (left.type === "LOCATION" && gap === ", ") return false;
  return gap.length < 110 && (listed.test(gap) || listedBehindNoun.test(gap) || listedBehindApposition.test(gap));
}

/** The name and those listed with it on one side: "A, B and C". */
export function coordinated(scene: Scene, sentence: Sentence, from: number, step: 1 | -1): number[] {
  const { type } = scene.candidates[from]!;
  // A measure in an apposition is no item of the list.
  const alike = sentence.inside.filter((each) => scene.candidates[each]!.type === type);
  const found = [from];
  for (let place = alike.indexOf(from) + step; found.length < 13; place += step) {
    const [last, next] = [found.at(-1)!, alike[place]];
    if (next === undefined || !areListed(scene, step > 0 ? last : next, step > 0 ? next : last)) break;
    found.push(next);
  }
  return found;
}
