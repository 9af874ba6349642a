import { count, duration, mass, number, phrase, reason, size } from "./patterns.ts";

/** What an answer to a question must hold: a thing of one of these types, or something a pattern finds. */
export interface Wanted {
  types: string[];
  pattern: RegExp | null;
  /** The question's own words that only say the type ("company" in "which company"). */
  typeWords: string[];
  /** What is counted ("turbines" in "how many turbines"): the sentence must speak of it. */
  counted: string | null;
  /** Not all that answers looks so: a reason need not be called one. */
  soft: boolean;
}

/** "which", up to three adjectives, and one of the nouns; a verb between would make the noun a subject ("what did the laboratory find"). */
const which = (nouns: string): string =>
  `(?:what|which|welche[rmns]?|welch|quelle|quel|qué|cuál) (?:(?!(?:did|does|do|is|was|are|were|has|have|had|the|a|an|ist|war|hat|der|die|das|est|la|le) )[\\p{L}\\d-]+ ){0,3}(?:${nouns})`;
const measured = "revenue|turnover|profit|population|amount|number|salary|pay|budget|area|size|capacity|power|diameter|length|height|width|depth|speed|temperature|backlog";

/** In order: the first that asks decides. */
const kinds: { asks: RegExp; types: string[]; pattern?: RegExp; typeWords?: string }[] = [
  { asks: phrase("how long|how many (?:years|months|weeks|days|hours)|wie lange|combien de temps|cuánto tiempo"), types: [], pattern: duration, typeWords: "long lange temps tiempo last lasts lasted dauert dauerte dure years months weeks days hours" },
  { asks: phrase("how (?:heavy|much .{0,40}weigh)|(?:what|which) .{0,20}weight|wie schwer|quel .{0,20}poids|cuánto pesa"), types: [], pattern: mass },
  { asks: phrase("how (?:far|tall|wide|deep|fast)|wie (?:weit|groß|breit|tief|schnell)"), types: [], pattern: size, typeWords: "far tall wide deep fast weit groß breit tief schnell" },
  { asks: phrase("how many|wie ?viele|combien de|cuánt[oa]s"), types: [], pattern: count, typeWords: "many viele times mal fois veces" },
  {
    asks: phrase(
      "(?:what|how much|welche[sn]?|wie ?viel|was|combien|cuánto) .{0,60}(?:costs?|price|kostet|kosten|coûte|cuesta)|(?:price|prices|preis|prix|precio) (?:of|for|von|für|der|des|du|de)|how (?:much|high|large)|up to what amount" +
        `|what (?:amount|share|percentage|proportion|quantity|${measured})|what (?:is|was|were) the (?:[\\p{L}-]+ ){0,3}(?:${measured})|wie ?viel|wie hoch|combien|cuánt[oa]|welche[sr]? (?:zwangsgeld|entgelt|betrag|summe|umsatz|anteil|menge)`,
    ),
    types: ["QUANTITY"], pattern: number, typeWords: "much amount number viel hoch high large",
  },
  { asks: phrase(which("day|date|month|year|decade|century|tag|datum|jahr|monat|année|jour|día|año|fecha")), types: ["DATE_TIME"], typeWords: "day date month year decade century tag datum jahr monat année jour día año fecha released" },
  { asks: phrase("older|oldest|younger|youngest|earlier|earliest|(?:founded|formed|born|built|released|published|opened|established|came|launched) (?:first|earlier|later|last)|ältere?r?|älteste[rn]?|jünger|jüngste[rn]?"), types: ["DATE_TIME"], typeWords: "older oldest younger youngest earlier earliest later" },
  { asks: phrase("when|wann|quand|cuándo"), types: ["DATE_TIME"] },
  {
    asks: phrase(`where|wo|woher|wohin|où|dónde|adónde|${which("city|town|village|country|state|county|island|region|place|location|address|continent|river|ort|stadt|land|bundesland|adresse|anschrift|insel|ville|pays|lieu|île|ciudad|país|lugar|isla")}`),
    types: ["LOCATION", "ADDRESS"], typeWords: "city town village country state county island region place location address ort stadt land adresse anschrift ville pays lieu ciudad país lugar",
  },
  {
    asks: phrase(which("company|companies|firm|organi[sz]ation|authority|agency|laboratory|lab|supplier|manufacturer|maker|customer|bank|unternehmen|firma|gesellschaft|behörde|amt|lieferant|hersteller|kunde|entreprise|société|fournisseur|empresa|compañía|proveedor|university|club|team|band|label|studio")),
    types: ["ORGANIZATION"], typeWords: "company companies firm organization organisation unternehmen firma gesellschaft entreprise société empresa compañía",
  },
  {
    asks: new RegExp(
      `^\\P{L}*(?:(?:and|by|with|for|from|to|of|von|mit|für|an|à|de|con|para) )?${phrase("who|whom|whose|wer|wem|wen|wessen|qui|quién|quiénes").source}|${phrase(which("person|actor|actress|actresses|actors|director|singer|writer|author|politician|player|musician|artist|man|woman|engineer|manager|employee|mitarbeiter|mitarbeiterin|ingenieur|ingenieurin")).source}|${phrase("(?:by|with|for|to|from|of|is|was|von|mit|par|por) (?:who|whom|wem|qui|quién)").source}\\P{L}*$`,
      "iu",
    ),
    types: ["PERSON", "ORGANIZATION"], typeWords: "person",
  },
  { asks: phrase(which("standard|regulation|law|directive|norm|norme|norma|gesetz|verordnung")), types: ["REGULATION", "LOCATION"] },
  { asks: new RegExp(`^\\P{L}*${phrase("why|warum|weshalb|wieso|pourquoi|por qué").source}`, "iu"), types: [], pattern: reason },
];

const countedNoun = new RegExp(`${phrase("how many|wie ?viele|combien de|cuánt[oa]s").source}\\s+(.{0,60})`, "iu");
const notCounted = /^(?:times|mal|fois|veces|people|of|did|does|do|were|was|are|have|has)$/iu;

/** Null when the question's words do not say what an answer looks like (what, which…, yes or no). */
export function wantedBy(question: string): Wanted | null {
  const kind = kinds.find(({ asks }) => asks.test(question));
  if (!kind) return null;
  const counted = countedNoun.exec(question)?.[1]?.split(/\s+/u).find((word) => /^\p{L}[\p{L}-]+$/u.test(word)) ?? null;
  const typeWords = (kind.typeWords ?? "").split(" ").filter(Boolean);
  return { types: kind.types, pattern: kind.pattern ?? null, typeWords, counted: counted && !notCounted.test(counted) ? counted : null, soft: kind.pattern === reason };
}
