import { coordinated } from "./coordination.ts";
import type { Add, Scene, Sentence } from "./sentence.ts";
import { type Verb, verbs } from "./verbs.ts";

const word = (source: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])(?:${source})(?![\\p{L}\\p{N}])`, "gu");
const compiled = verbs.map((verb) => ({
  verb,
  active: verb.active ? word(verb.active) : null,
  passive: verb.passive ? word(verb.passive) : null,
  participle: verb.participle ? word(verb.participle) : null,
}));
const farthest = { subject: 160, object: 90 };
const negation = /(?<![\p{L}])(?:not|never|no\slonger|nicht|kein\p{L}*|nie|n['e]|pas|jamais|nunca|no)\s[\p{L} ]{0,15}$/iu;

/** Relations told by a verb: nearest fitting name on either side, active and passive, with lists on both sides. */
export function readVerbs(scene: Scene, add: Add): void {
  for (const sentence of scene.sentences) {
    // One name alone is related only to what a pronoun takes up.
    if (sentence.text.length > 1200 || sentence.inside.length < (takesUp(sentence.text.slice(0, 60)) ? 1 : 2)) continue;
    const used: [number, number][] = [];
    for (const { verb, passive, participle } of compiled) {
      for (const match of sentence.text.matchAll(passive ?? /(?!)/gu)) {
        const [from, to] = [sentence.start + match.index, sentence.start + match.index + match[0].length];
        if (isFree(used, from, to) && relate(scene, sentence, verb, from, to, true, add)) used.push([from, to]);
      }
      for (const match of sentence.text.matchAll(participle ?? /(?!)/gu)) readParticiple(scene, sentence, verb, sentence.start + match.index, used, sentence.start + match.index + match[0].length, add);
    }
    for (const { verb, active } of compiled) {
      for (const match of sentence.text.matchAll(active ?? /(?!)/gu)) {
        const [from, to] = [sentence.start + match.index, sentence.start + match.index + match[0].length];
        if (sentence.inside.some((each) => scene.candidates[each]!.start < to && scene.candidates[each]!.end > from)) continue;
        if (negation.test(scene.text.slice(Math.max(sentence.start, from - 30), from))) continue;
        if (isFree(used, from, to) && relate(scene, sentence, verb, from, to, false, add)) used.push([from, to]);
      }
    }
  }
}

/** A wording is read once: the passive of a verb is not also its active. */
const isFree = (used: [number, number][], from: number, to: number): boolean => !used.some(([start, end]) => from < end && to > start);

const ofWhole = /(?<!\p{L})(?!(?:city|town|company|firm|group|state|province|district|village|county|island|album|film|song|book|novel|series|brand)\s)\p{Ll}{3,}\s(?:of|der|des)\s(?:the\s)?$/u;

function relate(scene: Scene, sentence: Sentence, verb: Verb, from: number, to: number, passive: boolean, add: Add): boolean {
  // In the passive the agent stands right and is the verb's subject.
  const [leftTypes, rightTypes] = passive ? [verb.objects, verb.subjects] : [verb.subjects, verb.objects];
  let left = leftOf(scene, sentence, from, leftTypes);
  if (passive && left < 0 && verb.otherwise) left = leftOf(scene, sentence, from, verb.otherwise);
  // "The blades of the X are made by Y" says nothing of who makes X.
  if (passive && left >= 0 && ofWhole.test(scene.text.slice(Math.max(sentence.start, scene.candidates[left]!.start - 40), scene.candidates[left]!.start))) return false;
  let right = rightOf(scene, sentence, to, rightTypes);
  // "delivers X to Y": the goods stand first, and `readRecipient` reads who gets them.
  const goods = verb.recipient && verb.otherwise && !passive ? rightOf(scene, sentence, to, verb.otherwise) : -1;
  if (goods >= 0 && right >= 0 && scene.candidates[goods]!.start < scene.candidates[right]!.start) right = goods;
  const near = verb.otherwise && !passive ? rightOf(scene, sentence, to, ["LOCATION"]) : -1;
  if (near >= 0 && verb.otherwise!.includes("LOCATION") && scene.candidates[near]!.start - to <= 6) right = near;
  else if (right < 0 && verb.otherwise && !passive) {
    right = rightOf(scene, sentence, to, verb.otherwise);
    // "manages the Cuxhaven plant": only a place named at once stands for what is there.
    if (right >= 0 && scene.candidates[right]!.type === "LOCATION" && scene.candidates[right]!.start - to > 6) right = -1;
  }
  if (left < 0 && right >= 0 && scene.language === "de" && !passive && !sentence.inside.some((each) => scene.candidates[each]!.end <= from && leftTypes.includes(scene.candidates[each]!.type))) {
    // "Im März 2020 übernahm die A die B": the subject behind the verb.
    const next = rightOf(scene, sentence, scene.candidates[right]!.end, verb.objects);
    if (next >= 0 && verb.subjects.includes(scene.candidates[right]!.type)) [left, right] = [right, next];
  }
  const antecedents = left < 0 ? meant(scene, sentence, from, leftTypes) : coordinated(scene, sentence, left, -1);
  if (!antecedents.length || right < 0) return false;
  for (const source of antecedents) {
    for (const target of coordinated(scene, sentence, right, 1)) give(scene, sentence, verb, passive ? target : source, passive ? source : target, add);
  }
  if (verb.recipient && !passive) readRecipient(scene, sentence, antecedents[0]!, right, add);
  return true;
}

const toRecipient = /^(?:\s\p{Ll}{3,20}){0,2}\s(?:to|an|à|a)\s(?:the\s|die\s|den\s|das\s|la\s|le\s|el\s)?$/u;

/** "A delivered eight X turbines to B": B stands right behind what it gets. */
function readRecipient(scene: Scene, sentence: Sentence, supplier: number, goods: number, add: Add): void {
  const recipient = sentence.inside[sentence.inside.indexOf(goods) + 1];
  if (recipient === undefined || !["ORGANIZATION", "PERSON", "LOCATION"].includes(scene.candidates[recipient]!.type)) return;
  if (!toRecipient.test(scene.text.slice(scene.candidates[goods]!.end, scene.candidates[recipient]!.start))) return;
  add(recipient, "ASSOCIATED_WITH", goods, sentence, 6, .65);
  if (scene.candidates[recipient]!.type !== "LOCATION") add(supplier, "ASSOCIATED_WITH", recipient, sentence, 6, .7);
}

const kindOf = (type: string): string => (["TECHNOLOGY", "CONCEPT", "DOCUMENT"].includes(type) ? "PRODUCT" : type);

function give(scene: Scene, sentence: Sentence, verb: Verb, subject: number, object: number, add: Add): void {
  if (!verb.subjects.includes(scene.candidates[subject]!.type) || !(verb.objects.includes(scene.candidates[object]!.type) || verb.otherwise?.includes(scene.candidates[object]!.type))) return;
  if (verb.alike && kindOf(scene.candidates[subject]!.type) !== kindOf(scene.candidates[object]!.type)) return;
  if (verb.turned) add(object, verb.type, subject, sentence, verb.strength, verb.confidence);
  else add(subject, verb.type, object, sentence, verb.strength, verb.confidence);
}

/** "Die A wurde 1995 von B gegründet", "A hat B übernommen". */
function readParticiple(scene: Scene, sentence: Sentence, verb: Verb, from: number, used: [number, number][], to: number, add: Add): void {
  const before = scene.text.slice(sentence.start, from);
  const passive = /(?<!\p{L})(?:wird|wurde|werden|wurden|worden)(?!\p{L})/u.exec(before);
  const perfect = /(?<!\p{L})(?:hat|haben|hatte|hatten)(?!\p{L})/u.exec(before);
  const auxiliary = passive ?? perfect;
  if (!auxiliary) return;
  const at = sentence.start + auxiliary.index;
  const names = sentence.inside.filter((each) => scene.candidates[each]!.end <= from);
  const agent = names.findLast((each) => verb.subjects.includes(scene.candidates[each]!.type) && /(?<!\p{L})(?:von|vom|durch)(?:\s(?:der|dem|den|Frau|Herrn|Dr\.|Prof\.|Firma)){0,4}\s$/u.test(scene.text.slice(Math.max(sentence.start, scene.candidates[each]!.start - 40), scene.candidates[each]!.start)));
  if (passive && agent !== undefined) {
    const patient = names.find((each) => each !== agent && verb.objects.includes(scene.candidates[each]!.type) && (scene.candidates[each]!.end <= at || each > agent || scene.candidates[each]!.start > at));
    if (patient === undefined || !isFree(used, from, to)) return;
    used.push([from, to]);
    give(scene, sentence, verb, agent, patient, add);
  } else if (perfect && !passive) {
    const subject = names.findLast((each) => verb.subjects.includes(scene.candidates[each]!.type) && scene.candidates[each]!.end <= at);
    const object = names.findLast((each) => each !== subject && verb.objects.includes(scene.candidates[each]!.type) && scene.candidates[each]!.start > at);
    if (subject === undefined || object === undefined || !isFree(used, from, to)) return;
    used.push([from, to]);
    give(scene, sentence, verb, subject, object, add);
  }
}

/** Nearest fitting name on the left; one behind a preposition gives way to the one it belongs to. */
function leftOf(scene: Scene, sentence: Sentence, at: number, types: string[]): number {
  const fitting = sentence.inside.filter((each) => scene.candidates[each]!.end <= at && types.includes(scene.candidates[each]!.type) && at - scene.candidates[each]!.end <= farthest.subject);
  let place = fitting.length - 1;
  if (place < 0) return -1;
  for (; place > 0 && place > fitting.length - 4; place--) {
    const [previous, best] = [fitting[place - 1]!, fitting[place]!];
    const gap = scene.text.slice(scene.candidates[previous]!.end, scene.candidates[best]!.start);
    if (!/^\s(?:of|in|from|for|at|with|on|und\sder|der|des|von|bei|mit|de|du|chez|en|del|called|in\sder)\s(?:the\s|der\s|dem\s|la\s|el\s)?$|^,\s(?:an?|the|eine?|une?|una?)\s[^,;.]{2,80}\s(?:of|in|from|for|at|by|der|des|de|von|bei)\s(?:the\s|la\s)?$/u.test(gap)) break;
  }
  const best = fitting[place]!;
  const gap = scene.text.slice(scene.candidates[best]!.end, at);
  return /[;|]|:\s|\n\s*\n/u.test(gap) ? -1 : best;
}

const possessive = /^['’]s\s(?:\p{Ll}+\s){0,2}$/u;
const possesses = ({ text, candidates }: Scene, owner: number, next: number | undefined, types: string[]): boolean => next !== undefined && types.includes(candidates[next]!.type) && possessive.test(text.slice(candidates[owner]!.end, candidates[next]!.start));

function rightOf(scene: Scene, sentence: Sentence, at: number, types: string[]): number {
  // "parts of the Buyer's Kittiwake 90": a possessor gives way to what it has.
  const best = sentence.inside.find((each, place) => scene.candidates[each]!.start >= at && types.includes(scene.candidates[each]!.type) && !possesses(scene, each, sentence.inside[place + 1], types));
  if (best === undefined || scene.candidates[best]!.start - at > farthest.object) return -1;
  return /[;|]|,\s(?:which|who|while|but|der|die|das|aber|qui|que)\s/u.test(scene.text.slice(at, scene.candidates[best]!.start)) ? -1 : best;
}

const company = /^(?:[^\p{L}]{0,6})(?:[Tt]he\s(?:company|group|firm|manufacturer|supplier|organi[sz]ation|university|institute)|It|Das\sUnternehmen|Die\sGesellschaft|Die\sFirma|Sie|La\ssociété|L['’]entreprise|Elle|Le\sgroupe|La\sempresa|La\scompañía|El\sgrupo)\s/u;
const somebody = /^(?:[^\p{L}]{0,6})(?:He|She|Er|Sie|Il|Elle|Él|Ella)\s/u;
const product = /^(?:[^\p{L}]{0,6})(?:It|They|These|[Tt]he\s(?:product|system|platform|device|machine|unit|model|pump|turbine|engine|vessel|ship|boat|aircraft|vehicle|truck|bearing|sensor|software|tool)s?|Das\s(?:Produkt|System|Gerät|Schiff|Fahrzeug|Modell)|Die\s(?:Anlage|Pumpe|Maschine|Turbine|Software)|Diese|Il|Elle|Ils|Elles)\s/u;
const several = /^(?:[^\p{L}]{0,6})(?:They|These|Diese|Ils|Elles)\s/u;

const takesUp = (head: string): boolean => company.test(head) || somebody.test(head) || product.test(head);

/** "The company", "It", "She": the last fitting name of the sentences before; "They": the list that it opens. */
function meant(scene: Scene, sentence: Sentence, at: number, types: string[]): number[] {
  const head = scene.text.slice(sentence.start, Math.min(at, sentence.start + 60));
  const wanted = company.test(head) && types.includes("ORGANIZATION") ? "ORGANIZATION" : somebody.test(head) && types.includes("PERSON") ? "PERSON" : product.test(head) && types.includes("PRODUCT") ? "PRODUCT" : null;
  if (!wanted) return [];
  const place = sentence.number;
  for (let index = place - 1; index >= 0 && index >= place - 3; index--) {
    const found = scene.sentences[index]!.inside.find((each) => scene.candidates[each]!.type === wanted);
    if (found !== undefined) return wanted === "PRODUCT" && several.test(head) ? coordinated(scene, scene.sentences[index]!, found, 1) : [found];
  }
  return [];
}
