/** Letters of other scripts that look like a Latin one, each with it (a part of Unicode's confusables.txt, UTS 39). */
const pairs =
  "АA ВB ЕE КK МM НH ОO РP СC ТT ХX УY ІI ЈJ ЅS ҮY ԌG аa еe оo рp сc хx уy іi јj ѕs ԁd һh ԛq ԝw ӏl үy ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX αa οo νv ρp ιi υu κk";
const latin = new Map(pairs.split(" ").map((pair) => [pair[0]!, pair[1]!]));
const foreign = /[\u0370-\u03FF\u0400-\u052F]/;
const everyForeign = /[\u0370-\u03FF\u0400-\u052F]/g;
const asLatin = (text: string): string => text.replace(everyForeign, (letter) => latin.get(letter) ?? letter);
const run = /[\p{L}\p{N}]+/gu;

/**
 * The text with such letters as Latin ones, of the same length: in words that also hold Latin letters or digits, and
 * everywhere when no other letter of those scripts stands in the text. A Russian or Greek text stays what it is.
 */
export function plainLetters(text: string): string {
  if (!foreign.test(text)) return text;
  const everywhere = !foreign.test(asLatin(text));
  return text.replace(run, (word) => {
    if (!foreign.test(word)) return word;
    const plain = asLatin(word);
    return !foreign.test(plain) && (everywhere || /[A-Za-z\d]/.test(word)) ? plain : word;
  });
}
