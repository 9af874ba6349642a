import type { Add, Scene } from "./sentence.ts";

const contract = /(?:agreement|contract|partnership|cooperation|collaboration|merger|alliance|dispute|joint\sventure|[Vv]ertr[aä]g\p{L}*|[Vv]ereinbarung\p{L}*|[Kk]ooperation|[Pp]artnerschaft|contrat|accord|partenariat|contrato|acuerdo|alianza)[^.;]{0,80}(?:between|zwischen|entre)\s(?:the\s|der\s|den\s|dem\s|la\s|le\s|el\s)?$/u;
const both = /^(?:,?\s(?:and|und|et|y|e|with|mit|avec|con|&)|,)\s(?:the\s|der\s|den\s|dem\s|die\s|la\s|le\s|el\s)?$/u;
const agree = /^\s(?:have\s|has\s|haben\s|ont\s)?(?:signed|agreed|concluded|entered\sinto|cooperate|work\stogether|merged|schlossen|unterzeichneten|vereinbarten|kooperieren|arbeiten|ont\ssigné|ont\sconclu|signent|firmaron|acordaron|colaboran)/u;
const agreeBefore = /(?:signed|agreed|unterzeichneten|unterzeichnen|schlossen|vereinbarten|kooperieren|arbeiten|firmaron|acordaron)\s(?:the\s|die\s|der\s|la\s|las\s)?$/iu;
const inPlace = /^(?:\s(?:in|near|of|from|aus|bei|à|en|de)\s|,\s)$/u;
const from = /^,?\s(?:from|by|made\sby|von|von\sder|der|de|par|por)\s(?:the\s)?$/u;

/** What stands between two neighbours without a verb of its own: "between A and B", "A in Kiel". */
export function readNeighbours(scene: Scene, add: Add): void {
  const { text, candidates } = scene;
  for (const sentence of scene.sentences) {
    for (const [place, left] of sentence.inside.entries()) {
      const right = sentence.inside[place + 1];
      if (right === undefined) break;
      const [a, b] = [candidates[left]!, candidates[right]!];
      const gap = text.slice(a.end, b.start);
      const ahead = text.slice(Math.max(sentence.start, a.start - 140), a.start);
      const partners = ["ORGANIZATION", "PERSON"].includes(a.type) && ["ORGANIZATION", "PERSON"].includes(b.type);
      if (partners && both.test(gap) && (contract.test(ahead) || (a.type === "ORGANIZATION" && b.type === "ORGANIZATION" && (agree.test(text.slice(b.end, b.end + 40)) || agreeBefore.test(ahead))))) add(left, "ASSOCIATED_WITH", right, sentence, 7, .8);
      if (a.type === "ORGANIZATION" && b.type === "LOCATION" && inPlace.test(gap)) add(left, "LOCATED_IN", right, sentence, 6, .6);
      if (a.type === "LOCATION" && b.type === "LOCATION" && gap === ", " && !/^(?:,|\s(?:and|und|et|y))\s/u.test(text.slice(b.end, b.end + 5)) && !/,\s$/u.test(ahead)) add(left, "LOCATED_IN", right, sentence, 6, .6);
      if (a.type === "PRODUCT" && b.type === "ORGANIZATION" && from.test(gap)) add(right, "CREATES", left, sentence, 5, .55);
    }
  }
}
