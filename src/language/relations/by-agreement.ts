import type { Add, Scene } from "./sentence.ts";

const contract = /(?:agreement|contract|lease|partnership|cooperation|collaboration|merger|alliance|dispute|joint\sventure|[Vv]ertr[aä]g\p{L}*|[Vv]ereinbarung\p{L}*|[Kk]ooperation|[Pp]artnerschaft|contrat|accord|partenariat|contrato|acuerdo|alianza)[^.;]{0,80}(?:between|zwischen|entre)\s(?:the\s|der\s|den\s|dem\s|la\s|le\s|el\s)?$/iu;
const both = /^(?:,?\s(?:and|und|et|y|e|with|mit|avec|con|&)|,)\s(?:the\s|der\s|den\s|dem\s|die\s|la\s|le\s|el\s)?$/u;
const agree = /^\s(?:have\s|has\s|haben\s|ont\s)?(?:signed|agreed|concluded|entered\sinto|cooperate|work\stogether|merged|schlossen|unterzeichneten|vereinbarten|kooperieren|arbeiten|ont\ssigné|ont\sconclu|signent|firmaron|acordaron|colaboran)/u;
const agreeBefore = /(?:signed|agreed|unterzeichneten|unterzeichnen|schlossen|vereinbarten|kooperieren|arbeiten|firmaron|acordaron)\s(?:the\s|die\s|der\s|la\s|las\s)?$/iu;
const jointly = /(?:together|jointly|in\s(?:close\s)?(?:cooperation|collaboration|partnership|association)|in\sa\sjoint\sventure|gemeinsam|zusammen|in\s(?:enger\s)?(?:Zusammenarbeit|Kooperation|Partnerschaft)|en\s(?:collaboration|partenariat|coopération)|conjointement|en\s(?:colaboración|cooperación|alianza)|junto)\s(?:with|mit|avec|con)\s(?:the\s|der\s|dem\s|den\s|la\s|le\s|el\s|its\spartner\s|ihrem\sPartner\s)?$/u;

const between = /(?:^|[\s(])(?:(?:by\sand\s)?between|zwischen|entre)\s*(?:\(?1\)?\s)?(?:the\s|der\s|den\s|dem\s|la\s|le\s|el\s)?$/iu;
const andOther = /(?:^|[\s,;)])(?:and|und|et|y|e)\s*(?:\(?2\)?\s)?(?:the\s|der\s|den\s|dem\s|die\s|la\s|le\s|el\s)?$/u;
/** `(the "Buyer")`, "– nachfolgend „Auftraggeber“ –": the text gives a party its part. */
const part = /[("“„«–-]\s?(?:(?:the|hereinafter|hereafter|referred\sto\sas|nachfolgend|nachstehend|im\sFolgenden|ci-après|en\sadelante|der|die|la|le|el|dénommée?|denominad[oa]|genannt)[\s,:]){0,4}["“„«]?\p{L}{4,24}/u;
const longest = 260;

/** Who agrees with whom: neighbours that sign, companies that work together, the two parties of a contract. */
export function readAgreements(scene: Scene, add: Add): void {
  const { text, candidates } = scene;
  for (const sentence of scene.sentences) {
    for (const [place, right] of sentence.inside.entries()) {
      const b = candidates[right]!;
      if (!isParty(b.type)) continue;
      const ahead = text.slice(Math.max(sentence.start, b.start - 60), b.start);
      if (b.type === "ORGANIZATION" && jointly.test(ahead)) {
        const partner = sentence.inside.find((each) => each !== right && candidates[each]!.type === "ORGANIZATION");
        if (partner !== undefined) add(partner, "ASSOCIATED_WITH", right, sentence, 6, .7);
      }
      const left = sentence.inside[place - 1];
      if (left === undefined || !isParty(candidates[left]!.type)) continue;
      const a = candidates[left]!;
      if (!both.test(text.slice(a.end, b.start))) continue;
      const before = text.slice(Math.max(sentence.start, a.start - 140), a.start);
      const signed = a.type === "ORGANIZATION" && b.type === "ORGANIZATION" && (agree.test(text.slice(b.end, b.end + 40)) || agreeBefore.test(before));
      if (signed || contract.test(before)) add(left, "ASSOCIATED_WITH", right, sentence, 7, .8);
    }
  }
  readParties(scene, add);
}

/** "between A, Port Selwick (the “Buyer”) and B": seats and parts stand between the two, and lines may break. */
function readParties({ text, candidates }: Scene, add: Add): void {
  for (const [index, first] of candidates.entries()) {
    if (!isParty(first.type) || !between.test(text.slice(Math.max(0, first.start - 24), first.start))) continue;
    for (let next = index + 1; next < candidates.length && candidates[next]!.start - first.end < longest; next++) {
      const second = candidates[next]!;
      if (!isParty(second.type) || second.name === first.name || !andOther.test(text.slice(Math.max(first.end, second.start - 12), second.start))) continue;
      const gap = text.slice(first.end, second.start);
      if (part.test(gap) || part.test(text.slice(second.end, second.end + 120)) || contract.test(text.slice(Math.max(0, first.start - 140), first.start))) add(index, "ASSOCIATED_WITH", next, { start: first.start, end: second.end }, 8, .8);
      break;
    }
  }
}

const isParty = (type: string): boolean => type === "ORGANIZATION" || type === "PERSON";
