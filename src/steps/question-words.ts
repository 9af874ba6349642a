/** Words of a question that ask and do not tell, by language. */
export const askingWords: Record<"en" | "de" | "fr" | "es", string> = {
  en: "a about an and are as at be been by did do does for from had has have how in into is it its many me much of on or that the their there this to up was were what when where which who whom whose why will with would you tell give show list",
  de: "der die das den dem des ein eine einen einer eines und oder ist sind war waren wird werden wer was wann wo wie warum welche welcher welches welchen wieviel viele mit von zu zum zur im in am an auf für bei aus nach über hat haben gibt",
  fr: "la le les un une des du de et ou est sont était qui que quoi quand où comment pourquoi quel quelle quels quelles combien avec dans pour par sur",
  es: "el la los las un una unos y o es son era fue quién qué cuándo dónde cómo cuál cuáles cuánto cuántos con en por para",
};

/** All of them: what retrieval counts as common in whatever language is asked. */
export const asking = new Set(Object.values(askingWords).flatMap((list) => list.split(" ")));
