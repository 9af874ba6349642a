import type { Add, Scene } from "./sentence.ts";

const withinEvery = /^(?:\s\p{Ll}{3,20}){0,1}\s(?:in|into|inside|of|on|for)\s(?:every|each|all|any)\s(?:\p{Ll}{3,20}\s)?$/u;
const withinJede = /^\s(?:in|an|für)\s(?:jede[rnms]?|alle[rnm]?)\s$/u;
const substitute = /(?:[Rr]eplac(?:e|ed|ing)|[Ss]ubstitut(?:e|ed|ing)|[Ee]xchang(?:e|ed|ing)|[Ee]rsetz(?:e|en|t)|[Rr]emplac(?:er|ez)|[Ss]ustituir)\s(?:the\s|all\s|every\s|each\s|die\s|den\s|das\s|alle\s|le\s|la\s|el\s)?$/u;
const byOther = /^(?:\s\p{L}{3,20}){0,2}\s(?:by|with|for|durch|par|por)\s(?:(?:the|an?|die|den|das|le|la|el)\s)?(?:\p{Ll}{2,20}\s){0,3}$/u;
const report = /(?:^|[.!?]\s|\n)(?:Its|Their|His|Her|Ihre?|Sein|Son|Leur|Su)\s(?:\p{Ll}+\s){0,2}(?:report|study|survey|certificate|statement|letter|opinion|Bericht|Gutachten|Zertifikat|Studie|Schreiben|rapport|étude|certificat|informe|certificado|estudio)\s(?:(?:no|nr|n[°º])\.?\s)?$/iu;

/** What parts, successors and papers tell between two neighbours: "B in every A", "replace A by B", "Its report D". */
export function readProducts(scene: Scene, add: Add): void {
  const { text, candidates } = scene;
  for (const sentence of scene.sentences) {
    for (const [place, left] of sentence.inside.entries()) {
      const a = candidates[left]!;
      if (a.type === "DOCUMENT" && report.test(text.slice(Math.max(0, a.start - 60), a.start))) {
        const author = scene.sentences.slice(Math.max(0, sentence.number - 2), sentence.number).flatMap((each) => each.inside).find((each) => ["ORGANIZATION", "PERSON"].includes(candidates[each]!.type));
        if (author !== undefined) add(author, "CREATES", left, sentence, 6, .65);
      }
      const right = sentence.inside[place + 1];
      if (right === undefined || a.type !== "PRODUCT" || candidates[right]!.type !== "PRODUCT") continue;
      const gap = text.slice(a.end, candidates[right]!.start);
      if (gap.length > 80) continue;
      if (withinEvery.test(gap) || withinJede.test(gap)) add(right, "CONTAINS", left, sentence, 6, .65);
      if (byOther.test(gap) && substitute.test(text.slice(Math.max(sentence.start, a.start - 40), a.start))) add(right, "FOLLOWS", left, sentence, 6, .65);
    }
  }
}
