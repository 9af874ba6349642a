/** Words of a question that ask and do not tell, in the four languages. */
export const asking = new Set(
  (
    "a about an and are as at be been by did do does for from had has have how in into is it its many me much of on or that the their there this to up was were what when where which who whom whose why will with would you tell give show list " +
    "der die das den dem des ein eine einen einer eines und oder ist sind war waren wird werden wer was wann wo wie warum welche welcher welches welchen wieviel viele mit von zu zum zur im in am an auf für bei aus nach über hat haben gibt " +
    "la le les un une des du de et ou est sont était qui que quoi quand où comment pourquoi quel quelle quels quelles combien avec dans pour par sur " +
    "el los las unos y o es son era fue quién qué cuándo dónde cómo cuál cuáles cuánto cuántos con en por para"
  ).split(" "),
);

const number = /\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|deux|trois|quatre|cinq|sept|huit|neuf|dix|dos|tres|cuatro|cinco|siete|ocho|nueve|diez)\b/iu;
const date = /\b(?:1[89]|20)\d\d\b|\b\d{1,2}[./]\d{1,2}[./]/u;
const person = /\p{Lu}\p{Ll}+ (?:(?:van|von|de|der|del|la|le) )?\p{Lu}\p{Ll}+/u;

const kinds: [RegExp, RegExp][] = [
  [/\b(?:how (?:many|much|long|far|high|large)|what (?:amount|price|number|share|percentage|revenue|profit)|cost|costs|revenue|profit|liable|wie ?viele?|combien|cuánt[oa]s?|welches (?:zwangsgeld|entgelt))\b/iu, number],
  [/\b(?:when|which (?:day|date|year)|what (?:day|date|year)|wann|quand|cuándo)\b/iu, date],
  [/^\W*(?:who|whose|whom|wer|wessen|qui|quién)\b/iu, person],
];

/** What an answer to this question looks like, when its words say so. */
export const expected = (question: string): RegExp | null => kinds.find(([asks]) => asks.test(question))?.[1] ?? null;
