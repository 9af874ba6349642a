import { placesOf } from "./entities.ts";
import { clip, sentences } from "./sentences.ts";

export interface ReadRelation {
  source: string;
  target: string;
  type: string;
  description: string;
  strength: number;
  quote: string;
}

type Listed = { name: string; type: string };

/** Words between two neighbouring names, and what they say; `turned` when the second name is the source. */
const verbs: { between: RegExp; type: string; turned?: boolean; from?: string[]; to?: string[]; strength: number }[] = [
  { between: /\b(?:owns|acquired|bought|holds .{0,30}(?:of|in)|parent (?:company )?of|besitzt|übernahm|hält)\b/i, type: "OWNS", from: ["ORGANIZATION", "PERSON"], strength: 9 },
  { between: /\b(?:owned by|acquired by|subsidiary of|a unit of|gehört zu[rm]?|Tochter(?:gesellschaft|unternehmen)? de[rs])\b/i, type: "OWNS", turned: true, to: ["ORGANIZATION", "PERSON"], strength: 9 },
  { between: /\b(?:founded by|gegründet von)\b/i, type: "FOUNDED_BY", to: ["PERSON", "ORGANIZATION"], strength: 9 },
  { between: /\b(?:manages|leads|heads|runs|leitet|chief executive of|managing director of|head of)\b/i, type: "MANAGES", from: ["PERSON"], strength: 8 },
  { between: /\b(?:managed by|led by|headed by|run by|geleitet von)\b/i, type: "MANAGES", turned: true, to: ["PERSON"], strength: 8 },
  { between: /\b(?:employs|hired|beschäftigt)\b/i, type: "EMPLOYS", from: ["ORGANIZATION"], strength: 8 },
  { between: /\b(?:works (?:for|at)|employed (?:by|at)|joined|engineer at|arbeitet (?:bei|für))\b/i, type: "EMPLOYS", turned: true, from: ["PERSON"], to: ["ORGANIZATION"], strength: 8 },
  { between: /\b(?:based in|located in|headquartered in|stands in|plant (?:in|at)|works in|site in|mit Sitz in|befindet sich in|(?:ist |is )?in|near|at)\s*(?:the )?$/i, type: "LOCATED_IN", to: ["LOCATION"], from: ["ORGANIZATION", "LOCATION", "EVENT", "PRODUCT"], strength: 7 },
  { between: /\b(?:part of|belongs to|Teil (?:von|de[rs]))\b/i, type: "PART_OF", strength: 7 },
  { between: /\b(?:contains|comprises|consists of|includes|enthält|umfasst)\b/i, type: "CONTAINS", strength: 7 },
  { between: /\b(?:makes|builds|produces|manufactures|created|develops|developed|supplies|delivers|designed|stellt her|baut|fertigt|liefert)\b/i, type: "CREATES", from: ["ORGANIZATION", "PERSON"], strength: 8 },
  { between: /\b(?:made by|built by|produced by|supplied by|developed by|designed by|delivered by|hergestellt von|geliefert von)\b/i, type: "CREATES", turned: true, to: ["ORGANIZATION", "PERSON"], strength: 8 },
  { between: /\b(?:caused|causes|led to|resulted in|verursachte|führte zu)\b/i, type: "CAUSES", strength: 8 },
  { between: /\b(?:caused by|due to|because of|verursacht durch)\b/i, type: "CAUSES", turned: true, strength: 8 },
  { between: /\b(?:requires|needs|must meet|benötigt|erfordert)\b/i, type: "REQUIRES", strength: 7 },
  { between: /\b(?:complies with|certified to|implements|meets|nach)\b/i, type: "IMPLEMENTS", to: ["REGULATION"], strength: 7 },
  { between: /\b(?:depends on|relies on|abhängig von)\b/i, type: "DEPENDS_ON", strength: 7 },
  { between: /\b(?:uses|runs on|is fitted with|verwendet|nutzt)\b/i, type: "USES", strength: 7 },
  { between: /\b(?:replaces|follows|succeeded|folgt auf)\b/i, type: "FOLLOWS", strength: 6 },
  { between: /\b(?:agreed with|contract with|partner of|works with|signed with|and|und)\b/i, type: "ASSOCIATED_WITH", from: ["ORGANIZATION"], to: ["ORGANIZATION"], strength: 5 },
];

/** Relations between the listed names, each from two neighbours in one sentence and the words between them. */
export function readRelations(text: string, listed: Listed[], allowed: string[]): ReadRelation[] {
  const found = new Map<string, ReadRelation>();
  for (const sentence of sentences(text)) {
    const named = namesIn(sentence.text, listed);
    for (let i = 0; i < named.length; i++) {
      for (const next of named.slice(i + 1, i + 3)) {
        const between = sentence.text.slice(named[i]!.end, next.start);
        const first = named[i]!.entity;
        const rule = between.length < 120 && verbs.find((each) => each.between.test(between) && (each.from?.includes(first.type) ?? true) && (each.to?.includes(next.entity.type) ?? true));
        if (!rule || first.name === next.entity.name) continue;
        const [source, target] = rule.turned ? [next.entity.name, first.name] : [first.name, next.entity.name];
        const type = allowed.length && !allowed.includes(rule.type) ? "RELATED_TO" : rule.type;
        const key = `${source}|${type}|${target}`;
        if (!found.has(key)) found.set(key, { source, target, type, description: clip(sentence.text, 200), strength: rule.strength, quote: sentence.text });
        break;
      }
    }
  }
  return [...found.values()];
}

/** Names in the order of the sentence, the longest at each place. */
function namesIn(sentence: string, listed: Listed[]): { entity: Listed; start: number; end: number }[] {
  const places: { entity: Listed; start: number; end: number }[] = [];
  for (const entity of listed.toSorted((a, b) => b.name.length - a.name.length)) {
    for (const start of placesOf(sentence, entity.name)) {
      const end = start + entity.name.length;
      if (!places.some((each) => start < each.end && each.start < end)) places.push({ entity, start, end });
    }
  }
  return places.toSorted((a, b) => a.start - b.start);
}
